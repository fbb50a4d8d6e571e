package dev.carafe.archive;

import dev.carafe.archive.TarEntry.Extent;
import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.FileType;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Stat;
import dev.carafe.kernel.Xattr;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tree that a layer is unpacked into, member by member. */
final class LayerTree implements AutoCloseable {
    private static final int BUFFER = 128 * 1024;

    private final Directory root;
    private final Whiteouts whiteouts;
    private final Parents parents;
    private final byte[] buffer = new byte[BUFFER];
    private final Map<String, Timed> directoryTimes = new HashMap<>();

    /** What this layer put there itself, which its whiteouts do not concern; only {@link Whiteouts#DELETE} needs to know. */
    private final Set<String> written = new HashSet<>();
    private long xattrsRefused;

    /** The time that a directory is to have, and which one: later members may have put another in its place. */
    private record Timed(Instant time, long inode) {}

    LayerTree(Directory root, List<Directory> lower, Whiteouts whiteouts) {
        this.root = root;
        this.whiteouts = whiteouts;
        this.parents = new Parents(root, lower, this::note);
    }

    long xattrsRefused() {
        return xattrsRefused;
    }

    /** Adds a member; its content is read from where the archive stands. */
    void put(TarEntry entry, TarReader archive) throws IOException {
        parents.refresh();
        String path = MemberPath.of(entry.path());
        if (path.isEmpty()) {
            putRoot(entry);
            return;
        }
        String parent = MemberPath.parent(path);
        String name = MemberPath.name(path);
        if (whiteouts == Whiteouts.NONE) {
            plain(path, parent, name, entry, archive);
            return;
        }
        if (parent.startsWith(Whiteouts.PREFIX) || parent.contains("/" + Whiteouts.PREFIX)) {
            if (parent.startsWith(Whiteouts.RESERVED) || parent.contains("/" + Whiteouts.RESERVED)) {
                return;
            }
            throw Fault.invalid("unpack", Shown.path(path), "a whiteout cannot hold members");
        }
        if (name.startsWith(Whiteouts.PREFIX)) {
            whiteout(parent, name);
            return;
        }
        try {
            create(parents.at(parent), path, name, entry, archive);
            note(path);
        } catch (Fault fault) {
            boolean badName = fault.errno().filter(e -> e == Errno.ENAMETOOLONG).isPresent();
            throw badName ? Fault.invalid("unpack", Shown.path(path), "a name is longer than the file system allows").cause(fault)
                    : fault;
        }
    }

    /** In a tree that is in use, nothing takes the place of a directory, nor a directory that of anything else. */
    private void plain(String path, String parent, String name, TarEntry entry, TarReader archive) throws IOException {
        Directory holder = parents.at(parent);
        Optional<Stat> there = holder.stat(name);
        boolean directory = entry.kind() == TarEntry.Kind.DIRECTORY;
        if (there.isPresent() && there.get().isDirectory() != directory) {
            throw Fault.of(Fault.Kind.CONFLICT, "unpack", Shown.path(path), directory ? "cannot overwrite a non-directory with a directory"
                    : "cannot overwrite a directory with a non-directory");
        }
        create(holder, path, name, entry, archive);
    }

    /** Gives the directories their times, which their content had changed. */
    void finish() {
        parents.refresh();
        for (var timed : directoryTimes.entrySet()) {
            try (Directory directory = root.within(timed.getKey()).orElse(null)) {
                if (directory != null && directory.stat().inode() == timed.getValue().inode()) {
                    directory.modified(timed.getValue().time());
                }
            } catch (Fault replaced) {
                if (replaced.kind() != Fault.Kind.INVALID) {
                    throw replaced;
                }
            }
        }
    }

    private void note(String path) {
        if (whiteouts == Whiteouts.DELETE) {
            written.add(path);
        }
    }

    private void putRoot(TarEntry entry) {
        if (entry.kind() != TarEntry.Kind.DIRECTORY) {
            throw Fault.invalid("unpack", Shown.path(entry.path()), "the root of an archive is a directory");
        }
        root.chown(entry.uid(), entry.gid());
        root.chmod(entry.mode());
        for (Xattr xattr : entry.xattrs()) {
            set(xattr, () -> root.setXattr(xattr));
        }
        directoryTimes.put("", new Timed(entry.modified(), root.stat().inode()));
    }

    private void create(Directory parent, String path, String name, TarEntry entry, TarReader archive) throws IOException {
        switch (entry.kind()) {
            case FILE -> file(parent, name, entry, archive);
            case DIRECTORY -> directory(parent, path, name, entry);
            case SYMBOLIC_LINK -> {
                if (entry.link().isEmpty()) {
                    throw Fault.invalid("unpack", Shown.path(path), "a symbolic link without text");
                }
                replacing(parent, name, () -> parent.symlink(entry.link(), name));
                attributes(parent, name, entry);
            }
            case HARD_LINK -> hardLink(parent, path, name, entry);
            case CHARACTER_DEVICE -> node(parent, name, FileType.CHARACTER_DEVICE, entry);
            case BLOCK_DEVICE -> node(parent, name, FileType.BLOCK_DEVICE, entry);
            case FIFO -> node(parent, name, FileType.FIFO, entry);
        }
    }

    private interface Attempt {
        boolean made();
    }

    /** Makes something, after removing what has the name if need be. True when that was an overlay's whiteout. */
    private boolean replacing(Directory parent, String name, Attempt attempt) {
        if (attempt.made()) {
            return false;
        }
        Optional<Stat> old = clear(parent, name);
        if (!attempt.made()) {
            throw Fault.of(Errno.EEXIST, "unpack", Shown.path(name));
        }
        return old.filter(Stat::isWhiteout).isPresent();
    }

    private Optional<Stat> clear(Directory parent, String name) {
        Optional<Stat> old = parent.stat(name);
        parent.removeTree(name);
        if (old.filter(o -> o.isDirectory() || o.type() == FileType.SYMBOLIC_LINK).isPresent()) {
            parents.outdated();
        }
        return old;
    }

    private void file(Directory parent, String name, TarEntry entry, TarReader archive) throws IOException {
        Optional<OpenFile> created = parent.create(name, 0600);
        if (created.isEmpty()) {
            clear(parent, name);
            created = parent.create(name, 0600);
        }
        try (OpenFile file = created.orElseThrow(() -> Fault.of(Errno.EEXIST, "unpack", Shown.path(name)))) {
            if (entry.sparse()) {
                for (Extent extent : entry.extents()) {
                    file.seek(extent.offset());
                    copy(archive, file, extent.length());
                }
                file.truncate(entry.size());
            } else {
                copy(archive, file, entry.size());
            }
            file.chown(entry.uid(), entry.gid());
            file.chmod(entry.mode());
            xattrs(parent, name, entry);
            file.modified(entry.modified());
        }
    }

    private void copy(TarReader archive, OpenFile file, long length) throws IOException {
        long left = length;
        while (left > 0) {
            int got = archive.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (got < 0) {
                throw TarFields.corrupt("a member's content is shorter than its size");
            }
            file.write(buffer, 0, got);
            left -= got;
        }
    }

    private void directory(Directory parent, String path, String name, TarEntry entry) {
        if (!parent.mkdir(name, 0755) && !parent.stat(name).orElseThrow().isDirectory()) {
            boolean hidesLower = replacing(parent, name, () -> parent.mkdir(name, 0755));
            if (hidesLower && whiteouts == Whiteouts.OVERLAY) {
                parent.setXattr(name, Whiteouts.OVERLAY_OPAQUE);
            }
        }
        parent.chown(name, entry.uid(), entry.gid());
        parent.chmod(name, entry.mode());
        xattrs(parent, name, entry);
        directoryTimes.put(path, new Timed(entry.modified(), parent.stat(name).orElseThrow().inode()));
    }

    private void node(Directory parent, String name, FileType type, TarEntry entry) {
        replacing(parent, name, () -> parent.mknod(name, type, 0600, entry.major(), entry.minor()));
        attributes(parent, name, entry);
    }

    private void hardLink(Directory parent, String path, String name, TarEntry entry) {
        String target = MemberPath.of(entry.link());
        Directory from = parents.find(MemberPath.parent(target)).orElseThrow(() -> dangling(path, target));
        Stat existing = target.isEmpty() ? null : from.stat(MemberPath.name(target)).orElse(null);
        if (existing == null || existing.isDirectory() || existing.isWhiteout()) {
            throw dangling(path, target);
        }
        Optional<Stat> old = parent.stat(name);
        boolean same = old.filter(o -> o.inode() == existing.inode() && o.device() == existing.device()).isPresent();
        if (!same) {
            replacing(parent, name, () -> parent.link(from, MemberPath.name(target), name));
        }
    }

    private static Fault dangling(String path, String target) {
        return Fault.invalid("unpack", Shown.path(path), "hard link to " + Shown.path(target) + ", which is no file of the layer");
    }

    private void attributes(Directory parent, String name, TarEntry entry) {
        parent.chown(name, entry.uid(), entry.gid());
        if (entry.kind() != TarEntry.Kind.SYMBOLIC_LINK) {
            parent.chmod(name, entry.mode());
        }
        xattrs(parent, name, entry);
        parent.modified(name, entry.modified());
    }

    private void xattrs(Directory parent, String name, TarEntry entry) {
        for (Xattr xattr : entry.xattrs()) {
            set(xattr, () -> parent.setXattr(name, xattr));
        }
    }

    /** What the file system or the inode's kind does not support is counted and left out; capabilities are never left out. */
    private void set(Xattr xattr, Runnable call) {
        if (Whiteouts.isPrivate(xattr.name())) {
            return;
        }
        try {
            call.run();
        } catch (Fault fault) {
            Errno errno = fault.errno().orElse(Errno.EINVAL);
            boolean optional = errno == Errno.EOPNOTSUPP || errno == Errno.EPERM && !xattr.name().startsWith("security.");
            if (!optional) {
                throw fault;
            }
            xattrsRefused++;
        }
    }

    private void whiteout(String parentPath, String whiteout) {
        if (whiteout.equals(Whiteouts.OPAQUE)) {
            opaque(parentPath);
            return;
        }
        if (whiteout.startsWith(Whiteouts.RESERVED)) {
            return;
        }
        String name = whiteout.substring(Whiteouts.PREFIX.length());
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw Fault.invalid("unpack", Shown.path(parentPath + "/" + whiteout), "a whiteout of no name");
        }
        switch (whiteouts) {
            case OVERLAY -> {
                Directory parent = parents.at(parentPath);
                boolean made = parent.mknod(name, FileType.CHARACTER_DEVICE, 0, 0, 0);
                if (!made && parent.stat(name).filter(Stat::isDirectory).isPresent()) {
                    parent.setXattr(name, Whiteouts.OVERLAY_OPAQUE);
                }
            }
            case DELETE -> {
                String path = parentPath.isEmpty() ? name : parentPath + "/" + name;
                parents.find(parentPath).ifPresent(parent -> remove(parent, path, name));
            }
            case NONE -> { }
        }
    }

    private void opaque(String path) {
        switch (whiteouts) {
            case OVERLAY -> parents.at(path).setXattr(Whiteouts.OVERLAY_OPAQUE);
            case DELETE -> parents.find(path).ifPresent(directory -> empty(directory, path));
            case NONE -> { }
        }
    }

    /** Removes what is not this layer's own; of its own directories what lies in them from below. */
    private void remove(Directory parent, String path, String name) {
        if (!written.contains(path)) {
            clear(parent, name);
        } else if (parent.stat(name).filter(Stat::isDirectory).isPresent()) {
            try (Directory kept = parent.open(name)) {
                empty(kept, path);
            }
        }
    }

    private void empty(Directory directory, String path) {
        try (Directory here = directory.within("").orElseThrow()) {
            for (DirectoryEntry entry : here.entries()) {
                remove(here, path.isEmpty() ? entry.name() : path + "/" + entry.name(), entry.name());
            }
        }
    }

    @Override
    public void close() {
        parents.close();
    }
}
