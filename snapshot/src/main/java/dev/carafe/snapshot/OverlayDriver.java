package dev.carafe.snapshot;

import dev.carafe.archive.AppliedLayer;
import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.LayerReader;
import dev.carafe.archive.LayerWriter;
import dev.carafe.archive.Whiteouts;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Stat;
import dev.carafe.kernel.Xattr;
import dev.carafe.oci.runtime.Mount;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Snapshots as layers of overlayfs: each directory holds, in {@code fs}, what it changes, and, while active, {@code work}.
 *
 * <p>To prepare a container's file system costs three directories and one small file, whatever the image's size. The flags of
 * the mount keep the upper directory readable by itself, as {@link #diff} needs it (no redirect_dir, no metacopy). A runtime may
 * add {@code volatile} for a container whose changes need not outlive a power failure; removal copes with what that leaves.
 */
public final class OverlayDriver extends DirectoryDriver {
    private static final String WORK = "work";
    private static final int OPEN = 0755;

    /** A directory that was once larger than this stays so on ext4, and is slow to list. */
    private static final int SMALL = 4096;

    private final ArchiveLimits limits;

    /** Keeps its snapshots in that directory of the host, an absolute path, on a file system that may be an overlay's upper one. */
    public OverlayDriver(FileSystem files, String path, ArchiveLimits limits, InstantSource clock) {
        super(files, path, clock);
        this.limits = limits;
    }

    @Override
    void make(Directory own, List<String> lower) {
        boolean emptied = !own.mkdir(CONTENT, OPEN);
        own.mkdir(WORK, 0700);
        if (lower.isEmpty()) {
            if (emptied) {
                own.chown(CONTENT, 0, 0);
            }
            own.chmod(CONTENT, OPEN);
            return;
        }
        // The root of an overlay is that of its upper directory, so it must look like the image's.
        Stat root;
        try (Directory parent = records.root().open(lower.getFirst())) {
            root = parent.stat(CONTENT).orElseThrow();
        }
        if (emptied || root.uid() != 0 || root.gid() != 0) {
            own.chown(CONTENT, root.uid(), root.gid());
        }
        own.chmod(CONTENT, root.mode());
    }

    @Override
    boolean empty(Directory own) {
        return empty(own, CONTENT) & empty(own, WORK);
    }

    private static boolean empty(Directory own, String name) {
        try (Directory directory = own.open(name)) {
            for (DirectoryEntry entry : directory.entries()) {
                directory.removeTree(entry.name());
            }
            for (Xattr xattr : directory.xattrs()) {
                directory.removeXattr(xattr.name());
            }
            return directory.stat().size() <= SMALL;
        }
    }

    @Override
    List<Mount> mounts(SnapshotRecord record) {
        boolean active = record.state() == Snapshot.State.ACTIVE;
        if (record.lower().isEmpty()) {
            return bind(record, record.directory());
        }
        if (!active && record.lower().size() == 1) {
            return bind(record, record.lower().getFirst());
        }
        var options = new ArrayList<String>(record.lower().size() + 5);
        for (String lower : record.lower()) {
            options.add("lowerdir+=" + records.path(lower, CONTENT));
        }
        if (active) {
            options.add("upperdir=" + records.path(record.directory(), CONTENT));
            options.add("workdir=" + records.path(record.directory(), WORK));
        } else {
            options.add("ro");
        }
        options.add("redirect_dir=off");
        options.add("metacopy=off");
        options.add("index=off");
        return List.of(Mount.builder("/").type("overlay").source("overlay").options(options).build());
    }

    @Override
    AppliedLayer unpack(InputStream layer, Directory content, List<Directory> lower) {
        return new LayerReader(Whiteouts.OVERLAY, limits).apply(layer, content, lower);
    }

    @Override
    public void diff(String name, OutputStream layer) {
        SnapshotRecord record = records.require(name);
        if (record.directory().isEmpty()) {
            new LayerWriter(layer).nothing();
            return;
        }
        try (Directory content = content(record.directory())) {
            new LayerWriter(layer).upper(content);
        }
    }
}
