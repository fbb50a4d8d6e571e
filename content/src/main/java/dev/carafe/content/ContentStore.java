package dev.carafe.content;

import dev.carafe.base.Digest;
import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Opened;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Blobs by their digest, in an OCI image layout on disk (image-spec image-layout.md): {@code oci-layout}, {@code index.json},
 * {@code blobs/ALGORITHM/HEX}; and {@code ingests/} for blobs that are not whole yet.
 *
 * <p>A blob appears whole, verified and on the disk, or not at all. Any number of processes may use one store. Whatever is read
 * is verified again, so that damage of the disk is found and named rather than unpacked.
 */
public final class ContentStore implements AutoCloseable {
    private static final byte[] LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);

    private static final Duration KEPT = Duration.ofDays(1);
    private static final Duration YOUNG = Duration.ofHours(1);
    private static final String COLLECTION_LOCK = ".collection.lock";
    private static final long SHORTEST_PAUSE = 1_000_000;
    private static final long LONGEST_PAUSE = 50_000_000;

    private final FileSystem files;
    private final Directory root;

    private ContentStore(FileSystem files, Directory root) {
        this.files = files;
        this.root = root;
    }

    /** Opens the store in that directory of the host, which is made if it is not there. */
    public static ContentStore open(FileSystem files, String path) {
        Directory root = files.makeDirectory(path, 0755);
        try {
            if (root.stat("oci-layout").isEmpty()) {
                root.mkdir("ingests", 0700);
                root.mkdir("blobs", 0755);
                try (Directory blobs = root.open("blobs")) {
                    blobs.mkdir("sha256", 0755);
                }
                root.openOrCreate(COLLECTION_LOCK, 0600).close();
                replace(root, "oci-layout", LAYOUT);
            }
            return new ContentStore(files, root);
        } catch (Fault fault) {
            root.close();
            throw fault;
        }
    }

    /** The image layout's directory, which stays the store's to close. */
    Directory root() {
        return root;
    }

    /** Where the blob is, or would be, on the host. */
    public String path(Digest digest) {
        return root.path() + "/blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    public boolean has(Digest digest) {
        return size(digest).isPresent();
    }

    /** The blob's length in bytes; empty when it is not there. */
    public OptionalLong size(Digest digest) {
        try (Directory blobs = blobs(digest.algorithm())) {
            var stat = blobs.stat(digest.hex());
            return stat.isPresent() ? OptionalLong.of(stat.get().size()) : OptionalLong.empty();
        }
    }

    /**
     * The whole blob, verified.
     *
     * @param limit the most bytes that the caller is ready to hold; a longer blob is a fault of kind EXHAUSTED
     * @throws Fault NOT_FOUND when it is not there, CORRUPT when it has another digest
     */
    public byte[] read(Digest digest, int limit) {
        try (OpenFile file = file(digest)) {
            long size = file.stat().size();
            if (size > limit) {
                throw Fault.of(Fault.Kind.EXHAUSTED, "read blob", digest.toString(), size + " bytes where at most " + limit
                        + " are expected");
            }
            byte[] bytes = new byte[(int) size];
            int done = 0;
            for (int got = 0; done < bytes.length && got >= 0; done += Math.max(got, 0)) {
                got = file.read(bytes, done, bytes.length - done);
            }
            if (!digest.matches(bytes)) {
                throw corrupt(digest);
            }
            return bytes;
        }
    }

    /**
     * The blob as a stream, which is verified on the way: at the end of a blob that has another digest, reading throws a fault
     * of kind CORRUPT. The caller closes it.
     */
    public InputStream open(Digest digest) {
        return new VerifyingInput(file(digest), digest);
    }

    private OpenFile file(Digest digest) {
        try (Directory blobs = blobs(digest.algorithm())) {
            return blobs.findFile(digest.hex())
                    .orElseThrow(() -> Fault.notFound("read blob", digest.toString(), "not in the content store"));
        }
    }

    static Fault corrupt(Digest digest) {
        return Fault.of(Fault.Kind.CORRUPT, "read blob", digest.toString(), "the stored bytes have another digest")
                .hint("remove the image and load or pull it again");
    }

    /** Stores these bytes, unless they are there. */
    public Digest put(byte[] bytes) {
        Digest digest = Digest.sha256(bytes);
        try (Ingest ingest = ingest(digest, bytes.length)) {
            if (!ingest.complete()) {
                ingest.restart();
                ingest.write(bytes, 0, bytes.length);
                ingest.commit();
            }
        }
        return digest;
    }

    /**
     * Begins, or takes up again, the storing of a blob of known digest. Waits while another process or thread does the same. What
     * was written before an interruption is kept: {@link Ingest#offset} says how much.
     *
     * @param size its length in bytes, at which too long a blob is refused
     */
    public Ingest ingest(Digest digest, long size) {
        String name = digest.algorithm() + "-" + digest.hex();
        while (true) {
            OpenFile file = ingests().use(directory -> directory.openOrCreate(name, 0600));
            try {
                await(file, Opened.Lock.EXCLUSIVE);
                if (has(digest)) {
                    if (current(name, file)) {
                        ingests().use(directory -> directory.unlink(name));
                    }
                    return new Ingest(this, name, file, Optional.of(digest), size, true);
                }
                if (current(name, file)) {
                    return new Ingest(this, name, file, Optional.of(digest), size, false);
                }
                file.close();
            } catch (Fault fault) {
                file.close();
                throw fault;
            }
        }
    }

    /** Begins the storing of a blob whose digest is only known at its end. It is not taken up again after an interruption. */
    public Ingest ingest() {
        while (true) {
            String name = "new-" + Long.toUnsignedString(java.util.concurrent.ThreadLocalRandom.current().nextLong(), 36);
            Optional<OpenFile> file = ingests().use(directory -> directory.create(name, 0600));
            if (file.isPresent()) {
                file.get().lock(Opened.Lock.EXCLUSIVE);
                return new Ingest(this, name, file.get(), Optional.empty(), Long.MAX_VALUE, false);
            }
        }
    }

    /**
     * Waits by asking again and again: a call that blocks in the kernel would keep the other threads of a cold command from making
     * any, since all go through one channel; and two such processes could wait for each other for ever.
     */
    private static void await(OpenFile file, Opened.Lock lock) {
        for (long pause = SHORTEST_PAUSE; !file.tryLock(lock); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
            java.util.concurrent.locks.LockSupport.parkNanos(pause);
            if (Thread.currentThread().isInterrupted()) {
                throw Fault.of(Fault.Kind.CANCELLED, "wait for", "another process that stores the same", "interrupted");
            }
        }
    }

    /** Whether the name still leads to the open file: not when another finished or removed it while this waited for the lock. */
    private boolean current(String name, OpenFile file) {
        long inode = file.stat().inode();
        return ingests().use(directory -> directory.stat(name)).filter(stat -> stat.inode() == inode).isPresent();
    }

    /** Removes a blob; false when it was not there. Who may still need it is the caller's to know. */
    public boolean delete(Digest digest) {
        try (Directory blobs = blobs(digest.algorithm())) {
            return blobs.unlink(digest.hex());
        }
    }

    /** The digests of all blobs, in no order. */
    public List<Digest> list() {
        var found = new ArrayList<Digest>();
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            try (Directory blobs = blobs(algorithm)) {
                for (DirectoryEntry entry : blobs.entries()) {
                    if (entry.name().length() == 2 * algorithm.length()) {
                        found.add(new Digest(algorithm, entry.name()));
                    }
                }
            }
        }
        return found;
    }

    /** Removes what processes that died left of blobs without a known digest; partial blobs that can be taken up again stay. */
    public void recover() {
        ingests().use(directory -> {
            for (DirectoryEntry entry : directory.entries()) {
                if (entry.name().startsWith("new-")) {
                    directory.findFile(entry.name()).ifPresent(file -> {
                        try (file) {
                            if (file.tryLock(Opened.Lock.EXCLUSIVE)) {
                                directory.unlink(entry.name());
                            }
                        }
                    });
                }
            }
            return true;
        });
    }

    /**
     * Keeps every blob that is there for as long as the answer is open: between seeing that all of an image is there and naming it,
     * nobody may collect. Waits while somebody does.
     */
    public AutoCloseable keep() {
        return collectionLock(Opened.Lock.SHARED);
    }

    /** Begins to hold blobs that no image leads to yet; collections leave them alone. */
    public Lease lease() {
        while (true) {
            String name = Long.toUnsignedString(java.util.concurrent.ThreadLocalRandom.current().nextLong(), 36);
            Optional<OpenFile> file = leases(directory -> directory.create(name, 0600));
            if (file.isPresent()) {
                return new Lease(this, name, file.get());
            }
        }
    }

    <T> T leases(java.util.function.Function<Directory, T> action) {
        root.mkdir("leases", 0700);
        try (Directory directory = root.open("leases")) {
            return action.apply(directory);
        }
    }

    /** What leases hold. Those whose holder was killed more than a day ago are removed. */
    public Set<Digest> leased(Instant now) {
        return leases(directory -> {
            var held = new HashSet<Digest>();
            for (DirectoryEntry entry : directory.entries()) {
                if (isOver(directory, entry.name(), now)) {
                    directory.unlink(entry.name());
                } else {
                    Lease.read(directory, entry.name(), held);
                }
            }
            return held;
        });
    }

    /** Whether nobody holds a lease or an ingest any more, nor has for a day. */
    private static boolean isOver(Directory directory, String name, Instant now) {
        Optional<OpenFile> file = directory.findFile(name);
        if (file.isEmpty()) {
            return true;
        }
        try (OpenFile open = file.get()) {
            return open.tryLock(Opened.Lock.EXCLUSIVE) && open.stat().modified().plus(KEPT).isBefore(now);
        }
    }

    /**
     * Deletes the blobs that nobody needs: neither an image, as the caller knows, nor a lease, and that have been here for an hour, since
     * an image may be in the making; and what ingests left more than a day ago. Only while the store is held by {@link #collect}.
     *
     * @return how many bytes that were
     */
    public long sweep(Set<Digest> needed, Instant now) {
        Set<Digest> leased = leased(now);
        long bytes = 0;
        for (Digest digest : list()) {
            if (!needed.contains(digest) && !leased.contains(digest)) {
                try (Directory blobs = blobs(digest.algorithm())) {
                    var stat = blobs.stat(digest.hex());
                    if (stat.isPresent() && stat.get().modified().plus(YOUNG).isBefore(now) && blobs.unlink(digest.hex())) {
                        bytes += stat.get().size();
                    }
                }
            }
        }
        return bytes + ingests().use(directory -> {
            long left = 0;
            for (DirectoryEntry entry : directory.entries()) {
                long size = directory.stat(entry.name()).map(dev.carafe.kernel.Stat::size).orElse(0L);
                if (isOver(directory, entry.name(), now) && directory.unlink(entry.name())) {
                    left += size;
                }
            }
            return left;
        });
    }

    /** For whoever decides which blobs nobody needs, and deletes them: until the answer is closed, no image is named. */
    public AutoCloseable collect() {
        return collectionLock(Opened.Lock.EXCLUSIVE);
    }

    private OpenFile collectionLock(Opened.Lock lock) {
        OpenFile file = root.openOrCreate(COLLECTION_LOCK, 0600);
        try {
            await(file, lock);
            return file;
        } catch (Fault fault) {
            file.close();
            throw fault;
        }
    }

    /** Moves a finished ingest to its place. */
    void place(String ingest, Digest digest) {
        ingests().use(directory -> {
            try (Directory blobs = blobs(digest.algorithm())) {
                directory.rename(ingest, blobs, digest.hex());
                blobs.sync();
            }
            return true;
        });
    }

    void discard(String ingest) {
        ingests().use(directory -> directory.unlink(ingest));
    }

    private Directory blobs(Digest.Algorithm algorithm) {
        String path = "blobs/" + algorithm;
        return root.beneath(path).orElseGet(() -> {
            try (Directory blobs = root.open("blobs")) {
                blobs.mkdir(algorithm.toString(), 0755);
                return blobs.open(algorithm.toString());
            }
        });
    }

    private Ingests ingests() {
        return new Ingests(root);
    }

    /** Opens the directory of ingests for one use; it is made when a layout from elsewhere lacks it. */
    private record Ingests(Directory root) {
        <T> T use(java.util.function.Function<Directory, T> action) {
            root.mkdir("ingests", 0700);
            try (Directory directory = root.open("ingests")) {
                return action.apply(directory);
            }
        }
    }

    /** Puts a whole file in place of another, in one step for every reader, and on the disk. */
    static void replace(Directory directory, String name, byte[] bytes) {
        String temporary = "." + name + "-" + Long.toUnsignedString(java.util.concurrent.ThreadLocalRandom.current().nextLong(), 36);
        try (OpenFile file = directory.create(temporary, 0644).orElseThrow(() ->
                Fault.of(Errno.EEXIST, "create", "\"" + temporary + "\""))) {
            file.write(bytes, 0, bytes.length);
            file.sync();
            directory.rename(temporary, directory, name);
        } catch (Fault fault) {
            directory.unlink(temporary);
            throw fault;
        }
        directory.sync();
    }

    FileSystem files() {
        return files;
    }

    @Override
    public void close() {
        root.close();
    }
}
