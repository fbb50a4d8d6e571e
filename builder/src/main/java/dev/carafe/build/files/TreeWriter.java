package dev.carafe.build.files;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.build.files.FileTree.Found;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileType;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Stat;
import dev.carafe.kernel.Xattr;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts files into a tree: COPY's rules for what becomes of sources and destinations (Dockerfile reference, "COPY"). Links in the destination are followed within the tree; what is copied
 * replaces links and files of its name, and is refused where a file would take the place of a directory or the other way.
 */
public final class TreeWriter {
    private static final int OPEN = 0755;

    private final Directory target;
    private final Ownership ownership;
    private final Optional<ModeChange> mode;
    private final Instant time;
    private final Map<Long, String> links = new HashMap<>();
    /** Where the last file went. */
    private final HeldDirectory into;
    /** Directories, whose times what is put into them changes. */
    private final List<String> directories = new ArrayList<>();

    /** Whose files become. @param uid absent: as they are, where that means something, else root's */
    public record Ownership(Optional<Integer> uid, Optional<Integer> gid) {
        public static final Ownership KEPT = new Ownership(Optional.empty(), Optional.empty());

        public static Ownership of(int uid, int gid) {
            return new Ownership(Optional.of(uid), Optional.of(gid));
        }
    }

    /** @param time that files of the host have afterwards */
    public TreeWriter(Directory target, Ownership ownership, Optional<ModeChange> mode, Instant time) {
        this.target = target;
        this.into = new HeldDirectory(target);
        this.ownership = ownership;
        this.mode = mode;
        this.time = time;
    }

    /** @param destination absolute; one that ends in a slash is a directory */
    public void copy(Selection selection, String destination, boolean parents) {
        String to = FileTree.clean(destination);
        boolean directory = destination.endsWith("/") || parents || isDirectory(to);
        try (var from = new HeldDirectory(selection.tree().root()); HeldDirectory last = into) {
            selection.walk((pick, found, inner) -> {
                if (pick.found().isDirectory() || parents) {
                    put(selection.tree(), from, found, inner.isEmpty() ? to : FileTree.below(to, inner), inner.isEmpty() || parents && !found.path().startsWith(pick.found().path()));
                } else {
                    put(selection.tree(), from, found, directory ? FileTree.below(to, found.name()) : to, false);
                }
            });
        }
        finish();
    }

    /** One file with that content. */
    public void text(String name, byte[] content, String destination) {
        String to = FileTree.clean(destination);
        String path = destination.endsWith("/") || isDirectory(to) ? FileTree.below(to, name) : to;
        try (Directory parent = parents(FileTree.parent(path)); OpenFile file = fresh(parent, FileTree.name(path))) {
            file.write(content, 0, content.length);
            file.chown(ownership.uid().orElse(0), ownership.gid().orElse(0));
            file.chmod(mode.map(m -> m.apply(0644, false)).orElse(0644));
            file.modified(time);
        }
        finish();
    }

    /** A directory with its parents; the answer is whether it was not there. */
    public boolean directory(String path) {
        String clean = FileTree.clean(path);
        boolean there = isDirectory(clean);
        parents(clean).close();
        finish();
        return !there;
    }

    boolean isDirectory(String path) {
        try (Directory found = target.within(path).orElse(null)) {
            return found != null;
        } catch (Fault fault) {
            if (fault.errno().filter(e -> e == Errno.ENOTDIR).isPresent()) {
                return false;
            }
            throw fault;
        }
    }

    /** Opens a directory of the target, making it and those above where they are not there. */
    public Directory parents(String path) {
        Optional<Directory> found = target.within(path);
        if (found.isPresent()) {
            return found.get();
        }
        try (Directory parent = parents(FileTree.parent(path))) {
            String name = FileTree.name(path);
            if (parent.mkdir(name, OPEN)) {
                parent.chown(name, ownership.uid().orElse(0), ownership.gid().orElse(0));
                parent.chmod(name, OPEN);
                directories.add(path);
            }
        }
        return target.within(path).orElseThrow(() -> Fault.of(Errno.ENOENT, "make directory", "\"/" + path + "\""));
    }

    private void put(FileTree tree, HeldDirectory from, Found found, String path, boolean top) {
        if (path.isEmpty()) {
            return;
        }
        String holder = FileTree.parent(path);
        Directory parent = into.at(holder).orElseGet(() -> into.hold(holder, parents(holder)));
        String name = FileTree.name(path);
        switch (found.stat().type()) {
            case DIRECTORY -> directory(tree, from, found, path, parent, top);
            case REGULAR -> file(tree, from, found, path, parent);
            case SYMBOLIC_LINK -> {
                String text = source(from, found).readlink(found.name());
                clear(parent, name, path);
                parent.symlink(text, name);
                parent.chown(name, uid(tree, found.stat()), gid(tree, found.stat()));
                parent.modified(name, time(tree, found.stat()));
            }
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> {
                clear(parent, name, path);
                parent.mknod(name, found.stat().type(), 0600, found.stat().major(), found.stat().minor());
                attributes(tree, from, found, parent, name);
            }
            case SOCKET -> { }
        }
    }

    private static Directory source(HeldDirectory from, Found found) {
        return from.at(FileTree.parent(found.path())).orElseThrow(() -> Fault.of(Errno.ENOENT, "read", "\"" + found.path() + "\""));
    }

    /** @param top whether it is the destination itself, which keeps what it is when it is there */
    private void directory(FileTree tree, HeldDirectory from, Found found, String path, Directory parent, boolean top) {
        String name = FileTree.name(path);
        Optional<Stat> there = parent.stat(name);
        if (there.isPresent() && there.get().type() == FileType.SYMBOLIC_LINK && isDirectory(path)) {
            return;
        }
        if (there.isPresent() && !there.get().isDirectory()) {
            throw Fault.of(Fault.Kind.CONFLICT, "copy to", "\"/" + path + "\"", "cannot copy to non-directory");
        }
        boolean made = there.isEmpty() && parent.mkdir(name, OPEN);
        if (made || !top) {
            attributes(tree, from, found, parent, name);
            directories.add(path);
        }
    }

    private void file(FileTree tree, HeldDirectory from, Found found, String path, Directory parent) {
        String name = FileTree.name(path);
        long inode = found.stat().inode() ^ found.stat().device() << 20;
        if (found.stat().links() > 1 && links.containsKey(inode)) {
            String first = links.get(inode);
            try (Directory holder = target.within(FileTree.parent(first)).orElseThrow()) {
                clear(parent, name, path);
                parent.link(holder, FileTree.name(first), name);
                return;
            }
        }
        try (OpenFile in = source(from, found).read(found.name()); OpenFile out = fresh(parent, name)) {
            content(in, out);
        }
        attributes(tree, from, found, parent, name);
        if (found.stat().links() > 1) {
            links.put(inode, path);
        }
    }

    private static void content(OpenFile in, OpenFile out) {
        long size = in.stat().size();
        if (size == 0 || out.reflink(in)) {
            return;
        }
        long at = 0;
        while (at < size) {
            long copied = out.copy(in, at, size - at);
            if (copied <= 0) {
                break;
            }
            at += copied;
        }
        if (at < size) {
            in.seek(at);
            out.seek(at);
            byte[] buffer = new byte[1 << 16];
            for (int got = in.read(buffer, 0, buffer.length); got >= 0; got = in.read(buffer, 0, buffer.length)) {
                out.write(buffer, 0, got);
            }
        }
    }

    private OpenFile fresh(Directory parent, String name) {
        Optional<OpenFile> created = parent.create(name, 0600);
        if (created.isPresent()) {
            return created.get();
        }
        clear(parent, name, name);
        return parent.create(name, 0600).orElseThrow(() -> Fault.of(Errno.EEXIST, "create", "\"" + name + "\""));
    }

    private static void clear(Directory parent, String name, String path) {
        Optional<Stat> there = parent.stat(name);
        if (there.isPresent() && there.get().isDirectory()) {
            throw Fault.of(Fault.Kind.CONFLICT, "copy to", "\"/" + path + "\"", "cannot replace a directory with a file");
        }
        if (there.isPresent()) {
            parent.unlink(name);
        }
    }

    private void attributes(FileTree tree, HeldDirectory from, Found found, Directory parent, String name) {
        Stat stat = found.stat();
        parent.chown(name, uid(tree, stat), gid(tree, stat));
        parent.chmod(name, mode.map(m -> m.apply(stat.mode(), stat.isDirectory())).orElse(stat.mode()));
        if (tree.owned() && (stat.type() == FileType.REGULAR || stat.isDirectory()) && !found.path().isEmpty()) {
            for (Xattr xattr : source(from, found).xattrs(found.name())) {
                if (xattr.name().startsWith("user.") || xattr.name().equals("security.capability")) {
                    parent.setXattr(name, xattr);
                }
            }
        }
        if (!stat.isDirectory()) {
            parent.modified(name, time(tree, stat));
        }
    }

    private Instant time(FileTree from, Stat stat) {
        return from.owned() && stat.modified().isBefore(time) ? stat.modified() : time;
    }

    private int uid(FileTree from, Stat stat) {
        return ownership.uid().orElse(from.owned() ? stat.uid() : 0);
    }

    private int gid(FileTree from, Stat stat) {
        return ownership.gid().orElse(from.owned() ? stat.gid() : 0);
    }

    private void finish() {
        into.close();
        for (String path : directories.reversed()) {
            try (Directory parent = target.within(FileTree.parent(path)).orElse(null)) {
                if (parent != null && parent.stat(FileTree.name(path)).isPresent()) {
                    parent.modified(FileTree.name(path), time);
                }
            }
        }
        directories.clear();
    }
}
