package dev.carafe.snapshot;

import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileType;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Stat;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.Xattr;
import java.util.HashMap;
import java.util.Map;

/** Copies a tree with everything that an inode has: owner, mode, times, attributes, several names, holes. */
public final class TreeCopy {
    private static final int PIECE = 65536;

    /** Where the first name of an inode that has several went; the copy's directories are not open any more, so by path. */
    private final Map<Long, String> linked = new HashMap<>();
    private final byte[] buffer = new byte[PIECE];

    /** Copies what is in the source, and the source's own attributes, to an empty directory. */
    public static void everything(Directory source, Directory target) {
        new TreeCopy().copy(source, target);
    }

    /** As {@link #everything}. */
    void copy(Directory source, Directory target) {
        copy(source, target, target, "");
    }

    private void copy(Directory source, Directory target, Directory top, String prefix) {
        for (DirectoryEntry entry : source.entries()) {
            copyOne(source, target, top, prefix, entry.name());
        }
        Stat stat = source.stat();
        target.chown(stat.uid(), stat.gid());
        target.chmod(stat.mode());
        for (Xattr xattr : source.xattrs()) {
            target.setXattr(xattr);
        }
        target.modified(stat.modified());
    }

    private void copyOne(Directory source, Directory target, Directory top, String prefix, String name) {
        Stat stat = source.stat(name).orElseThrow();
        if (stat.isDirectory()) {
            target.mkdir(name, 0700);
            try (Directory from = source.open(name);
                    Directory to = target.open(name)) {
                copy(from, to, top, prefix + name + "/");
            }
            return;
        }
        if (stat.links() > 1) {
            String first = linked.putIfAbsent(stat.inode(), prefix + name);
            if (first != null) {
                int slash = first.lastIndexOf('/');
                try (Directory from = top.beneath(slash < 0 ? "" : first.substring(0, slash)).orElseThrow()) {
                    target.link(from, first.substring(slash + 1), name);
                }
                return;
            }
        }
        switch (stat.type()) {
            case REGULAR -> content(source, target, name, stat);
            case SYMBOLIC_LINK -> target.symlink(source.readlink(name), name);
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET ->
                target.mknod(name, stat.type(), 0600, stat.major(), stat.minor());
            case DIRECTORY -> throw new AssertionError("copied above");
        }
        attributes(source, target, name, stat);
    }

    private static void attributes(Directory source, Directory target, String name, Stat stat) {
        target.chown(name, stat.uid(), stat.gid());
        if (stat.type() != FileType.SYMBOLIC_LINK) {
            target.chmod(name, stat.mode());
        }
        for (Xattr xattr : source.xattrs(name)) {
            target.setXattr(name, xattr);
        }
        target.modified(name, stat.modified());
    }

    private void content(Directory source, Directory target, String name, Stat stat) {
        try (OpenFile from = source.read(name);
                OpenFile to = target.create(name, 0600).orElseThrow()) {
            if (stat.size() == 0 || to.reflink(from)) {
                return;
            }
            for (long start = from.data(0); start >= 0; start = from.data(from.hole(start))) {
                range(from, to, start, from.hole(start));
            }
            to.truncate(stat.size());
        }
    }

    private void range(OpenFile from, OpenFile to, long start, long end) {
        long at = start;
        while (at < end) {
            long copied = to.copy(from, at, end - at);
            if (copied == 0) {
                from.seek(at);
                to.seek(at);
                int got = from.read(buffer, 0, (int) Math.min(buffer.length, end - at));
                if (got < 0) {
                    return;
                }
                to.write(buffer, 0, got);
                copied = got;
            }
            at += copied;
        }
    }
}
