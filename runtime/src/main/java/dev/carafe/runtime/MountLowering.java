package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.base.KernelVersion;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.MountOperation;
import dev.carafe.plan.MountOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file tree as system calls of the new mount interface (fsopen(2), open_tree(2), move_mount(2); Linux 5.2, mount_setattr 5.12). */
final class MountLowering {
    static final long EMPTY = Flags.AT_EMPTY_PATH;
    private static final long CLONE = Flags.OPEN_TREE_CLONE | Flags.O_CLOEXEC;
    private static final long FUTEX_CMP_REQUEUE = 4;
    /** struct statx. */
    private static final long STATX_BASIC_STATS = 0x7ff;
    private static final int STX_MODE = 28;
    private static final int STX_RDEV = 128;
    private static final long S_IFCHR = 0020000;
    private static final long S_IFBLK = 0060000;
    private static final long S_IFIFO = 0010000;
    private static final String SUBDIRECTORY = "X-mount.subdir=";

    private final Assembler asm;
    private final Wiring wiring;
    private final RootedPaths paths;
    private final KernelVersion kernel;
    /** What was taken hold of early, by source, in the order of the binds that will use it: a mount can be attached only once. */
    private final Map<String, Deque<Integer>> taken = new HashMap<>();
    /** What the monitor took hold of with a map of ids, by destination. */
    private final Map<String, Deque<Integer>> mapped = new HashMap<>();
    private final IdMapLowering idMaps;
    private @Nullable CompoundMounts compound;

    MountLowering(Assembler assembler, Wiring wiring, RootedPaths paths, KernelVersion kernel) {
        this.asm = assembler;
        this.wiring = wiring;
        this.paths = paths;
        this.kernel = kernel;
        this.idMaps = new IdMapLowering(assembler, wiring);
    }

    void lower(MountOperation operation) {
        if (operation instanceof MountOperation.Propagation p) {
            asm.call(SystemCall.MOUNT, 0, asm.string(p.destination()), 0, p.kind().flags(), 0);
        } else if (operation instanceof MountOperation.TakeSource take) {
                taken.computeIfAbsent(take.source(), s -> new ArrayDeque<>()).add(tree(take.source(), take.recursive()));
        } else if (operation instanceof MountOperation.TakeForeign take) {
            taken.computeIfAbsent(take.source(), s -> new ArrayDeque<>()).add(compound().foreignTree(take));
        } else if (operation instanceof MountOperation.TakeMapped take) {
            mapped.computeIfAbsent(take.destination(), d -> new ArrayDeque<>()).add(idMaps.tree(take));
        } else if (operation instanceof MountOperation.Remount remount) {
            remount(remount);
        } else if (operation instanceof MountOperation.OverlayRoot overlay) {
            overlay(overlay);
        } else if (operation instanceof MountOperation.VolatileRoot root) {
            compound().volatileRoot(root);
        } else if (operation instanceof MountOperation.BindRoot bind) {
            bindRoot(bind);
        } else if (operation instanceof MountOperation.Filesystem filesystem) {
            filesystem(filesystem);
        } else if (operation instanceof MountOperation.Bind bind) {
            bind(bind);
        } else if (operation instanceof MountOperation.CgroupTree tree) {
            compound().cgroupTree(tree);
        } else if (operation instanceof MountOperation.PlaceRoot place) {
            compound().placeRoot(place);
        } else if (operation instanceof MountOperation.MakePlace place) {
            compound().makePlace(place);
        } else if (operation instanceof MountOperation.MakeDirectory directory) {
            paths.makeDirectory(directory.destination());
        } else if (operation instanceof MountOperation.MakeDevice device) {
            device(device);
        } else if (operation instanceof MountOperation.MakeLink link) {
            int parent = paths.directory(RootedPaths.parent(link.destination()));
            asm.call(SystemCall.SYMLINKAT, asm.string(link.target()), Assembler.result(parent), asm.string(RootedPaths.name(link.destination())));
            asm.orElseGoOn(Errno.EEXIST);
        } else if (operation instanceof MountOperation.Mask mask) {
            mask(mask.destination());
        } else if (operation instanceof MountOperation.MakeReadonly readonly) {
            readonly(readonly.destination());
        } else if (operation instanceof MountOperation.Sysctl sysctl) {
            int fd = paths.parameter(sysctl.key());
            asm.call(SystemCall.WRITE, Assembler.result(fd), asm.string(sysctl.value()), sysctl.value().getBytes(StandardCharsets.UTF_8).length);
            asm.call(SystemCall.CLOSE, Assembler.result(fd));
        } else if (operation instanceof MountOperation.PivotRoot) {
            asm.call(SystemCall.FCHDIR, Assembler.result(wiring.root));
            asm.call(SystemCall.PIVOT_ROOT, asm.string("."), asm.string("."));
            asm.call(SystemCall.UMOUNT2, asm.string("."), Flags.MNT_DETACH);
            asm.call(SystemCall.CHDIR, asm.string("/"));
        } else if (operation instanceof MountOperation.MoveRoot) {
            asm.call(SystemCall.FCHDIR, Assembler.result(wiring.root));
            for (String view : new String[] {"/proc", "/sys"}) {
                // What lies below the new root can be reached by a process that leaves it; the host's kernel files shall not be there.
                asm.call(SystemCall.UMOUNT2, asm.string(view), Flags.MNT_DETACH);
                asm.orElseGoOn(Errno.EINVAL, Errno.ENOENT, Errno.EPERM);
            }
            asm.call(SystemCall.MOUNT, asm.string("."), asm.string("/"), 0, Flags.MS_MOVE, 0);
            asm.call(SystemCall.CHROOT, asm.string("."));
            asm.call(SystemCall.CHDIR, asm.string("/"));
        } else if (operation instanceof MountOperation.ChangeRoot change) {
            asm.call(SystemCall.CHDIR, asm.string(change.path()));
            asm.call(SystemCall.CHROOT, asm.string("."));
            asm.call(SystemCall.CHDIR, asm.string("/"));
        } else if (operation instanceof MountOperation.ReadonlyRoot) {
                asm.call(SystemCall.MOUNT_SETATTR, Flags.AT_FDCWD, asm.string("/"), 0, attributes(MountOptions.READONLY, 0, 0), 32);
        } else {
            throw new MatchException(String.valueOf(operation), null);
        }
    }

    /** Made when it is needed: most containers have none of these. */
    private CompoundMounts compound() {
        CompoundMounts made = compound;
        if (made == null) {
            made = new CompoundMounts(asm, wiring, paths, this);
            compound = made;
        }
        return made;
    }

    /** struct mount_attr: set, clear, propagation, userns_fd. */
    long attributes(long set, long clear, long propagation) {
        return asm.longs(set, clear, propagation, 0);
    }

    /** Whoever sets or clears one bit of the access-time group must clear the group (mount_setattr(2)). */
    private void change(int mount, long flags, long set, long clear) {
        if (set != 0 || clear != 0) {
            long times = ((set | clear) & MountOptions.ATIME) != 0 ? MountOptions.ATIME : 0;
            asm.call(SystemCall.MOUNT_SETATTR, Assembler.result(mount), asm.string(""), flags, attributes(set, clear & ~set | times, 0), 32);
        }
    }

    int tree(String source, boolean recursive) {
        return asm.call(SystemCall.OPEN_TREE, Flags.AT_FDCWD, asm.string(source), CLONE | (recursive ? Flags.AT_RECURSIVE : 0));
    }

    void attach(int mount, int target) {
        asm.call(SystemCall.MOVE_MOUNT, Assembler.result(mount), asm.string(""), Assembler.result(target), asm.string(""),
                Flags.MOVE_MOUNT_EMPTY_PATHS);
        paths.forget();
    }

    void overlay(MountOperation.OverlayRoot overlay) {
        int context = asm.call(SystemCall.FSOPEN, asm.string("overlay"), Flags.FSOPEN_CLOEXEC);
        set(context, "source", "overlay");
        if (kernel.atLeast(6, 8)) {
            for (String lower : overlay.lower()) {
                set(context, "lowerdir+", lower);
            }
        } else {
            // Before 6.8 all layers go into one value of at most 256 bytes, so they are named relative to where they are.
            String base = RootedPaths.parent(RootedPaths.parent(overlay.lower().getFirst()));
            asm.call(SystemCall.CHDIR, asm.string(base));
            set(context, "lowerdir", joined(overlay.lower(), base));
        }
        overlay.upper().ifPresent(upper -> set(context, "upperdir", upper));
        overlay.work().ifPresent(work -> set(context, "workdir", work));
        options(context, overlay.options());
        int mount = create(context, overlay.upper().isPresent() ? 0 : MountOptions.READONLY);
        attach(mount, hostDirectory(overlay.mountpoint()));
        wiring.root = mount;
    }

    int hostDirectory(String path) {
        return asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(path), Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_CLOEXEC, 0);
    }

    private static String joined(List<String> lower, String base) {
        var value = new StringBuilder();
        for (String directory : lower) {
            value.append(value.isEmpty() ? "" : ":").append(directory.startsWith(base + "/") ? directory.substring(base.length() + 1) : directory);
        }
        if (value.length() > 255) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "mount", "overlay of " + lower.size() + " layers", "kernels before 6.8 take fewer")
                    .hint("use a newer kernel, or the copy storage driver");
        }
        return value.toString();
    }

    private void bindRoot(MountOperation.BindRoot bind) {
        int mount = tree(bind.source(), true);
        attach(mount, hostDirectory(bind.source()));
        wiring.root = mount;
    }

    int set(int context, String key, String value) {
        return asm.call(SystemCall.FSCONFIG, Assembler.result(context), Flags.FSCONFIG_SET_STRING, asm.string(key), asm.string(value), 0);
    }

    void options(int context, List<String> data) {
        for (String option : data) {
            int equals = option.indexOf('=');
            if (equals < 0) {
                asm.call(SystemCall.FSCONFIG, Assembler.result(context), Flags.FSCONFIG_SET_FLAG, asm.string(option), 0, 0);
            } else {
                set(context, option.substring(0, equals), option.substring(equals + 1));
            }
        }
    }

    int create(int context, long attributes) {
        asm.call(SystemCall.FSCONFIG, Assembler.result(context), Flags.FSCONFIG_CMD_CREATE, 0, 0, 0);
        return asm.call(SystemCall.FSMOUNT, Assembler.result(context), Flags.FSMOUNT_CLOEXEC, attributes);
    }

    private void filesystem(MountOperation.Filesystem filesystem) {
        MountOptions options = filesystem.options();
        if (options.copyUp()) {
            compound().copyUp(filesystem);
            return;
        }
        int context = asm.call(SystemCall.FSOPEN, asm.string(filesystem.type()), Flags.FSOPEN_CLOEXEC);
        set(context, "source", filesystem.source());
        options(context, options.data());
        int mount = create(context, options.set() | options.recursiveSet());
        options.propagation().ifPresent(p -> propagate(mount, p));
        attach(mount, paths.directory(filesystem.destination()));
        paths.covered(filesystem.destination());
        if (filesystem.type().equals("proc")) {
            paths.hold(filesystem.destination(), mount);
        }
    }

    private void remount(MountOperation.Remount remount) {
        MountOptions options = remount.options();
        int mount = paths.open(remount.destination(), Flags.O_PATH);
        change(mount, EMPTY, options.set(), options.clear());
        change(mount, EMPTY | Flags.AT_RECURSIVE, options.recursiveSet(), options.recursiveClear());
        options.propagation().ifPresent(p -> propagate(mount, p));
        if (!options.data().isEmpty()) {
            int context = asm.call(SystemCall.FSPICK, Assembler.result(mount), asm.string(""), Flags.FSPICK_CLOEXEC | Flags.FSPICK_EMPTY_PATH);
            options(context, options.data());
            asm.call(SystemCall.FSCONFIG, Assembler.result(context), Flags.FSCONFIG_CMD_RECONFIGURE, 0, 0, 0);
        }
    }

    void propagate(int mount, MountOptions.Propagation propagation) {
        long recursive = 1 << 14;
        asm.call(SystemCall.MOUNT_SETATTR, Assembler.result(mount), asm.string(""),
                EMPTY | ((propagation.flags() & recursive) != 0 ? Flags.AT_RECURSIVE : 0),
                attributes(0, 0, propagation.flags() & ~recursive), 32);
    }

    private int taken(MountOperation.Bind bind) {
        if (bind.options().idMap() != MountOptions.IdMap.NONE) {
            return mapped.get(bind.destination()).remove();
        }
        Optional<String> part = subdirectory(bind.options());
        if (part.isPresent()) {
            return partOf(bind.source(), part.get(), bind.options().recursive());
        }
        return bind.options().staysConnected() || MountOperation.TakeForeign.isForeign(bind.source()) ? taken.get(bind.source()).remove()
                : tree(bind.source(), bind.options().recursive());
    }

    private void bind(MountOperation.Bind bind) {
        MountOptions options = bind.options();
        int mount = taken(bind);
        change(mount, EMPTY, options.set(), options.clear());
        change(mount, EMPTY | Flags.AT_RECURSIVE, options.recursiveSet(), options.recursiveClear());
        options.propagation().ifPresent(p -> propagate(mount, p));
        var isFile = new Assembler.Label();
        var done = new Assembler.Label();
        asm.call(SystemCall.OPENAT, Assembler.result(mount), asm.string("."), Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_CLOEXEC, 0);
        asm.onError(isFile, Errno.ENOTDIR);
        attach(mount, paths.directory(bind.destination()));
        paths.covered(bind.destination());
        asm.onOk(done);
        asm.bind(isFile);
        paths.forget();
        attach(mount, paths.file(bind.destination()));
        asm.bind(done);
    }

    /** Mount(8)'s option for a part of what is mounted. */
    private static Optional<String> subdirectory(MountOptions options) {
        for (String word : options.data()) {
            if (word.startsWith(SUBDIRECTORY)) {
                return Optional.of(word.substring(SUBDIRECTORY.length()));
            }
        }
        return Optional.empty();
    }

    /** Others may write to the source, so the way to its part is resolved as if the source were the root: no link in it leads elsewhere. */
    private int partOf(String source, String part, boolean recursive) {
        int top = hostDirectory(source);
        int found = asm.call(SystemCall.OPENAT2, Assembler.result(top), asm.string(part), asm.longs(Flags.O_PATH | Flags.O_CLOEXEC, 0, Flags.RESOLVE_IN_ROOT),
                RootedPaths.HOW_BYTES);
        return asm.call(SystemCall.OPEN_TREE, Assembler.result(found), asm.string(""), CLONE | EMPTY | (recursive ? Flags.AT_RECURSIVE : 0));
    }

    private void device(MountOperation.MakeDevice device) {
        var refused = new Assembler.Label();
        var done = new Assembler.Label();
        String name = RootedPaths.name(device.destination());
        long kind = switch (device.type()) {
            case 'b' -> S_IFBLK;
            case 'p' -> S_IFIFO;
            default -> S_IFCHR;
        };
        long number = device.type() == 'p' ? 0 : device.minor() & 0xff | device.major() << 8 | (device.minor() & ~0xffL) << 12;
        int parent = paths.directory(RootedPaths.parent(device.destination()));
        var failed = new Assembler.Label();
        asm.call(SystemCall.MKNODAT, Assembler.result(parent), asm.string(name), kind | device.mode(), number);
        asm.onError(failed, Errno.EPERM, Errno.EEXIST);
        asm.call(SystemCall.FCHOWNAT, Assembler.result(parent), asm.string(name), device.uid(), device.gid(), Flags.AT_SYMLINK_NOFOLLOW);
        asm.onOk(done);
        asm.bind(failed);
        var exists = new Assembler.Label();
        asm.call(SystemCall.FACCESSAT2, Assembler.result(parent), asm.string(name), 0, Flags.AT_SYMLINK_NOFOLLOW);
        asm.onOk(exists);
        asm.onError(refused, Errno.ENOENT);
        asm.bind(exists);
        same(parent, name, device, kind, number, done);
        asm.bind(refused);
        int node = tree(device.destination(), false);
        change(node, EMPTY, MountOptions.NOSUID | MountOptions.NOEXEC, 0);
        int file = asm.call(SystemCall.OPENAT, Assembler.result(parent), asm.string(name),
                Flags.O_CREAT | Flags.O_EXCL | Flags.O_WRONLY | Flags.O_NOFOLLOW | Flags.O_CLOEXEC, 0644);
        asm.call(SystemCall.MOVE_MOUNT, Assembler.result(node), asm.string(""), Assembler.result(file), asm.string(""), Flags.MOVE_MOUNT_EMPTY_PATHS);
        asm.bind(done);
    }

    /**
     * A file of that name is as good when it is the same device; when not, the attempt to make it says so (EEXIST). Numbers that statx(2) stored are
     * compared by futex(2): FUTEX_CMP_REQUEUE succeeds when they are equal, and nobody waits there whom it would wake.
     */
    private void same(int parent, String name, MountOperation.MakeDevice device, long kind, long number, Assembler.Label done) {
        var other = new Assembler.Label();
        long file = asm.space(256);
        boolean fifo = device.type() == 'p';
        asm.call(SystemCall.STATX, Assembler.result(parent), asm.string(name), Flags.AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, file);
        equal(file + STX_RDEV, fifo ? 0 : device.major(), file, other);
        equal(file + STX_RDEV + 4, fifo ? 0 : device.minor(), file, other);
        asm.call(SystemCall.FCHOWNAT, Assembler.result(parent), asm.string(name), device.uid(), device.gid(), Flags.AT_SYMLINK_NOFOLLOW);
        asm.call(SystemCall.FCHMODAT, Assembler.result(parent), asm.string(name), device.mode());
        asm.call(SystemCall.STATX, Assembler.result(parent), asm.string(name), Flags.AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, file);
        equal(file + STX_MODE, kind | device.mode(), file, other);
        asm.onOk(done);
        asm.bind(other);
        asm.call(SystemCall.MKNODAT, Assembler.result(parent), asm.string(name), kind | device.mode(), number);
    }

    private void equal(long address, long expected, long elsewhere, Assembler.Label other) {
        asm.call(SystemCall.FUTEX, address, FUTEX_CMP_REQUEUE, 1, 0, elsewhere, expected);
        asm.onError(other, Errno.EAGAIN);
    }

    private void mask(String destination) {
        var done = new Assembler.Label();
        var isFile = new Assembler.Label();
        int target = paths.open(destination, Flags.O_PATH);
        asm.onError(done, Errno.ENOENT, Errno.ENOTDIR);
        paths.open(destination, Flags.O_PATH | Flags.O_DIRECTORY);
        asm.onError(isFile, Errno.ENOTDIR);
        int context = asm.call(SystemCall.FSOPEN, asm.string("tmpfs"), Flags.FSOPEN_CLOEXEC);
        int empty = create(context, MountOptions.READONLY | MountOptions.NOSUID | MountOptions.NODEV | MountOptions.NOEXEC);
        attach(empty, target);
        asm.onOk(done);
        asm.bind(isFile);
        attach(tree("/dev/null", false), target);
        asm.bind(done);
    }

    private void readonly(String destination) {
        var done = new Assembler.Label();
        int target = paths.open(destination, Flags.O_PATH);
        asm.onError(done, Errno.ENOENT, Errno.ENOTDIR);
        int copy = asm.call(SystemCall.OPEN_TREE, Assembler.result(target), asm.string(""), CLONE | EMPTY | Flags.AT_RECURSIVE);
        asm.call(SystemCall.MOUNT_SETATTR, Assembler.result(copy), asm.string(""), EMPTY, attributes(MountOptions.READONLY, 0, 0), 32);
        attach(copy, target);
        asm.bind(done);
    }
}
