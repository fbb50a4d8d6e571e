/**
 * The words that every other module speaks: faults, errors of the kernel by name, digests, identifiers, sizes and durations.
 *
 * <p>In: text and bytes that a user, a registry or the kernel gave. Out: values that print as they were read. Nothing here
 * does I/O, keeps state or starts a thread.
 *
 * <p>Invariants: every value is immutable; a {@code parse} method either returns a value or throws an
 * {@link dev.carafe.base.Fault} of kind {@code INVALID} that quotes the input.
 */
@NullMarked
package dev.carafe.base;

import org.jspecify.annotations.NullMarked;
