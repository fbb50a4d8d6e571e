/**
 * Linux from Java: typed system calls, owned descriptors, paths that cannot leave their root, sockets, processes.
 *
 * <p>In: plain values and a {@link dev.carafe.kernel.Kernel}. Out: plain values, {@link dev.carafe.kernel.Fd descriptors} that
 * the caller closes, or a {@link dev.carafe.base.Fault} with the error number by name. Policy has no place here.
 *
 * <p>One class per man-page subject. Calls cite the kernel version that brought them where it is newer than 5.10, the oldest
 * kernel that Carafe serves.
 */
@NullMarked
package dev.carafe.kernel;

import org.jspecify.annotations.NullMarked;
