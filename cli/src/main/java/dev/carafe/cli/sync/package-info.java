/**
 * What is to be copied by {@code sync}: the YAML files of skopeo-sync(1), and ranges of versions.
 *
 * <p>In: the text of a file. Out: {@link dev.carafe.cli.sync.SyncFile}, what each registry is asked for, and how; a fault names the place
 * in the file. Nothing here talks to anybody.
 *
 * <p>Example: {@code new VersionRange("3.12 - 3.13 || >= 3.17").holds("v3.18.4")} is true.
 */
@NullMarked
package dev.carafe.cli.sync;

import org.jspecify.annotations.NullMarked;
