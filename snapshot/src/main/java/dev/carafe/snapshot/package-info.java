/**
 * The file systems of images and containers, as snapshots (the words are containerd's).
 *
 * <p>In: a layer and the chain id of what it lies upon; or a key for a container, and the chain id of its image. Out: a committed
 * snapshot, named by its chain id; or an active one, which is a list of mounts as data. Nothing is mounted here.
 * {@link dev.carafe.snapshot.SnapshotDriver} is the seam and shows the states; a driver must pass the suite of the same name in
 * {@code dev.carafe.conformance}.
 *
 * <p>Terms. <em>Active</em>: can be written. <em>Committed</em>: never changes, is a parent. <em>View</em>: can be read. The
 * <em>parent</em> is the committed snapshot that another starts from. A <em>key</em> names an active snapshot or view, the
 * <em>chain id</em> a committed one (image-spec config.md#layer-chainid).
 *
 * <p>Drivers: {@link dev.carafe.snapshot.OverlayDriver} (overlayfs; the usual one) and {@link dev.carafe.snapshot.CopyDriver} (whole
 * copies; where overlayfs cannot be had).
 *
 * <p>Invariants:
 * <ul>
 *   <li>To prepare an active snapshot costs the same whatever the image's size, and however many snapshots there are.
 *   <li>A committed snapshot is on the disk before its record is. An active one may be lost by a power failure, never by the end
 *       of a process.
 *   <li>Whatever a process that was killed leaves, {@code recover} finds, without a scan on anybody's way to a start.
 *   <li>Two processes that want one layer unpack it once.
 * </ul>
 *
 * <p>Example: an image of two layers, and a container of it.
 *
 * <pre>{@code
 *     Optional<Digest> parent = Optional.empty();
 *     for (int i = 0; i < manifest.layers().size(); i++) {
 *         try (InputStream layer = store.open(manifest.layers().get(i).digest())) {
 *             parent = Optional.of(Digest.parse(driver.apply(parent, config.diffIds().get(i), layer).name()));
 *         }
 *     }
 *     List<Mount> mounts = driver.prepare(containerId, parent).mounts();
 *     // overlay on / with lowerdir+=…/481516/fs, lowerdir+=…/234200/fs, upperdir=…/108108/fs, workdir=…/108108/work
 *     …
 *     driver.remove(containerId);
 * }</pre>
 */
@NullMarked
package dev.carafe.snapshot;

import org.jspecify.annotations.NullMarked;
