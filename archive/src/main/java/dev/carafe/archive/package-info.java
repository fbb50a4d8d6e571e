/**
 * Layers: tar archives, read into a directory and written from one (image-spec layer.md).
 *
 * <p>In: the bytes of a layer as stored, and an open {@link dev.carafe.kernel.Directory}. Out: the tree in that directory and, from
 * the same pass, both digests. The other way: a tree, an overlay's upper directory or the difference of two trees; out comes a
 * tar that is the same for the same tree.
 *
 * <p>Terms. A layer is <em>packed</em> by gzip or zstd, or not ({@link dev.carafe.archive.Compression}, told by the first bytes).
 * Its <em>digest</em> is of the bytes as stored, its <em>diffId</em> of the tar bytes. A <em>member</em> is one entry of the archive.
 * A <em>whiteout</em> is a member that says what is gone ({@link dev.carafe.archive.Whiteouts}).
 *
 * <p>Invariants:
 * <ul>
 *   <li>Nothing outside of the target is touched, whatever the archive says. A path that climbs out is a fault. A link that leads
 *       out is followed inside, as for a process whose root the target is. The last component is never followed.
 *   <li>Memory does not depend on the size of the layer; entries, paths, headers, sparse maps and content have
 *       {@linkplain dev.carafe.archive.ArchiveLimits limits}.
 *   <li>Names, link texts and extended attributes are exact bytes. (commons-compress is no base for this: it reads the values of
 *       pax records as text, which destroys file capabilities and access control lists. It is the peer of the tests.)
 *   <li>A layer's own members are not hidden by its whiteouts, in whichever order they come.
 *   <li>Attributes that steer overlayfs ({@code trusted.overlay.*}) neither come in nor go out.
 * </ul>
 *
 * <p>The flow of one layer:
 *
 * <pre>
 *     stored bytes → digest → unpack ──(read ahead, a thread)──▶ diffId → TarReader → LayerTree → kernel
 * </pre>
 *
 * <p>Example: unpack a layer for overlayfs and compare what it is with what its image says.
 *
 * <pre>{@code
 *     var files = new FileSystem(kernel);
 *     try (Directory target = files.makeDirectory("/var/lib/example/layer", 0755);
 *             InputStream stored = store.open(descriptor.digest())) {
 *         var reader = new LayerReader(Whiteouts.OVERLAY, ArchiveLimits.DEFAULT);
 *         AppliedLayer layer = reader.apply(stored, target);
 *         if (!layer.diffId().equals(config.diffIds().getFirst())) …
 *     }
 * }</pre>
 */
@NullMarked
package dev.carafe.archive;

import org.jspecify.annotations.NullMarked;
