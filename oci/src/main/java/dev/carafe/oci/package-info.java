@NullMarked
package dev.carafe.oci;

import org.jspecify.annotations.NullMarked;
