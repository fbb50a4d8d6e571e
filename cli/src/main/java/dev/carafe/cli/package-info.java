@NullMarked
package dev.carafe.cli;

import org.jspecify.annotations.NullMarked;
