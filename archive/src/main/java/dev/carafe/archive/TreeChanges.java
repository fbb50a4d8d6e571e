package dev.carafe.archive;

import dev.carafe.kernel.Directory;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Stat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Compares two trees, both in byte order, and writes what changed. Files of equal attributes are compared by content, since a
 * time can be set back.
 */
final class TreeChanges {
    private static final int PIECE = 65536;

    private final LayerWriter writer;

    /** Directories on the way down whose own entry is written only once something beneath them is. */
    private final List<Pending> pending = new ArrayList<>();

    private record Pending(Directory parent, String prefix, String name, Stat stat) {}

    TreeChanges(LayerWriter writer) {
        this.writer = writer;
    }

    void compare(Directory before, Directory after, String prefix) throws IOException {
        List<String> old = LayerWriter.names(before);
        List<String> now = LayerWriter.names(after);
        int o = 0;
        int n = 0;
        while (o < old.size() || n < now.size()) {
            int order = o == old.size() ? 1 : n == now.size() ? -1 : LayerWriter.compareBytes(old.get(o), now.get(n));
            if (order < 0) {
                writePending();
                writer.whiteout(prefix, old.get(o++));
            } else if (order > 0) {
                added(after, prefix, now.get(n++));
            } else {
                both(before, after, prefix, now.get(n));
                o++;
                n++;
            }
        }
    }

    private void added(Directory after, String prefix, String name) throws IOException {
        Optional<Stat> stat = after.stat(name);
        if (stat.isPresent()) {
            writePending();
            writer.put(after, prefix, name, stat.get(), false);
        }
    }

    private void both(Directory before, Directory after, String prefix, String name) throws IOException {
        Stat old = before.stat(name).orElseThrow();
        Stat now = after.stat(name).orElseThrow();
        if (!now.isDirectory()) {
            if (!same(before, old, after, now, name)) {
                writePending();
                writer.put(after, prefix, name, now, false);
            }
        } else if (!old.isDirectory()) {
            writePending();
            writer.put(after, prefix, name, now, false);
        } else {
            directories(before, old, after, now, prefix, name);
        }
    }

    private void directories(Directory before, Stat old, Directory after, Stat now, String prefix, String name)
            throws IOException {
        pending.addLast(new Pending(after, prefix, name, now));
        if (!sameAttributes(before, old, after, now, name)) {
            writePending();
        }
        try (Directory oldChild = before.open(name);
                Directory child = after.open(name)) {
            compare(oldChild, child, prefix + name + "/");
        }
        if (!pending.isEmpty()) {
            pending.removeLast();
        }
    }

    private void writePending() throws IOException {
        for (Pending directory : pending) {
            writer.one(directory.parent(), directory.name(), directory.prefix() + directory.name(), directory.stat(),
                    directory.parent().xattrs(directory.name()));
        }
        pending.clear();
    }

    private static boolean same(Directory before, Stat old, Directory after, Stat now, String name) {
        boolean alike = sameAttributes(before, old, after, now, name) && old.size() == now.size()
                && old.represents() == now.represents();
        if (!alike) {
            return false;
        }
        return switch (now.type()) {
            case REGULAR -> sameContent(before, after, name);
            case SYMBOLIC_LINK -> before.readlink(name).equals(after.readlink(name));
            case DIRECTORY, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> true;
        };
    }

    private static boolean sameAttributes(Directory before, Stat old, Directory after, Stat now, String name) {
        return old.type() == now.type() && old.mode() == now.mode() && old.uid() == now.uid() && old.gid() == now.gid()
                && old.modified().equals(now.modified())
                && LayerWriter.shared(before.xattrs(name)).equals(LayerWriter.shared(after.xattrs(name)));
    }

    private static boolean sameContent(Directory before, Directory after, String name) {
        byte[] a = new byte[PIECE];
        byte[] b = new byte[PIECE];
        try (OpenFile old = before.read(name);
                OpenFile now = after.read(name)) {
            while (true) {
                int gotOld = fill(old, a);
                int gotNow = fill(now, b);
                if (gotOld != gotNow || !Arrays.equals(a, 0, gotOld, b, 0, gotNow)) {
                    return false;
                }
                if (gotOld == 0) {
                    return true;
                }
            }
        }
    }

    private static int fill(OpenFile file, byte[] into) {
        int done = 0;
        while (done < into.length) {
            int got = file.read(into, done, into.length - done);
            if (got < 0) {
                break;
            }
            done += got;
        }
        return done;
    }
}
