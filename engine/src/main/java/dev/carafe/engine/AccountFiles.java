package dev.carafe.engine;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.Mount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads /etc/passwd and /etc/group as a container sees them, without entering it. Paths are resolved within its root; what is
 * there is hostile: a link cannot lead out, a file may be of any length, and only regular files are read.
 */
final class AccountFiles {
    private static final int LIMIT = 1 << 20;
    private static final long FSCONFIG_SET_STRING = 1;
    private static final long FSCONFIG_CMD_CREATE = 6;

    private final FileSystem files;

    AccountFiles(FileSystem files) {
        this.files = files;
    }

    /** Those below a directory that is the root of a container, such as {@code /proc/PID/root}. */
    Accounts below(String root) {
        try (Directory directory = files.directory(root)) {
            return read(directory);
        }
    }

    /** Those of a snapshot's layers; an overlay is mounted for the moment, visible to nobody. */
    Accounts of(List<Mount> mounts) {
        var lower = new ArrayList<String>();
        for (String option : mounts.getFirst().options()) {
            if (option.startsWith("lowerdir+=")) {
                lower.add(option.substring("lowerdir+=".length()));
            }
        }
        if (lower.isEmpty()) {
            return below(mounts.getFirst().source().orElse("/"));
        }
        return lower.size() == 1 ? below(lower.getFirst()) : overlay(lower);
    }

    private Accounts overlay(List<String> lower) {
        Kernel kernel = files.kernel();
        try (Memory type = kernel.string("overlay");
                Fd context = new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.FSOPEN, type.address(), 1), "open", "overlay"))) {
            for (String directory : lower) {
                set(kernel, context, "lowerdir+", directory);
            }
            Kernel.check(kernel.call(SystemCall.FSCONFIG, context.number(), FSCONFIG_CMD_CREATE, 0, 0, 0), "mount", "overlay");
            try (Fd mount = new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.FSMOUNT, context.number(), 1, 0), "mount", "overlay"))) {
                return below("/proc/self/fd/" + mount.number());
            }
        }
    }

    private static void set(Kernel kernel, Fd context, String key, String value) {
        try (Memory k = kernel.string(key); Memory v = kernel.string(value)) {
            Kernel.check(kernel.call(SystemCall.FSCONFIG, context.number(), FSCONFIG_SET_STRING, k.address(), v.address(), 0), "mount", "overlay");
        }
    }

    private static Accounts read(Directory root) {
        return new Accounts(text(root, "etc/passwd"), text(root, "etc/group"));
    }

    private static String text(Directory root, String path) {
        try {
            Optional<OpenFile> found = root.fileWithin(path);
            if (found.isEmpty()) {
                return "";
            }
            try (OpenFile file = found.get()) {
                if (file.stat().type() != dev.carafe.kernel.FileType.REGULAR) {
                    return "";
                }
                byte[] bytes = new byte[LIMIT];
                int size = 0;
                for (int got = file.read(bytes, 0, LIMIT); got > 0 && size < LIMIT; got = file.read(bytes, size, LIMIT - size)) {
                    size += got;
                }
                return new String(bytes, 0, size, StandardCharsets.UTF_8);
            }
        } catch (Fault fault) {
            if (fault.errno().filter(e -> e == Errno.ELOOP || e == Errno.ENOTDIR || e == Errno.EACCES).isPresent()) {
                return "";
            }
            throw fault;
        }
    }
}
