@NullMarked
package dev.carafe.conformance;

import org.jspecify.annotations.NullMarked;
