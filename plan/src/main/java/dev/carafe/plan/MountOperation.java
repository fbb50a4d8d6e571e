package dev.carafe.plan;

import dev.carafe.oci.runtime.IdMapping;
import java.util.List;
import java.util.Optional;

/**
 * The container's file tree. {@code destination} is a container path, {@code source} a host path. All of it happens in the
 * container's own mount namespace, so its end takes everything back.
 */
public sealed interface MountOperation extends Operation {
    /** Sets how mounts travel between this namespace and its parent (mount_namespaces(7)), for the whole tree. */
    record Propagation(String destination, MountOptions.Propagation kind) implements MountOperation {
        @Override
        public String text() {
            return "make mounts below \"" + destination + "\" " + kind.word();
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("mount --make-" + kind.word() + " " + destination);
        }
    }

    /** The overlay of a snapshot becomes the container's root; {@code lower} is ordered top layer first. */
    record OverlayRoot(List<String> lower, Optional<String> upper, Optional<String> work, List<String> options, String mountpoint)
            implements MountOperation {
        @Override
        public String text() {
            return "mount overlay of " + lower.size() + (lower.size() == 1 ? " layer" : " layers")
                    + upper.map(u -> " under \"" + u + "\"").orElse("") + " as the root";
        }

        @Override
        public Optional<String> shell() {
            var data = new StringBuilder("lowerdir=").append(String.join(":", lower));
            upper.ifPresent(u -> data.append(",upperdir=").append(u));
            work.ifPresent(w -> data.append(",workdir=").append(w));
            for (String option : options) {
                data.append(',').append(option);
            }
            return Optional.of("mount -t overlay overlay -o " + data + " " + mountpoint);
        }
    }

    /** A directory of the host below a layer in memory becomes the container's root; nothing is ever written to the directory. */
    record VolatileRoot(String lower, String mountpoint) implements MountOperation {
        @Override
        public String text() {
            return "mount \"" + lower + "\" under a layer in memory as the root";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("mount -t tmpfs tmpfs " + mountpoint + " && mkdir " + mountpoint + "/upper " + mountpoint + "/work "
                    + mountpoint + "/root && mount -t overlay overlay -o lowerdir=" + lower + ",upperdir=" + mountpoint + "/upper,workdir="
                    + mountpoint + "/work " + mountpoint + "/root");
        }
    }

    /** A directory of the host becomes the container's root, by a recursive bind onto itself. */
    record BindRoot(String source) implements MountOperation {
        @Override
        public String text() {
            return "bind \"" + source + "\" as the root";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("mount --rbind " + source + " " + source);
        }
    }

    /** Shows a directory of the host at another place of the host, as a mount of its own, for who wants the root there. */
    record PlaceRoot(String source, String place) implements MountOperation {
        @Override
        public String text() {
            return "bind \"" + source + "\" on \"" + place + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("mount --rbind " + source + " " + place);
        }
    }

    /** Makes what something else will be mounted on, where it lacks: a file when that is one, else a directory. */
    record MakePlace(Optional<String> source, String destination) implements MountOperation {
        @Override
        public String text() {
            return "make a place for \"" + destination + "\"" + source.map(path -> ", which will show \"" + path + "\"").orElse("");
        }
    }

    /** Mounts a new file system; the destination is made where it lacks. */
    record Filesystem(String type, String source, String destination, MountOptions options) implements MountOperation {
        @Override
        public String text() {
            return "mount " + type + " on \"" + destination + "\"" + options.suffix();
        }

        @Override
        public Optional<String> shell() {
            String words = options.words();
            return Optional.of("mount -t " + type + (words.isEmpty() ? "" : " -o " + words) + " " + source + " $root" + destination);
        }
    }

    /** Takes hold of a host path while it still shares mounts with the host; the bind that follows uses it. */
    record TakeSource(String source, boolean recursive) implements MountOperation {
        @Override
        public String text() {
            return "take hold of \"" + source + "\"" + (recursive ? " and the mounts below it" : "");
        }
    }

    /**
     * Takes hold of a path that another process sees, {@code /proc/PID/root/PATH}, in that process's own mount namespace: from this
     * one, a mount of another namespace cannot be cloned (open_tree(2), EINVAL). The bind that follows uses it.
     */
    record TakeForeign(String source, boolean recursive) implements MountOperation {
        private static final String PROC = "/proc/";
        private static final String ROOT = "/root/";

        /** Whether a source is a path of that form. */
        public static boolean isForeign(String source) {
            int end = PROC.length();
            while (source.startsWith(PROC) && end < source.length() && Character.isDigit(source.charAt(end))) {
                end++;
            }
            return end > PROC.length() && source.startsWith(ROOT, end);
        }

        /** The process whose mount namespace it is. */
        public String process() {
            return source.substring(PROC.length(), source.indexOf('/', PROC.length()));
        }

        /** The path as that process sees it. */
        public String path() {
            return source.substring(source.indexOf(ROOT) + ROOT.length() - 1);
        }

        @Override
        public String text() {
            return "take hold of \"" + path() + "\" as process " + process() + " sees it";
        }
    }

    /**
     * Takes hold of a host path with a map of ids on it: done before init is cloned, since only who has power over the users that own the file
     * system may (mount_setattr(2), MOUNT_ATTR_IDMAP, Linux 5.12). The bind on that destination uses it.
     *
     * @param recursive whether mounts below it come along
     * @param map of this mount alone, or of those below it too
     * @param users the user namespace at a path whose maps are meant; empty: {@code uids} and {@code gids}
     */
    record TakeMapped(String source, String destination, boolean recursive, MountOptions.IdMap map, boolean connected, List<IdMapping> uids,
            List<IdMapping> gids, Optional<String> users) implements MountOperation {
        @Override
        public String text() {
            return "take hold of \"" + source + "\"" + (recursive ? " and the mounts below it" : "") + ", with users "
                    + users.map(path -> "of \"" + path + "\"").orElseGet(() -> NamespaceOperation.MapIds.lines(uids) + " and groups "
                    + NamespaceOperation.MapIds.lines(gids));
        }
    }

    /** Changes what is mounted at the destination: attributes of the mount, options of its file system (mount(2), MS_REMOUNT). */
    record Remount(String destination, MountOptions options) implements MountOperation {
        @Override
        public String text() {
            return "change the mount on \"" + destination + "\"" + options.suffix();
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("mount -o remount" + (options.bind() ? ",bind," : ",") + options.words() + " $root" + destination);
        }
    }

    /** Binds a file or directory of the host; the destination is made, of the same kind, where it lacks. */
    record Bind(String source, String destination, MountOptions options) implements MountOperation {
        @Override
        public String text() {
            return "bind \"" + source + "\" on \"" + destination + "\"" + options.suffix();
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("mount --" + (options.recursive() ? "rbind " : "bind ") + source + " $root" + destination
                    + (options.attributesToSet().isEmpty() ? "" : " && mount -o remount,bind," + options.words() + " $root" + destination));
        }
    }

    /** Shows the container its own control groups at the destination: one bind per hierarchy of version 1, below a tmpfs. */
    record CgroupTree(String destination, List<Hierarchy> hierarchies, List<Alias> aliases, MountOptions options) implements MountOperation {
        /** A hierarchy as it will appear under {@code name}; {@code directory} is the container's own group on the host. */
        public record Hierarchy(String name, String directory) {
        }

        /** Another name of a hierarchy, such as {@code cpu} for {@code cpu,cpuacct}. */
        public record Alias(String name, String target) {
        }

        @Override
        public String text() {
            return "show " + hierarchies.size() + " cgroup hierarchies on \"" + destination + "\"" + options.suffix();
        }
    }

    /** Makes a directory and those above it, where they lack; on a read-only root they stay away. */
    record MakeDirectory(String destination) implements MountOperation {
        @Override
        public String text() {
            return "make directory \"" + destination + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("mkdir -p $root" + destination);
        }
    }

    /** Makes a device node; where that is refused (a user namespace), the host's node of the same path is bound instead. */
    record MakeDevice(String destination, char type, long major, long minor, int mode, long uid, long gid) implements MountOperation {
        @Override
        public String text() {
            return "make device \"" + destination + "\" " + type + " " + major + ":" + minor + " " + Integer.toOctalString(mode);
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("mknod -m " + Integer.toOctalString(mode) + " $root" + destination + " " + type + " " + major + " " + minor);
        }
    }

    /** Makes a symbolic link; one that exists is left. */
    record MakeLink(String destination, String target) implements MountOperation {
        @Override
        public String text() {
            return "link \"" + destination + "\" to \"" + target + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("ln -s " + target + " $root" + destination);
        }
    }

    /** Hides a path: a file behind /dev/null, a directory behind an empty read-only tmpfs; a path that lacks is skipped. */
    record Mask(String destination) implements MountOperation {
        @Override
        public String text() {
            return "mask \"" + destination + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("mount --bind /dev/null $root" + destination + " || mount -t tmpfs -o ro tmpfs $root" + destination);
        }
    }

    /** Makes a path read-only by a bind onto itself; a path that lacks is skipped. */
    record MakeReadonly(String destination) implements MountOperation {
        @Override
        public String text() {
            return "make \"" + destination + "\" read-only";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("mount --bind $root" + destination + " $root" + destination + " && mount -o remount,bind,ro $root" + destination);
        }
    }

    /** Sets a kernel parameter of one of the container's namespaces (sysctl(8)); {@code key} is dotted. */
    record Sysctl(String key, String value) implements MountOperation {
        @Override
        public String text() {
            return "set " + key + " = " + value;
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("sysctl -w " + key + "='" + value + "'");
        }
    }

    /** The container's root becomes the root, and the host's tree is unmounted from this namespace (pivot_root(2)). */
    record PivotRoot() implements MountOperation {
        @Override
        public String text() {
            return "pivot to the container's root and let go of the host's";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("cd $root && pivot_root . . && umount -l .");
        }
    }

    /** The container's root is moved over the root, for an initial ramdisk that cannot be pivoted away (chroot(2)). */
    record MoveRoot() implements MountOperation {
        @Override
        public String text() {
            return "move the container's root over the root";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("cd $root && mount --move . / && chroot .");
        }
    }

    /** The root of a mount namespace that others are in: it becomes this process' alone, and nothing is mounted or moved (chroot(2)). */
    record ChangeRoot(String path) implements MountOperation {
        @Override
        public String text() {
            return "change root to \"" + path + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("chroot " + path);
        }
    }

    /** Makes the root itself read-only; mounts below it keep their own attributes. */
    record ReadonlyRoot() implements MountOperation {
        @Override
        public String text() {
            return "make the root read-only";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("mount -o remount,bind,ro /");
        }
    }
}
