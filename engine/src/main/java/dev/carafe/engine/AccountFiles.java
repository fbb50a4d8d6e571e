package dev.carafe.engine;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.OpenFile;
import dev.carafe.oci.runtime.Mount;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads /etc/passwd and /etc/group as a container sees them, without entering it. Paths are resolved within its root; what is
 * there is hostile: a link cannot lead out, a file may be of any length, and only regular files are read.
 */
final class AccountFiles {
    private static final int LIMIT = 1 << 20;
    private static final int USUAL = 1 << 12;

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

    /** Those of a snapshot's layers. */
    Accounts of(List<Mount> mounts) {
        @Nullable String only = null;
        int layers = 0;
        for (String option : mounts.getFirst().options()) {
            if (option.startsWith("lowerdir+=")) {
                only = option.substring("lowerdir+=".length());
                layers++;
            }
        }
        if (layers == 1 && only != null) {
            return below(only);
        }
        try (MountedSnapshot image = MountedSnapshot.image(files, mounts)) {
            return read(image.root());
        }
    }

    /** Those of a tree whose root that is. */
    static Accounts read(Directory root) {
        return new Accounts(text(root, "etc/passwd"), text(root, "etc/group"));
    }

    private static String text(Directory root, String path) {
        try {
            Optional<OpenFile> found = root.fileWithin(path);
            if (found.isEmpty()) {
                return "";
            }
            try (OpenFile file = found.get()) {
                byte[] bytes = new byte[USUAL];
                int size = 0;
                for (int got = file.read(bytes, 0, USUAL); got > 0 && size < LIMIT; got = file.read(bytes, size, bytes.length - size)) {
                    size += got;
                    bytes = size == bytes.length ? Arrays.copyOf(bytes, Math.min(2 * size, LIMIT)) : bytes;
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
