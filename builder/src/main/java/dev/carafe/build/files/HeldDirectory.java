package dev.carafe.build.files;

import dev.carafe.kernel.Directory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The directory of a tree that was asked for last, kept open: files come one directory after the other. */
final class HeldDirectory implements AutoCloseable {
    private final Directory root;
    private @Nullable String path;
    private @Nullable Directory held;

    HeldDirectory(Directory root) {
        this.root = root;
    }

    /** The directory of that path, which stays this one's to close; empty when it is not there. */
    Optional<Directory> at(String wanted) {
        Directory known = held;
        if (known != null && wanted.equals(path)) {
            return Optional.of(known);
        }
        close();
        Optional<Directory> found = root.within(wanted);
        found.ifPresent(directory -> hold(wanted, directory));
        return found;
    }

    /** Keeps one that was opened otherwise. */
    Directory hold(String itsPath, Directory directory) {
        if (held != directory) {
            close();
        }
        path = itsPath;
        held = directory;
        return directory;
    }

    @Override
    public void close() {
        Directory open = held;
        held = null;
        path = null;
        if (open != null) {
            open.close();
        }
    }
}
