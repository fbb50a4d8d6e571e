package dev.carafe.snapshot;

import dev.carafe.archive.AppliedLayer;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.LockFile;
import dev.carafe.oci.ChainId;
import dev.carafe.oci.runtime.Mount;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the drivers share that keep each snapshot in a directory, with the content in {@code fs}. */
public abstract sealed class DirectoryDriver implements SnapshotDriver, AutoCloseable permits OverlayDriver, CopyDriver {
    static final String CONTENT = "fs";

    final SnapshotRecords records;

    /** What committed snapshots take, by name; they do not change, and a walk of all of them would cost a list of images its speed. */
    private final Map<String, Usage> counted = new ConcurrentHashMap<>();

    DirectoryDriver(FileSystem files, String path, InstantSource clock) {
        this.records = new SnapshotRecords(files, path, clock, new SnapshotRecords.Content() {
            @Override
            public void make(Directory own, List<String> lower) {
                DirectoryDriver.this.make(own, lower);
            }

            @Override
            public boolean empty(Directory own) {
                return DirectoryDriver.this.empty(own);
            }
        });
    }

    /** Lays out a new directory for a snapshot that starts from the given ones. */
    abstract void make(Directory own, List<String> lower);

    /** Empties the directory of a snapshot to be laid out again; false when it had better be removed. */
    abstract boolean empty(Directory own);

    /** What to mount to have an active snapshot or a view. */
    abstract List<Mount> mounts(SnapshotRecord record);

    /** Unpacks a layer into the directory of an active snapshot. */
    abstract AppliedLayer unpack(InputStream layer, Directory content, List<Directory> lower);

    @Override
    public Snapshot prepare(String key, Optional<Digest> parent) {
        return snapshot(records.create(key, Snapshot.State.ACTIVE, parent));
    }

    @Override
    public Snapshot view(String key, Optional<Digest> parent) {
        return snapshot(parent.isPresent()
                ? records.createView(key, parent.get())
                : records.create(key, Snapshot.State.VIEW, parent));
    }

    @Override
    public Snapshot apply(Optional<Digest> parent, Digest diffId, InputStream layer) {
        Digest chainId = parent.map(digest -> ChainId.extend(digest, diffId)).orElse(diffId);
        Optional<Snapshot> there = find(chainId.toString());
        if (there.isPresent()) {
            return there.get();
        }
        try (LockFile lock = records.unpackLock(chainId)) {
            Optional<Snapshot> meanwhile = find(chainId.toString());
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            String key = SnapshotRecords.unpackKey(chainId);
            records.remove(key);
            SnapshotRecord record = records.create(key, Snapshot.State.ACTIVE, parent);
            try {
                unpack(record, diffId, layer);
                return commit(key, chainId);
            } catch (RuntimeException fault) {
                try {
                    records.remove(key);
                } catch (Fault second) {
                    fault.addSuppressed(second);
                }
                throw fault;
            }
        }
    }

    private void unpack(SnapshotRecord record, Digest diffId, InputStream layer) {
        var lower = new ArrayList<Directory>();
        try (Directory content = content(record.directory())) {
            for (String directory : record.lower()) {
                lower.add(content(directory));
            }
            Digest actual = unpack(layer, content, lower).diffId();
            if (!actual.equals(diffId)) {
                throw Fault.of(Fault.Kind.CORRUPT, "unpack layer", diffId.toString(), "its tar bytes have digest " + actual);
            }
        } finally {
            lower.forEach(Directory::close);
        }
    }

    /** Opens the content of a snapshot's directory. */
    final Directory content(String directory) {
        try (Directory own = records.root().open(directory)) {
            return own.open(CONTENT);
        }
    }

    @Override
    public Snapshot commit(String key, Digest chainId) {
        return snapshot(records.commit(key, chainId));
    }

    @Override
    public Optional<Snapshot> find(String name) {
        return records.find(name).map(this::snapshot);
    }

    @Override
    public List<Snapshot> list() {
        var snapshots = new ArrayList<Snapshot>();
        for (SnapshotRecord record : records.list()) {
            snapshots.add(snapshot(record));
        }
        return snapshots;
    }

    @Override
    public boolean remove(String name) {
        return records.remove(name);
    }

    @Override
    public Usage usage(String name) {
        SnapshotRecord record = records.require(name);
        if (record.directory().isEmpty()) {
            return Usage.NONE;
        }
        Usage known = counted.get(name);
        if (known != null && record.state() == Snapshot.State.COMMITTED) {
            return known;
        }
        try (Directory content = content(record.directory())) {
            Usage usage = new UsageCount().of(content);
            if (record.state() == Snapshot.State.COMMITTED) {
                counted.put(name, usage);
            }
            return usage;
        }
    }

    @Override
    public int recover() {
        return new Recovery(records).run();
    }

    private Snapshot snapshot(SnapshotRecord record) {
        List<Mount> mounts = record.state() == Snapshot.State.COMMITTED ? List.of() : mounts(record);
        return new Snapshot(record.name(), record.state(), record.parent(), mounts, record.created());
    }

    /** A mount of one directory, which a view may only read. */
    final List<Mount> bind(SnapshotRecord record, String directory) {
        return List.of(Mount.of("/", "bind", records.path(directory, CONTENT), "rbind",
                record.state() == Snapshot.State.VIEW ? "ro" : "rw"));
    }

    /** Gives back the descriptors that it holds; the snapshots stay. */
    @Override
    public void close() {
        records.close();
    }
}
