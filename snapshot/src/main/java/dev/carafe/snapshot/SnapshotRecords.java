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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * The directory of a driver that keeps every snapshot in a directory of its own:
 *
 * <pre>
 *     NUMBER/          the content, as the driver lays it out; while a record is written it is here
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
    static final String GONE = ".gone-";

    /** A record while it is being written, in the snapshot's own directory. */
    private static final String RECORD = "record";

    private final Directory root;
    final Directory active;
    final Directory committed;
    final Directory unpacking;
    private final InstantSource clock;
    private final Content content;
    private final Spares spares = new Spares();

    SnapshotRecords(FileSystem files, String path, InstantSource clock, Content content) {
        if (!path.startsWith("/")) {
            throw Fault.invalid("open snapshots", "\"" + path + "\"", "not an absolute path");
        }
        this.root = files.makeDirectory(path, 0711);
        this.active = made("active");
        this.committed = made("committed");
        this.unpacking = made("unpacking");
        this.clock = clock;
        this.content = content;
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

    static Optional<SnapshotRecord> read(Directory directory, String fileName, boolean isCommitted) {
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

    /** How a driver lays out the directory of a snapshot. */
    interface Content {
        /** Lays out a directory, new or emptied before, for a snapshot that starts from these directories, top first. */
        void make(Directory own, List<String> lower);

        /** Empties a directory so that it can be laid out again; false when it had better be removed, emptied or not. */
        boolean empty(Directory own);
    }

    /** Makes a snapshot with a directory of its own. */
    SnapshotRecord create(String key, Snapshot.State state, Optional<Digest> parent) {
        checked(key);
        try (OpenFile lock = lock(Opened.Lock.SHARED)) {
            List<String> lower = parent.map(this::stack).orElse(List.of());
            Spares.Spare place = spares.take(root).orElseGet(this::place);
            try (Directory own = place.own()) {
                content.make(own, lower);
                var record = new SnapshotRecord(key, state, place.number(), parent, lower, clock.instant());
                write(record, own, RECORD);
                return record;
            } catch (RuntimeException fault) {
                discard(place.number(), fault);
                throw fault;
            }
        }
    }

    /** Makes a view, which needs no directory. */
    SnapshotRecord createView(String key, Digest parent) {
        checked(key);
        try (OpenFile lock = lock(Opened.Lock.SHARED)) {
            var record = new SnapshotRecord(key, Snapshot.State.VIEW, "", Optional.of(parent), stack(parent), clock.instant());
            write(record, active, "." + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36));
            return record;
        }
    }

    private List<String> stack(Digest parent) {
        return read(committed, fileName(parent), true).map(SnapshotRecord::stack).orElseThrow(() ->
                Fault.notFound("prepare snapshot", "", "its parent " + parent + " is not there"));
    }

    private Spares.Spare place() {
        while (true) {
            String number = Integer.toString(ThreadLocalRandom.current().nextInt(FIRST, BEYOND));
            if (root.mkdir(number, 0700)) {
                return new Spares.Spare(number, root.open(number));
            }
        }
    }

    /** Writes a record under a name that nobody looks at, then gives it its own. */
    private void write(SnapshotRecord record, Directory birthplace, String temporary) {
        byte[] text = record.text();
        try (OpenFile file = birthplace.openOrCreate(temporary, 0600)) {
            file.write(text, 0, text.length);
            // Not emptied before: ext4 (auto_da_alloc) would write such a file to the disk at once.
            file.truncate(text.length);
        }
        if (!birthplace.renameNew(temporary, active, record.name())) {
            birthplace.unlink(temporary);
            throw Fault.of(Fault.Kind.ALREADY_EXISTS, "prepare snapshot", "\"" + record.name() + "\"", "the key is in use");
        }
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
        return name.indexOf(':') >= 0 ? removeCommitted(Digest.parse(name)) : removeActive(checked(name));
    }

    private boolean removeCommitted(Digest chainId) {
        Optional<SnapshotRecord> record;
        try (OpenFile lock = lock(Opened.Lock.EXCLUSIVE)) {
            record = find(chainId.toString());
            if (record.isEmpty()) {
                return false;
            }
            refuseParent(chainId);
            committed.unlink(fileName(chainId));
        }
        removeDirectory(record.get().directory());
        return true;
    }

    private boolean removeActive(String key) {
        Optional<SnapshotRecord> record = find(key);
        if (record.isEmpty()) {
            return false;
        }
        String number = record.get().directory();
        if (number.isEmpty()) {
            return active.unlink(key);
        }
        Directory own = root.open(number);
        boolean kept = false;
        try {
            if (!moved(key, own)) {
                return false;
            }
            if (spares.wanted() && emptied(own)) {
                kept = spares.keep(new Spares.Spare(number, own));
            }
        } finally {
            if (!kept) {
                own.close();
            }
        }
        if (!kept) {
            removeDirectory(number);
        }
        return true;
    }

    /** False when it is not to be kept, or recovery has taken it away meanwhile. */
    private boolean emptied(Directory own) {
        try {
            return content.empty(own);
        } catch (Fault fault) {
            if (fault.kind() == Fault.Kind.NOT_FOUND) {
                return false;
            }
            throw fault;
        }
    }

    /** Takes the record away, into the directory; false when another was faster. From then on the directory is a remainder. */
    private boolean moved(String key, Directory own) {
        try {
            active.rename(key, own, RECORD);
            return true;
        } catch (Fault fault) {
            if (fault.kind() == Fault.Kind.NOT_FOUND) {
                return false;
            }
            throw fault;
        }
    }

    /** Removes a directory without a record, first from the sight of recovery; when that was faster, together with it. */
    private void removeDirectory(String number) {
        try {
            root.rename(number, root, GONE + number);
        } catch (Fault fault) {
            if (fault.kind() != Fault.Kind.NOT_FOUND) {
                throw fault;
            }
        }
        root.removeTree(GONE + number);
    }

    /** Removes the spares of this process. */
    void dropSpares() {
        for (Optional<Spares.Spare> spare = spares.any(); spare.isPresent(); spare = spares.any()) {
            try (Directory own = spare.get().own();
                    OpenFile lock = lock(Opened.Lock.SHARED)) {
                long inode = own.stat().inode();
                if (root.stat(spare.get().number()).filter(stat -> stat.inode() == inode).isPresent()) {
                    root.removeTree(spare.get().number());
                }
            }
        }
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

    OpenFile lock(Opened.Lock lock) {
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
        dropSpares();
        unpacking.close();
        committed.close();
        active.close();
        root.close();
    }
}
