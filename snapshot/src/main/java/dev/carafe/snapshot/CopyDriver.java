package dev.carafe.snapshot;

import dev.carafe.archive.AppliedLayer;
import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.LayerReader;
import dev.carafe.archive.LayerWriter;
import dev.carafe.archive.Whiteouts;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import dev.carafe.oci.runtime.Mount;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;

/**
 * Snapshots as whole copies: each directory holds, in {@code fs}, all that its file system consists of. For where overlayfs
 * cannot be used. Copies share their blocks where the file system can (btrfs, xfs).
 */
public final class CopyDriver extends DirectoryDriver {
    private final ArchiveLimits limits;

    /** Keeps its snapshots in that directory of the host, an absolute path. */
    public CopyDriver(FileSystem files, String path, ArchiveLimits limits, InstantSource clock) {
        super(files, path, clock);
        this.limits = limits;
    }

    @Override
    void make(Directory own, List<String> lower) {
        own.mkdir(CONTENT, 0755);
        try (Directory content = own.open(CONTENT)) {
            content.chmod(0755);
            if (!lower.isEmpty()) {
                try (Directory source = content(lower.getFirst())) {
                    new TreeCopy().copy(source, content);
                }
            }
        }
    }

    /** What is copied is mostly files, so there is nothing worth keeping. */
    @Override
    boolean empty(Directory own) {
        return false;
    }

    @Override
    List<Mount> mounts(SnapshotRecord record) {
        return bind(record, record.directory().isEmpty() ? record.lower().getFirst() : record.directory());
    }

    @Override
    AppliedLayer unpack(InputStream layer, Directory content, List<Directory> lower) {
        return new LayerReader(Whiteouts.DELETE, limits).apply(layer, content);
    }

    @Override
    public void diff(String name, OutputStream layer) {
        SnapshotRecord record = records.require(name);
        if (record.directory().isEmpty()) {
            new LayerWriter(layer).nothing();
            return;
        }
        try (Directory after = content(record.directory())) {
            if (record.lower().isEmpty()) {
                new LayerWriter(layer).content(after);
            } else {
                try (Directory before = content(record.lower().getFirst())) {
                    new LayerWriter(layer).changes(before, after);
                }
            }
        }
    }
}
