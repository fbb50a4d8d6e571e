/** The words of {@code carafe build}, as a request, and what it prints. */
@NullMarked
package dev.carafe.cli.build;

import org.jspecify.annotations.NullMarked;
