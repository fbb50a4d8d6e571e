@NullMarked
package dev.carafe.transport;

import org.jspecify.annotations.NullMarked;
