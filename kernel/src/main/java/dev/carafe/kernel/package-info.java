/**
 * Linux from Java: typed system calls, owned descriptors, paths that cannot leave their root, sockets, processes.
 *
 * <p>In: plain values and a {@link dev.carafe.kernel.Kernel}. Out: plain values, {@link dev.carafe.kernel.Fd descriptors} that
 * the caller closes, or a {@link dev.carafe.base.Fault} with the error number by name. Policy has no place here.
 *
 * <p>One class per man-page subject. Calls cite the kernel version that brought them where it is newer than 5.10. Starting a container
 * takes Linux 5.12, for mount_setattr(2).
 *
 * <p>Files: {@link dev.carafe.kernel.FileSystem} opens a {@link dev.carafe.kernel.Directory}, whose calls take one name each and never
 * follow it, or resolve a longer path as if the directory were the root. So trees that strangers made are handled safely:
 *
 * <pre>{@code
 *     try (Directory root = files.directory("/var/lib/example/rootfs");
 *             Directory etc = root.within("etc").orElseThrow()) {   // should etc be a link to /, this is the rootfs, not the host
 *         etc.unlink("resolv.conf");                                // the link, if it is one, and not what it leads to
 *     }
 * }</pre>
 */
@NullMarked
package dev.carafe.kernel;

import org.jspecify.annotations.NullMarked;
