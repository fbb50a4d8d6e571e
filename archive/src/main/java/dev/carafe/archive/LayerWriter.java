package dev.carafe.archive;

import dev.carafe.base.Fault;
import dev.carafe.kernel.ByteText;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.FileType;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Stat;
import dev.carafe.kernel.Xattr;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a tree as the tar of a layer, not packed. The same tree gives the same bytes: names in byte order, parents first, of
 * several names of one file the first with the content and the others as hard links.
 *
 * <p>Sockets are left out, since tar has none. A file that changes while it is read is a fault of kind CONFLICT. One writer is
 * for one tree; the stream stays open.
 */
public final class LayerWriter {
    private final TarWriter tar;
    /** Whether names that start with .wh. mean removals. */
    private final boolean whiteouts;
    private final Map<Inode, String> written = new HashMap<>();

    private record Inode(long device, long number) {}

    public LayerWriter(OutputStream out) {
        this(out, true);
    }

    private LayerWriter(OutputStream out, boolean whiteouts) {
        this.tar = new TarWriter(out);
        this.whiteouts = whiteouts;
    }

    /** One for archives that are no layers: a name that starts with .wh. is a name. */
    public static LayerWriter plain(OutputStream out) {
        return new LayerWriter(out, false);
    }

    /**
     * One name of a directory with all that is in it, under another path.
     *
     * @param as its path in the archive
     * @throws Fault NOT_FOUND when there is nothing by that name
     */
    public void resource(Directory parent, String name, String as) {
        whole(() -> {
            Stat stat = parent.stat(name).orElseThrow(() -> Fault.notFound("archive", Shown.path(name), "no such file or directory"));
            as(parent, name, as, stat, false);
        });
    }

    /** A directory itself with all that is in it, under a path such as {@code .}. */
    public void directory(Directory directory, String as) {
        whole(() -> {
            tar.put(entry(directory.stat(), as + "/", directory.xattrs()).build());
            all(directory, as + "/", false);
        });
    }

    /** Everything in the tree, with an entry {@code ./} for its root. Character devices 0/0 are written as such. */
    public void tree(Directory root) {
        whole(() -> {
            tar.put(entry(root.stat(), "./", root.xattrs()).build());
            all(root, "", false);
        });
    }

    /** What an overlay's upper directory says of the layers below it, translated into whiteouts. */
    public void upper(Directory upper) {
        whole(() -> all(upper, "", true));
    }

    /** What is in {@code after} and not, or not so, in {@code before}; and whiteouts for what is in {@code before} alone. */
    public void changes(Directory before, Directory after) {
        whole(() -> new TreeChanges(this).compare(before, after, ""));
    }

    /** Everything in the tree, as a layer that nothing lies beneath. */
    public void content(Directory root) {
        whole(() -> all(root, "", false));
    }

    /** The layer that changes nothing. */
    public void nothing() {
        whole(() -> { });
    }

    private interface Body {
        void write() throws IOException;
    }

    private void whole(Body body) {
        try {
            body.write();
            tar.finish();
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write layer", "", reason).cause(e);
        }
    }

    private void all(Directory directory, String prefix, boolean overlay) throws IOException {
        for (String name : names(directory)) {
            Optional<Stat> stat = directory.stat(name);
            if (stat.isPresent()) {
                put(directory, prefix, name, stat.get(), overlay);
            }
        }
    }

    /** One name and, if it is a directory, all that is in it. */
    void put(Directory directory, String prefix, String name, Stat stat, boolean overlay) throws IOException {
        if (overlay && stat.isWhiteout()) {
            whiteout(prefix, name);
            return;
        }
        as(directory, name, prefix + name, stat, overlay);
    }

    private void as(Directory directory, String name, String path, Stat stat, boolean overlay) throws IOException {
        List<Xattr> xattrs = directory.xattrs(name);
        if (overlay) {
            refuseReferences(path, xattrs);
        }
        one(directory, name, path, stat, xattrs);
        if (stat.isDirectory()) {
            String below = path + "/";
            if (overlay && xattrs.contains(Whiteouts.OVERLAY_OPAQUE)) {
                tar.put(TarEntry.builder(TarEntry.Kind.FILE, below + Whiteouts.OPAQUE).mode(0).build());
            }
            try (Directory child = directory.open(name)) {
                all(child, below, overlay);
            }
        }
    }

    void whiteout(String prefix, String name) throws IOException {
        tar.put(TarEntry.builder(TarEntry.Kind.FILE, prefix + Whiteouts.PREFIX + name).mode(0).build());
    }

    /** One name under that path, without what may be in it. */
    void one(Directory directory, String name, String path, Stat stat, List<Xattr> xattrs) throws IOException {
        if (whiteouts && name.startsWith(Whiteouts.PREFIX)) {
            throw Fault.invalid("write layer", Shown.path(path), "a name that starts with .wh. cannot be told from a whiteout");
        }
        if (stat.type() == FileType.SOCKET) {
            return;
        }
        if (stat.links() > 1 && !stat.isDirectory()) {
            String first = written.putIfAbsent(new Inode(stat.device(), stat.inode()), path);
            if (first != null) {
                tar.put(entry(stat, path, List.of()).kind(TarEntry.Kind.HARD_LINK).link(first).size(0).build());
                return;
            }
        }
        TarEntry.Builder entry = entry(stat, stat.isDirectory() ? path + "/" : path, xattrs);
        switch (stat.type()) {
            case REGULAR -> content(directory, path, name, entry.build());
            case SYMBOLIC_LINK -> tar.put(entry.link(directory.readlink(name)).build());
            case CHARACTER_DEVICE, BLOCK_DEVICE -> tar.put(entry.device(stat.major(), stat.minor()).build());
            case DIRECTORY, FIFO, SOCKET -> tar.put(entry.build());
        }
    }

    private void content(Directory directory, String path, String name, TarEntry entry) throws IOException {
        try (OpenFile file = directory.read(name)) {
            tar.put(entry, file.input());
        } catch (EOFException shrunk) {
            throw Fault.of(Fault.Kind.CONFLICT, "write layer", Shown.path(path), "the file shrank while it was read");
        }
    }

    private static TarEntry.Builder entry(Stat stat, String path, List<Xattr> xattrs) {
        return TarEntry.builder(kind(stat.type()), path)
                .mode(stat.mode())
                .owner(stat.uid(), stat.gid())
                .size(stat.type() == FileType.REGULAR ? stat.size() : 0)
                .modified(stat.modified())
                .xattrs(shared(xattrs));
    }

    private static TarEntry.Kind kind(FileType type) {
        return switch (type) {
            case REGULAR, SOCKET -> TarEntry.Kind.FILE;
            case DIRECTORY -> TarEntry.Kind.DIRECTORY;
            case SYMBOLIC_LINK -> TarEntry.Kind.SYMBOLIC_LINK;
            case CHARACTER_DEVICE -> TarEntry.Kind.CHARACTER_DEVICE;
            case BLOCK_DEVICE -> TarEntry.Kind.BLOCK_DEVICE;
            case FIFO -> TarEntry.Kind.FIFO;
        };
    }

    static List<Xattr> shared(List<Xattr> xattrs) {
        var shared = new ArrayList<Xattr>();
        for (Xattr xattr : xattrs) {
            if (!Whiteouts.isPrivate(xattr.name())) {
                shared.add(xattr);
            }
        }
        return shared;
    }

    /** With redirect_dir or metacopy the upper directory alone does not say what changed. */
    private static void refuseReferences(String path, List<Xattr> xattrs) {
        for (Xattr xattr : xattrs) {
            if (xattr.name().equals("trusted.overlay.redirect") || xattr.name().equals("trusted.overlay.metacopy")) {
                throw Fault.of(Fault.Kind.UNSUPPORTED, "write layer", Shown.path(path),
                        "the overlay was mounted with redirect_dir or metacopy");
            }
        }
    }

    /** The names in a directory in the order of their bytes. */
    static List<String> names(Directory directory) {
        var names = new ArrayList<String>();
        for (DirectoryEntry entry : directory.entries()) {
            names.add(entry.name());
        }
        names.sort(LayerWriter::compareBytes);
        return names;
    }

    static int compareBytes(String a, String b) {
        return Arrays.compareUnsigned(ByteText.encode(a), ByteText.encode(b));
    }
}
