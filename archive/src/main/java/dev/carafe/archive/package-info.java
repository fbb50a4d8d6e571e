@NullMarked
package dev.carafe.archive;

import org.jspecify.annotations.NullMarked;
