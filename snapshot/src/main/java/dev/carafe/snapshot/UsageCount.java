package dev.carafe.snapshot;

import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.Stat;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Walks a tree and adds up what its files take on the disk; directories count as inodes alone, so that what nobody wrote to takes nothing. */
final class UsageCount {
    private static final int BLOCK = 512;

    private final Set<Long> seen = new HashSet<>();
    private long bytes;
    private long inodes;

    Usage of(Directory tree) {
        count(tree.stat());
        walk(tree);
        return new Usage(bytes, inodes);
    }

    private void walk(Directory directory) {
        for (DirectoryEntry entry : directory.entries()) {
            Optional<Stat> stat = directory.stat(entry.name());
            if (stat.isEmpty()) {
                continue;
            }
            count(stat.get());
            if (stat.get().isDirectory()) {
                Optional<Directory> child = directory.find(entry.name());
                if (child.isPresent()) {
                    try (Directory below = child.get()) {
                        walk(below);
                    }
                }
            }
        }
    }

    private void count(Stat stat) {
        if (stat.isDirectory() || stat.links() == 1 || seen.add(stat.inode())) {
            bytes += stat.isDirectory() ? 0 : stat.blocks() * BLOCK;
            inodes++;
        }
    }
}
