/**
 * Blobs by their digest and images by their names, as an OCI image layout on disk that other tools can read.
 *
 * <p>In: bytes, with the digest that they are to have. Out: bytes that have it. {@link dev.carafe.content.ContentStore} keeps the
 * blobs, {@link dev.carafe.content.ImageIndex} the names.
 *
 * <pre>
 *     content/oci-layout
 *             index.json               the names: one descriptor for each
 *             blobs/sha256/HEX         whole and verified
 *             ingests/sha256-HEX       partial, of known digest: is taken up again
 *             ingests/new-…            partial, of unknown digest: goes with its process
 *             .index.lock              held by who changes the names
 *             .collection.lock         held by who collects blobs, shared by who names an image
 * </pre>
 *
 * <p>Terms. A <em>blob</em> is bytes under their digest. An <em>ingest</em> is a blob on its way in. An <em>image</em> is a manifest
 * (or an index) and the name by which people know it; its <em>id</em> is the digest of its configuration.
 *
 * <p>Invariants:
 * <ul>
 *   <li>A blob and a version of {@code index.json} are there whole and on the disk, or not at all: temporary name, fsync, rename.
 *   <li>One ingest of a digest has one writer, of all processes (flock); who waited finds the blob there.
 *   <li>Reading verifies. Bytes that have another digest are a fault of kind CORRUPT that names the blob.
 *   <li>To find an image by name, digest or the first digits of an id reads {@code index.json} and no blob; while that file is the
 *       same, it costs one stat.
 *   <li>Nothing is deleted here by itself: what no image reaches is the engine's to collect.
 * </ul>
 *
 * <p>Example:
 *
 * <pre>{@code
 *     try (var store = ContentStore.open(files, "/var/lib/carafe/content")) {
 *         Image image = new ImageIndex(store).resolve("alpine:3.20").orElseThrow();
 *         Manifest manifest = Manifest.parse(store.read(image.target().digest(), 4 << 20));
 *         for (Descriptor layer : manifest.layers()) {
 *             try (InputStream in = store.open(layer.digest())) { … }
 *         }
 *     }
 * }</pre>
 */
@NullMarked
package dev.carafe.content;

import org.jspecify.annotations.NullMarked;
