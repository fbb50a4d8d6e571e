@NullMarked
package dev.carafe.engine;

import org.jspecify.annotations.NullMarked;
