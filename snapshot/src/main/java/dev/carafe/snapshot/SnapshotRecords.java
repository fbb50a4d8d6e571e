package dev.carafe.snapshot;

import dev.carafe.base.Digest;
import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.LockFile;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Opened;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * The directory of a driver that keeps every snapshot in a directory of its own:
 *
 * <pre>
 *     NUMBER/          the content, as the driver lays it out
 *     active/KEY       the record of an active snapshot or view
 *     committed/ALGORITHM-HEX
 *     unpacking/       locks of layers that are being unpacked
 *     lock             shared: a directory or record is being made; exclusive: they are being counted
 *     .gone-NUMBER     on its way out
 * </pre>
 *
 * <p>The directory comes first, then its record, by a rename; removal goes the other way. So a directory without a record is a
 * remainder, unless it is just being made, which the lock tells. A number and not the key names the directory, so that the paths
 * of 128 layers fit in one page.
 */
final class SnapshotRecords implements AutoCloseable {
    private static final int FIRST = 100_000;
    private static final int BEYOND = 1_000_000;
    private static final int LONGEST_KEY = 200;
    private static final String GONE = ".gone-";

    private final Directory root;
    private final Directory active;
    private final Directory committed;
    private final Directory unpacking;
    private final InstantSource clock;

    SnapshotRecords(FileSystem files, String path, InstantSource clock) {
        if (!path.startsWith("/")) {
            throw Fault.invalid("open snapshots", "\"" + path + "\"", "not an absolute path");
        }
        this.root = files.makeDirectory(path, 0711);
        this.active = made("active");
        this.committed = made("committed");
        this.unpacking = made("unpacking");
        this.clock = clock;
    }

    private Directory made(String name) {
        return root.find(name).orElseGet(() -> {
            root.mkdir(name, 0700);
            return root.open(name);
        });
    }

    Directory root() {
        return root;
    }

    /** The host's path of a place in a snapshot's directory. */
    String path(String directory, String place) {
        return root.path() + "/" + directory + "/" + place;
    }

    Optional<SnapshotRecord> find(String name) {
        boolean isCommitted = name.indexOf(':') >= 0;
        return isCommitted ? read(committed, fileName(Digest.parse(name)), true) : read(active, checked(name), false);
    }

    SnapshotRecord require(String name) {
        return find(name).orElseThrow(() -> Fault.notFound("find snapshot", "\"" + name + "\"", "no such snapshot"));
    }

    private static Optional<SnapshotRecord> read(Directory directory, String fileName, boolean isCommitted) {
        Optional<OpenFile> found = directory.findFile(fileName);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (OpenFile file = found.get()) {
            byte[] bytes = new byte[4096];
            int length = 0;
            for (int got = file.read(bytes, 0, bytes.length); got >= 0; got = file.read(bytes, length, bytes.length - length)) {
                length += got;
                if (length > SnapshotRecord.LIMIT) {
                    return Optional.empty();
                }
                bytes = length == bytes.length ? java.util.Arrays.copyOf(bytes, 2 * length) : bytes;
            }
            String name = isCommitted ? chainId(fileName) : fileName;
            return SnapshotRecord.parse(name, isCommitted, bytes, length);
        }
    }

    private static String fileName(Digest chainId) {
        return chainId.algorithm() + "-" + chainId.hex();
    }

    private static String chainId(String fileName) {
        int dash = fileName.indexOf('-');
        return fileName.substring(0, dash) + ":" + fileName.substring(dash + 1);
    }

    private static String checked(String key) {
        boolean good = !key.isEmpty() && key.length() <= LONGEST_KEY && key.charAt(0) != '.';
        for (int i = 0; i < key.length() && good; i++) {
            char c = key.charAt(i);
            good = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-';
        }
        if (!good) {
            throw Fault.invalid("use snapshot key", "\"" + key.replace('\n', '?') + "\"",
                    "expected 1 to 200 letters, digits and _.- and no dot in front");
        }
        return key;
    }

    /** What a driver puts into a directory that was just made, for a snapshot that starts from these. */
    interface Content {
        void make(Directory own, List<String> lower);
    }

    /** Makes a snapshot with a directory of its own. */
    SnapshotRecord create(String key, Snapshot.State state, Optional<Digest> parent, Content content) {
        checked(key);
        try (OpenFile lock = lock(Opened.Lock.SHARED)) {
            List<String> lower = parent.map(this::stack).orElse(List.of());
            String number = number();
            try {
                try (Directory own = root.open(number)) {
                    content.make(own, lower);
                }
                return write(new SnapshotRecord(key, state, number, parent, lower, clock.instant()));
            } catch (RuntimeException fault) {
                discard(number, fault);
                throw fault;
            }
        }
    }

    /** Makes a view, which needs no directory. */
    SnapshotRecord createView(String key, Digest parent) {
        checked(key);
        try (OpenFile lock = lock(Opened.Lock.SHARED)) {
            return write(new SnapshotRecord(key, Snapshot.State.VIEW, "", Optional.of(parent), stack(parent), clock.instant()));
        }
    }

    private List<String> stack(Digest parent) {
        return read(committed, fileName(parent), true).map(SnapshotRecord::stack).orElseThrow(() ->
                Fault.notFound("prepare snapshot", "", "its parent " + parent + " is not there"));
    }

    private String number() {
        while (true) {
            String number = Integer.toString(ThreadLocalRandom.current().nextInt(FIRST, BEYOND));
            if (root.mkdir(number, 0700)) {
                return number;
            }
        }
    }

    private SnapshotRecord write(SnapshotRecord record) {
        byte[] text = record.text();
        String temporary = "." + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
        try (OpenFile file = active.create(temporary, 0600).orElseThrow(() -> Fault.of(Errno.EEXIST, "create record", ""))) {
            file.write(text, 0, text.length);
        }
        if (!active.renameNew(temporary, active, record.name())) {
            active.unlink(temporary);
            throw Fault.of(Fault.Kind.ALREADY_EXISTS, "prepare snapshot", "\"" + record.name() + "\"", "the key is in use");
        }
        return record;
    }

    private void discard(String number, RuntimeException fault) {
        try {
            root.removeTree(number);
        } catch (Fault second) {
            fault.addSuppressed(second);
        }
    }

    SnapshotRecord commit(String key, Digest chainId) {
        SnapshotRecord record = require(checked(key));
        if (record.state() != Snapshot.State.ACTIVE) {
            throw Fault.of(Fault.Kind.CONFLICT, "commit snapshot", "\"" + key + "\"", "it is a view");
        }
        root.syncFileSystem();
        try (OpenFile lock = lock(Opened.Lock.SHARED)) {
            if (!active.renameNew(key, committed, fileName(chainId))) {
                throw Fault.of(Fault.Kind.ALREADY_EXISTS, "commit snapshot", chainId.toString(), "it is there already");
            }
        }
        committed.sync();
        return require(chainId.toString());
    }

    List<SnapshotRecord> list() {
        var records = new ArrayList<SnapshotRecord>();
        each(active, false, records::add);
        each(committed, true, records::add);
        return records;
    }

    private static void each(Directory directory, boolean isCommitted, Consumer<SnapshotRecord> action) {
        for (DirectoryEntry entry : directory.entries()) {
            if (!entry.name().startsWith(".")) {
                read(directory, entry.name(), isCommitted).ifPresent(action);
            }
        }
    }

    boolean remove(String name) {
        boolean isCommitted = name.indexOf(':') >= 0;
        SnapshotRecord record;
        try (OpenFile lock = lock(isCommitted ? Opened.Lock.EXCLUSIVE : Opened.Lock.SHARED)) {
            Optional<SnapshotRecord> found = find(name);
            if (found.isEmpty()) {
                return false;
            }
            record = found.get();
            if (isCommitted) {
                refuseParent(Digest.parse(name));
                committed.unlink(fileName(Digest.parse(name)));
            } else if (!active.unlink(name)) {
                return false;
            }
            if (!record.directory().isEmpty()) {
                root.rename(record.directory(), root, GONE + record.directory());
            }
        }
        if (!record.directory().isEmpty()) {
            root.removeTree(GONE + record.directory());
        }
        return true;
    }

    private void refuseParent(Digest chainId) {
        for (SnapshotRecord record : list()) {
            if (record.parent().filter(chainId::equals).isPresent()) {
                throw Fault.of(Fault.Kind.CONFLICT, "remove snapshot", chainId.toString(),
                        "\"" + record.name() + "\" starts from it");
            }
        }
    }

    /** The lock of whoever unpacks a layer to this chain id. */
    LockFile unpackLock(Digest chainId) {
        return LockFile.acquire(unpacking, fileName(chainId));
    }

    /** The key of the active snapshot that a layer is unpacked into. */
    static String unpackKey(Digest chainId) {
        return "unpack-" + fileName(chainId);
    }

    int recover() {
        int found = 0;
        for (DirectoryEntry entry : unpacking.entries()) {
            found += abandoned(entry.name()) ? 1 : 0;
        }
        var gone = new ArrayList<String>();
        try (OpenFile lock = lock(Opened.Lock.EXCLUSIVE)) {
            found += dropDamaged(active, false) + dropDamaged(committed, true);
            Set<String> held = new HashSet<>();
            for (SnapshotRecord record : list()) {
                held.add(record.directory());
            }
            for (DirectoryEntry entry : root.entries()) {
                String name = entry.name();
                if (name.startsWith(GONE)) {
                    gone.add(name);
                } else if (Character.isDigit(name.charAt(0)) && !held.contains(name)) {
                    root.rename(name, root, GONE + name);
                    gone.add(GONE + name);
                }
            }
        }
        for (String name : gone) {
            root.removeTree(name);
        }
        return found + gone.size();
    }

    /** Removes the remains of an unpacking whose process is gone; false while it is at work. */
    private boolean abandoned(String fileName) {
        Optional<OpenFile> lock = unpacking.findFile(fileName);
        if (lock.isEmpty()) {
            return false;
        }
        try (OpenFile file = lock.get()) {
            if (!file.tryLock(Opened.Lock.EXCLUSIVE)) {
                return false;
            }
            remove("unpack-" + fileName);
            return unpacking.unlink(fileName);
        }
    }

    /** Drops records that a power failure cut off, and temporary ones; while the exclusive lock is held nobody writes any. */
    private static int dropDamaged(Directory directory, boolean isCommitted) {
        int dropped = 0;
        for (DirectoryEntry entry : directory.entries()) {
            boolean temporary = entry.name().startsWith(".");
            if (temporary || read(directory, entry.name(), isCommitted).isEmpty()) {
                directory.unlink(entry.name());
                dropped++;
            }
        }
        return dropped;
    }

    private OpenFile lock(Opened.Lock lock) {
        OpenFile file = root.openOrCreate("lock", 0600);
        try {
            file.lock(lock);
            return file;
        } catch (Fault fault) {
            file.close();
            throw fault;
        }
    }

    @Override
    public void close() {
        unpacking.close();
        committed.close();
        active.close();
        root.close();
    }
}
