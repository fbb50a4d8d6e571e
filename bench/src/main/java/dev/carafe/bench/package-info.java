@NullMarked
package dev.carafe.bench;

import org.jspecify.annotations.NullMarked;
