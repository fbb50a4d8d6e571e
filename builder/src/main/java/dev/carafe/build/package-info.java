/**
 * Images from Dockerfiles.
 *
 * <p>In: a {@link dev.carafe.build.BuildRequest}: contexts, arguments, names. Out: an image in the engine's store and a {@link dev.carafe.build.BuildResult}; on the way,
 * {@linkplain dev.carafe.build.BuildEvent events}. {@link dev.carafe.build.Builder#build} is the entry.
 *
 * <pre>
 *     text ──Dockerfile──▶ instructions ──GraphCompiler──▶ graph of steps ──Solver──▶ layers ──Workbench──▶ image
 * </pre>
 *
 * <p>Terms. A <em>step</em> is an instruction that makes a layer. Its <em>ingredients</em> are all that its result depends on; their digest is its <em>key</em> in the cache. The
 * <em>tip</em> of a stage is what its steps so far have made.
 *
 * <p>Invariants:
 * <ul>
 *   <li>The same inputs give the same image, byte for byte: no time in a layer is later than that of the base images or the one that was asked for.
 *   <li>Keys are of content: a step whose base was built again with the same result is still in the cache.
 *   <li>A record of the cache comes after its layer; a build that is killed leaves a store that is whole, and what it left goes when the next build begins.
 *   <li>Secrets are in no key, no layer and no history.
 * </ul>
 *
 * <p>Example:
 *
 * <pre>{@code
 *     BuildResult result = Builder.of(engine).build(BuildRequest.builder(new BuildContext.Directory(Path.of("."))).tags(List.of("app")).build(), ProgressListener.SILENT);
 * }</pre>
 */
@NullMarked
package dev.carafe.build;

import org.jspecify.annotations.NullMarked;
