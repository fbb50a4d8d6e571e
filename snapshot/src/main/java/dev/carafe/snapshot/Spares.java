package dev.carafe.snapshot;

import dev.carafe.kernel.Directory;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Directories of removed snapshots, emptied and kept for the next ones by the process that removed them.
 *
 * <p>To make and delete inodes is the dearest part of a short container's file system: ext4 without a journal searches past every
 * inode that was deleted in the last minutes. A spare has no record, so to everybody else it is a remainder, and recovery may
 * take it away at any time. It is therefore held open: only if its name still leads to the same inode is it used.
 */
final class Spares {
    private static final int KEPT = 16;

    private final ArrayDeque<Spare> kept = new ArrayDeque<>();

    /** A directory that is empty but for the driver's own, and its number. Whoever takes it closes it. */
    record Spare(String number, Directory own) {}

    /** Whether one more would be kept. */
    synchronized boolean wanted() {
        return kept.size() < KEPT;
    }

    /** Keeps it; false when there are enough. */
    synchronized boolean keep(Spare spare) {
        return wanted() && kept.add(spare);
    }

    /** One that is still there. To be asked under the shared lock, which keeps recovery out until its record is written. */
    Optional<Spare> take(Directory root) {
        while (true) {
            Optional<Spare> spare = any();
            if (spare.isEmpty()) {
                return spare;
            }
            long inode = spare.get().own().stat().inode();
            if (root.stat(spare.get().number()).filter(stat -> stat.inode() == inode).isPresent()) {
                return spare;
            }
            spare.get().own().close();
        }
    }

    /** Any one, there or not. */
    synchronized Optional<Spare> any() {
        return Optional.ofNullable(kept.poll());
    }
}
