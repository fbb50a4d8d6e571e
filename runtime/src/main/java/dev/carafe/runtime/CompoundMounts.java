package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.MountOperation;
import dev.carafe.plan.MountOptions;
import java.util.List;
import java.util.Optional;

/** Mounts that are made of several, and those that few containers have: see {@link MountLowering}. */
final class CompoundMounts {
    /** Descriptors that paths name. */
    private static final int BELOW_FD = 70;
    private static final int MEMORY_FD = 71;
    private static final long EMPTY = MountLowering.EMPTY;

    private final Assembler asm;
    private final Wiring wiring;
    private final RootedPaths paths;
    private final MountLowering mounts;

    CompoundMounts(Assembler asm, Wiring wiring, RootedPaths paths, MountLowering mounts) {
        this.asm = asm;
        this.wiring = wiring;
        this.paths = paths;
        this.mounts = mounts;
    }

    /** A directory below a layer in memory. */
    void volatileRoot(MountOperation.VolatileRoot root) {
        String at = root.mountpoint();
        int context = asm.call(SystemCall.FSOPEN, asm.string("tmpfs"), Flags.FSOPEN_CLOEXEC);
        mounts.set(context, "source", "tmpfs");
        mounts.set(context, "mode", "700");
        mounts.attach(mounts.create(context, MountOptions.NOSUID | MountOptions.NODEV), mounts.hostDirectory(at));
        for (String directory : new String[] {"/upper", "/work", "/root"}) {
            asm.call(SystemCall.MKDIRAT, Flags.AT_FDCWD, asm.string(at + directory), 0755);
        }
        mounts.overlay(new MountOperation.OverlayRoot(List.of(root.lower()), Optional.of(at + "/upper"), Optional.of(at + "/work"),
                List.of(), at + "/root"));
    }

    /** The root at a place where nothing covers its parent. */
    void placeRoot(MountOperation.PlaceRoot place) {
        int mount = mounts.tree(place.source(), true);
        mounts.attach(mount, mounts.hostDirectory(place.place()));
        wiring.root = mount;
    }

    /** A file for what is a file, else a directory. */
    void makePlace(MountOperation.MakePlace place) {
        var isFile = new Assembler.Label();
        var done = new Assembler.Label();
        if (place.source().isPresent()) {
            asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(place.source().get()), Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_CLOEXEC, 0);
            asm.onError(isFile, Errno.ENOTDIR);
        }
        paths.makeDirectory(place.destination());
        if (place.source().isPresent()) {
            paths.open("/", Flags.O_PATH);
            asm.onOk(done);
            asm.bind(isFile);
            paths.forget();
            paths.file(place.destination());
            asm.bind(done);
        }
        paths.forget();
    }

    /** Goes to the other mount namespace and back; a clone that was taken there belongs to neither, and can be attached here. */
    int foreignTree(MountOperation.TakeForeign take) {
        int here = namespace("/proc/self/ns/mnt");
        int there = namespace("/proc/" + take.process() + "/ns/mnt");
        asm.call(SystemCall.SETNS, Assembler.result(there), Flags.CLONE_NEWNS);
        asm.call(SystemCall.CLOSE, Assembler.result(there));
        int tree = mounts.tree(take.path(), take.recursive());
        asm.call(SystemCall.SETNS, Assembler.result(here), Flags.CLONE_NEWNS);
        asm.call(SystemCall.CLOSE, Assembler.result(here));
        return tree;
    }

    private int namespace(String file) {
        return asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(file), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
    }

    /**
     * A tmpfs that starts with what the destination holds: nothing is copied before it is written to, since the tmpfs holds the upper layer of an
     * overlay on the destination.
     */
    void copyUp(MountOperation.Filesystem filesystem) {
        MountOptions options = filesystem.options();
        int below = paths.directory(filesystem.destination());
        asm.call(SystemCall.DUP3, Assembler.result(below), BELOW_FD, Flags.O_CLOEXEC);
        int context = asm.call(SystemCall.FSOPEN, asm.string("tmpfs"), Flags.FSOPEN_CLOEXEC);
        mounts.set(context, "source", filesystem.source());
        mounts.options(context, options.data());
        int memory = mounts.create(context, options.set() & ~MountOptions.READONLY);
        mounts.attach(memory, below);
        asm.call(SystemCall.DUP3, Assembler.result(memory), MEMORY_FD, Flags.O_CLOEXEC);
        asm.call(SystemCall.MKDIRAT, MEMORY_FD, asm.string("upper"), number(options, "mode=", 8, 01777));
        asm.call(SystemCall.FCHOWNAT, MEMORY_FD, asm.string("upper"), number(options, "uid=", 10, 0), number(options, "gid=", 10, 0), 0);
        asm.call(SystemCall.MKDIRAT, MEMORY_FD, asm.string("work"), 0700);
        int overlay = asm.call(SystemCall.FSOPEN, asm.string("overlay"), Flags.FSOPEN_CLOEXEC);
        mounts.set(overlay, "source", filesystem.source());
        mounts.set(overlay, "lowerdir", "/proc/self/fd/" + BELOW_FD);
        mounts.set(overlay, "upperdir", "/proc/self/fd/" + MEMORY_FD + "/upper");
        mounts.set(overlay, "workdir", "/proc/self/fd/" + MEMORY_FD + "/work");
        int mount = mounts.create(overlay, options.set() | options.recursiveSet());
        options.propagation().ifPresent(p -> mounts.propagate(mount, p));
        mounts.attach(mount, memory);
    }

    private static long number(MountOptions options, String key, int radix, long otherwise) {
        long number = otherwise;
        for (String option : options.data()) {
            if (option.startsWith(key)) {
                try {
                    number = Long.parseLong(option.substring(key.length()), radix);
                } catch (NumberFormatException e) {
                    throw Fault.invalid("mount", "tmpfs", "expected a number in \"" + option + "\"").cause(e);
                }
            }
        }
        return number;
    }

    void cgroupTree(MountOperation.CgroupTree tree) {
        int context = asm.call(SystemCall.FSOPEN, asm.string("tmpfs"), Flags.FSOPEN_CLOEXEC);
        mounts.set(context, "source", "tmpfs");
        mounts.set(context, "mode", "755");
        int top = mounts.create(context, MountOptions.NOSUID | MountOptions.NODEV | MountOptions.NOEXEC);
        mounts.attach(top, paths.directory(tree.destination()));
        for (MountOperation.CgroupTree.Hierarchy hierarchy : tree.hierarchies()) {
            asm.call(SystemCall.MKDIRAT, Assembler.result(top), asm.string(hierarchy.name()), 0755);
            int mount = mounts.tree(hierarchy.directory(), false);
            asm.call(SystemCall.MOUNT_SETATTR, Assembler.result(mount), asm.string(""), EMPTY, mounts.attributes(tree.options().set(), 0, 0), 32);
            int target = asm.call(SystemCall.OPENAT, Assembler.result(top), asm.string(hierarchy.name()),
                    Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_NOFOLLOW | Flags.O_CLOEXEC, 0);
            mounts.attach(mount, target);
        }
        for (MountOperation.CgroupTree.Alias alias : tree.aliases()) {
            asm.call(SystemCall.SYMLINKAT, asm.string(alias.target()), Assembler.result(top), asm.string(alias.name()));
            asm.orElseGoOn(Errno.EEXIST);
        }
        asm.call(SystemCall.MOUNT_SETATTR, Assembler.result(top), asm.string(""), EMPTY,
                mounts.attributes(tree.options().set() & MountOptions.READONLY, 0, 0), 32);
    }
}
