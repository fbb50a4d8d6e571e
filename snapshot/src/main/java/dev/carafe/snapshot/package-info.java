@NullMarked
package dev.carafe.snapshot;

import org.jspecify.annotations.NullMarked;
