package dev.carafe.engine;

import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.FileType;
import dev.carafe.kernel.Stat;
import dev.carafe.oci.runtime.Mount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes of what a step of a build left in its snapshot what is to be in a layer: without the mountpoints that its start made, and with no time later than a given one,
 * so that the same step gives the same layer whenever it runs.
 */
final class Settling {
    private final FileSystem files;
    private final List<Mount> mounts;

    Settling(FileSystem files, List<Mount> mounts) {
        this.files = files;
        this.mounts = mounts;
    }

    /**
     * Of the paths that a start is going to make so that something can be mounted there, those that are not there yet, with their parents.
     *
     * @param targets absolute
     */
    Set<String> missing(List<String> targets) {
        var missing = new TreeSet<String>();
        try (MountedSnapshot tree = MountedSnapshot.readOnly(files, mounts)) {
            for (String target : targets) {
                String path = ContainerFiles.clean(target).substring(1);
                for (int slash = path.length(); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                    String at = path.substring(0, slash);
                    if (stat(tree.root(), at).isPresent()) {
                        break;
                    }
                    missing.add(at);
                }
            }
        }
        return missing;
    }

    private static Optional<Stat> stat(Directory root, String path) {
        int slash = path.lastIndexOf('/');
        try (Directory parent = root.within(slash < 0 ? "" : path.substring(0, slash)).orElse(null)) {
            return parent == null ? Optional.empty() : parent.stat(path.substring(slash + 1));
        } catch (dev.carafe.base.Fault notADirectory) {
            return Optional.empty();
        }
    }

    /** Takes away what is empty of those paths, the deepest first, and what of their parents is in the layer only because they were. */
    void remove(Set<String> made) {
        if (made.isEmpty()) {
            return;
        }
        var touched = new TreeSet<String>();
        try (MountedSnapshot tree = MountedSnapshot.writable(files, mounts)) {
            for (String path : new TreeSet<>(made).descendingSet()) {
                int slash = path.lastIndexOf('/');
                String holder = slash < 0 ? "" : path.substring(0, slash);
                try (Directory parent = tree.root().within(holder).orElse(null)) {
                    if (parent != null) {
                        removeEmpty(parent, path.substring(slash + 1));
                        if (!made.contains(holder) && !holder.isEmpty()) {
                            touched.add(holder);
                        }
                    }
                }
            }
        }
        forget(touched);
    }

    private static void removeEmpty(Directory parent, String name) {
        Optional<Stat> stat = parent.stat(name);
        if (stat.isEmpty()) {
            return;
        }
        if (stat.get().type() == FileType.REGULAR && stat.get().size() == 0) {
            parent.unlink(name);
        } else if (stat.get().isDirectory()) {
            boolean empty;
            try (Directory directory = parent.open(name)) {
                empty = directory.entries().isEmpty();
            }
            if (empty) {
                parent.rmdir(name);
            }
        }
    }

    /** A directory that was copied up only for a mountpoint in it says nothing that the one below does not. */
    private void forget(Set<String> touched) {
        Optional<String> upper = option("upperdir=");
        if (upper.isEmpty() || touched.isEmpty()) {
            return;
        }
        try (Directory changed = files.directory(upper.get()); MountedSnapshot image = MountedSnapshot.image(files, mounts)) {
            for (String path : new TreeSet<>(touched).descendingSet()) {
                int slash = path.lastIndexOf('/');
                try (Directory parent = changed.within(slash < 0 ? "" : path.substring(0, slash)).orElse(null)) {
                    Optional<Stat> now = parent == null ? Optional.empty() : parent.stat(path.substring(slash + 1));
                    Optional<Stat> before = stat(image.root(), path);
                    if (parent != null && now.filter(Stat::isDirectory).isPresent() && before.filter(b -> same(b, now.get())).isPresent()) {
                        removeCopy(parent, path.substring(slash + 1));
                    }
                }
            }
        }
    }

    private static boolean same(Stat before, Stat now) {
        return before.isDirectory() && before.mode() == now.mode() && before.uid() == now.uid() && before.gid() == now.gid();
    }

    private static void removeCopy(Directory parent, String name) {
        try (Directory directory = parent.open(name)) {
            if (!directory.entries().isEmpty() || directory.xattrs().stream().anyMatch(x -> x.name().equals("trusted.overlay.opaque"))) {
                return;
            }
        }
        parent.rmdir(name);
    }

    private Optional<String> option(String name) {
        for (String option : mounts.getFirst().options()) {
            if (option.startsWith(name)) {
                return Optional.of(option.substring(name.length()));
            }
        }
        return Optional.empty();
    }

    /** Gives everything that the step changed after that time that time. */
    void date(Instant latest) {
        String changed = option("upperdir=").orElseGet(() -> mounts.getFirst().source().orElseThrow());
        try (Directory root = files.directory(changed)) {
            date(root, latest);
        }
    }

    private static void date(Directory directory, Instant latest) {
        var names = new ArrayList<String>();
        for (DirectoryEntry entry : directory.entries()) {
            names.add(entry.name());
        }
        for (String name : names) {
            Stat stat = directory.stat(name).orElseThrow();
            if (stat.isDirectory()) {
                try (Directory child = directory.open(name)) {
                    date(child, latest);
                }
            }
            if (stat.modified().isAfter(latest) && !stat.isWhiteout()) {
                directory.modified(name, latest);
            }
        }
    }
}
