/**
 * Images between the content store and other places.
 *
 * <p>In: a place and, where it holds several, the platform that is wanted. Out: the {@linkplain dev.carafe.content.Image images} that
 * are now in the store, under their names; or, the other way, a file. {@link dev.carafe.transport.ImageTransport} is the entry.
 *
 * <table>
 *   <caption>Places</caption>
 *   <tr><th>place</th><th>load</th><th>save</th></tr>
 *   <tr><td>OCI layout, a directory (image-spec image-layout.md)</td><td>yes</td><td>no</td></tr>
 *   <tr><td>OCI layout in a tar (oci-archive)</td><td>yes, also packed</td><td>yes, one file that is both</td></tr>
 *   <tr><td>what {@code docker save} writes (docker-archive), old and new</td><td>yes, also packed</td><td>the same file</td></tr>
 *   <tr><td>tar of a root file system</td><td>import, also packed</td><td>no: export is of containers</td></tr>
 * </table>
 *
 * <p>Images also go between any two places by {@link dev.carafe.transport.Copy}: an {@link dev.carafe.transport.ImageSource} answers for
 * documents and blobs, an {@link dev.carafe.transport.ImageTarget} takes blobs, then documents, then the name. Registries are such
 * places ({@link dev.carafe.transport.registry}), and so is the store.
 *
 * <p>Invariants: what goes into the store is verified by digest; the configuration of an image is never rewritten, so its id stays;
 * an image is named only once all of it is stored; archives are read once from front to back, so they may come from a pipe.
 *
 * <p>How an image gets its name: the annotation {@code io.containerd.image.name}, else {@code org.opencontainers.image.ref.name}, else
 * for docker-archive {@code RepoTags}. A tag alone is completed by the name of the file: {@code localhost/FILE:TAG}. Without any, the
 * image is known by its id.
 *
 * <p>Example:
 *
 * <pre>{@code
 *     var transport = new ImageTransport(store, new ImageIndex(store));
 *     for (Image image : transport.load(Path.of("app.tar.gz"), Platform.host(System.getProperty("os.arch")))) {
 *         System.out.println("Loaded " + image.name().orElse(image.target().digest().toString()));
 *     }
 * }</pre>
 */
@NullMarked
package dev.carafe.transport;

import org.jspecify.annotations.NullMarked;
