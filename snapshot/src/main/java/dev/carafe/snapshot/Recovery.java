package dev.carafe.snapshot;

import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Opened;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what processes left that died while they made or removed snapshots.
 *
 * <p>Under the exclusive lock nobody is between a directory and its record. So a directory that no record names is a remainder; it
 * is renamed while the lock is held and removed after, since that may take long.
 */
final class Recovery {
    private final SnapshotRecords records;

    Recovery(SnapshotRecords records) {
        this.records = records;
    }

    /** Removes the remains and counts them. */
    int run() {
        int found = 0;
        for (DirectoryEntry entry : records.unpacking.entries()) {
            found += abandoned(entry.name()) ? 1 : 0;
        }
        records.dropSpares();
        List<String> gone;
        try (OpenFile lock = records.lock(Opened.Lock.EXCLUSIVE)) {
            found += dropDamaged(records.active, false) + dropDamaged(records.committed, true);
            gone = unnamed();
        }
        for (String name : gone) {
            records.root().removeTree(name);
        }
        return found + gone.size();
    }

    private List<String> unnamed() {
        Set<String> named = new HashSet<>();
        for (SnapshotRecord record : records.list()) {
            named.add(record.directory());
        }
        var gone = new ArrayList<String>();
        for (DirectoryEntry entry : records.root().entries()) {
            String name = entry.name();
            if (name.startsWith(SnapshotRecords.GONE)) {
                gone.add(name);
            } else if (Character.isDigit(name.charAt(0)) && !named.contains(name)) {
                records.root().rename(name, records.root(), SnapshotRecords.GONE + name);
                gone.add(SnapshotRecords.GONE + name);
            }
        }
        return gone;
    }

    /** Removes the remains of an unpacking whose process is gone; false while it is at work. */
    private boolean abandoned(String fileName) {
        Optional<OpenFile> lock = records.unpacking.findFile(fileName);
        if (lock.isEmpty()) {
            return false;
        }
        try (OpenFile file = lock.get()) {
            if (!file.tryLock(Opened.Lock.EXCLUSIVE)) {
                return false;
            }
            records.remove("unpack-" + fileName);
            return records.unpacking.unlink(fileName);
        }
    }

    /** Drops records that a power failure cut off, and those that were never finished. */
    private static int dropDamaged(Directory directory, boolean isCommitted) {
        int dropped = 0;
        for (DirectoryEntry entry : directory.entries()) {
            boolean temporary = entry.name().startsWith(".");
            if (temporary || SnapshotRecords.read(directory, entry.name(), isCommitted).isEmpty()) {
                directory.unlink(entry.name());
                dropped++;
            }
        }
        return dropped;
    }
}
