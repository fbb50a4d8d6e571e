package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.Mount;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tree of a snapshot that no container has mounted, for the moment and visible to nobody else: a mount that is attached nowhere (fsmount(2),
 * Linux 5.2) and ends with its descriptor.
 */
final class MountedSnapshot implements AutoCloseable {
    private static final long FSCONFIG_SET_STRING = 1;
    private static final long FSCONFIG_CMD_CREATE = 6;
    private static final int CLOSE_ON_EXEC = 1;
    private static final long HERE = -100;
    private static final long EMPTY_PATH = 4;

    private final @Nullable Fd mount;
    private final Directory root;

    private MountedSnapshot(@Nullable Fd mount, Directory root) {
        this.mount = mount;
        this.root = root;
    }

    /** Only what the image has, without what a container changed. */
    static MountedSnapshot image(FileSystem files, List<Mount> mounts) {
        return open(files, mounts, false, false);
    }

    /** As the container sees it; nothing can be changed. */
    static MountedSnapshot readOnly(FileSystem files, List<Mount> mounts) {
        return open(files, mounts, true, false);
    }

    /** As the container sees it. It must not run, nor start meanwhile. */
    static MountedSnapshot writable(FileSystem files, List<Mount> mounts) {
        return open(files, mounts, true, true);
    }

    private static MountedSnapshot open(FileSystem files, List<Mount> mounts, boolean changes, boolean writable) {
        Mount mount = mounts.getFirst();
        if (!mount.type().orElse("").equals("overlay")) {
            return new MountedSnapshot(null, files.directory(mount.source().orElseThrow()));
        }
        var lower = new ArrayList<String>();
        var other = new ArrayList<String>();
        for (String option : mount.options()) {
            if (option.startsWith("lowerdir+=")) {
                lower.add(option.substring("lowerdir+=".length()));
            } else if (option.startsWith("upperdir=") && !writable) {
                if (changes) {
                    lower.addFirst(option.substring("upperdir=".length()));
                }
            } else if (option.indexOf('=') > 0 && (writable || !option.startsWith("workdir="))) {
                other.add(option);
            }
        }
        if (lower.size() == 1 && !writable) {
            return new MountedSnapshot(null, files.directory(lower.getFirst()));
        }
        return overlay(files, lower, other, writable);
    }

    private static MountedSnapshot overlay(FileSystem files, List<String> lower, List<String> other, boolean writable) {
        Kernel kernel = files.kernel();
        try (Memory type = kernel.string("overlay");
                Fd context = new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.FSOPEN, type.address(), CLOSE_ON_EXEC), "open", "overlay"))) {
            for (String directory : lower) {
                set(kernel, context, "lowerdir+", directory);
            }
            for (String option : other) {
                int equals = option.indexOf('=');
                set(kernel, context, option.substring(0, equals), option.substring(equals + 1));
            }
            Kernel.check(kernel.call(SystemCall.FSCONFIG, context.number(), FSCONFIG_CMD_CREATE, 0, 0, 0), "mount", "overlay");
            Fd mount = new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.FSMOUNT, context.number(), CLOSE_ON_EXEC, writable ? 0 : 1), "mount", "overlay"));
            try {
                return new MountedSnapshot(mount, files.directory("/proc/self/fd/" + mount.number()));
            } catch (Fault fault) {
                mount.close();
                throw fault;
            }
        }
    }

    private static void set(Kernel kernel, Fd context, String key, String value) {
        try (Memory k = kernel.string(key); Memory v = kernel.string(value)) {
            Kernel.check(kernel.call(SystemCall.FSCONFIG, context.number(), FSCONFIG_SET_STRING, k.address(), v.address(), 0), "mount", "overlay");
        }
    }

    /** Makes it seen at a directory of the host, read only (move_mount(2), Linux 5.2); there it stays when this is closed. */
    void attach(Kernel kernel, String target) {
        Fd open = mount;
        if (open == null) {
            ImageMounts.bind(kernel, root.path(), target);
            return;
        }
        try (Memory empty = kernel.string(""); Memory to = kernel.string(target)) {
            Kernel.check(kernel.call(SystemCall.MOVE_MOUNT, open.number(), empty.address(), HERE, to.address(), EMPTY_PATH), "mount", "\"" + target + "\"");
        }
    }

    /** Its root; closed with this. */
    Directory root() {
        return root;
    }

    @Override
    public void close() {
        root.close();
        Fd open = mount;
        if (open != null) {
            open.close();
        }
    }
}
