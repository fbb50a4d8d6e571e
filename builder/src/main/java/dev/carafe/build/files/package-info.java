/**
 * Files of a build: which of them an instruction means, what they are as a digest, and how they get into a tree.
 *
 * <p>In: the root of a context, a stage or an image, and the words of COPY or ADD. Out: {@linkplain dev.carafe.build.files.Selection the files meant}, their digests
 * as ingredients of a key, or the same files in another tree. Every path is looked up by the kernel as if the tree's root were the root (openat2(2), RESOLVE_IN_ROOT), and no
 * special file is ever opened, so nothing that a context or an image says leads out of it.
 */
@NullMarked
package dev.carafe.build.files;

import org.jspecify.annotations.NullMarked;
