/**
 * The suites that belong to Carafe's seams and to the specs: whoever implements one extends its suite and must pass.
 *
 * <p>In: an implementation, which the extending class makes. Out: the verdict of JUnit. A suite needs the real kernel and often
 * root; without, it is skipped and says so. It leaves no mount, process or file behind.
 *
 * <p>Example: {@link dev.carafe.conformance.SnapshotDriverSuite} is run against each driver for storage by a class that overrides
 * its {@code open} and {@code close}.
 */
@NullMarked
package dev.carafe.conformance;

import org.jspecify.annotations.NullMarked;
