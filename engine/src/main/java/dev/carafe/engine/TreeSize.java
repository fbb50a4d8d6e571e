package dev.carafe.engine;

import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.Stat;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The sizes of all files of a tree, those with several names once; links are not followed. */
final class TreeSize {
    private final Set<Long> seen = new HashSet<>();

    private TreeSize() {
    }

    static long of(Directory directory) {
        return new TreeSize().count(directory);
    }

    private long count(Directory directory) {
        long bytes = 0;
        for (DirectoryEntry entry : directory.entries()) {
            Optional<Stat> stat = directory.stat(entry.name());
            if (stat.isEmpty()) {
                continue;
            }
            if (stat.get().isDirectory()) {
                try (Directory below = directory.open(entry.name())) {
                    bytes += count(below);
                }
            } else if (stat.get().links() == 1 || seen.add(stat.get().inode())) {
                bytes += stat.get().size();
            }
        }
        return bytes;
    }
}
