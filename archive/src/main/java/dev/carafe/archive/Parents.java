package dev.carafe.archive;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileType;
import dev.carafe.kernel.Stat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds, or makes, the directories that an archive's members go into, and keeps the latest open.
 *
 * <p>A path is resolved as by a process whose root the tree is. A directory that the archive leaves out gets owner and mode of
 * the one that lies below it in the stack; where a link lies below instead, the link is followed.
 */
final class Parents implements AutoCloseable {
    private static final int KEPT = 32;
    private static final int LINKS_FOLLOWED = 40;
    private static final int DEPTH = 2048;

    private final Directory root;
    private final List<Directory> lower;
    private final Consumer<String> made;
    private final Map<String, Directory> open = new LinkedHashMap<>(64, 0.75f, true);
    private boolean outdated;

    /** Whoever asks is told the clean path of each directory that is made on the way. */
    Parents(Directory root, List<Directory> lower, Consumer<String> made) {
        this.root = root;
        this.lower = List.copyOf(lower);
        this.made = made;
    }

    /** The directory at a clean path, made if need be. It stays this object's to close. */
    Directory at(String path) {
        if (path.isEmpty()) {
            return root;
        }
        Directory known = open.get(path);
        if (known != null) {
            return known;
        }
        return keep(path, ensure(path, 0, 0));
    }

    /** The directory at a clean path, if it is there. It stays this object's to close. */
    Optional<Directory> find(String path) {
        if (path.isEmpty()) {
            return Optional.of(root);
        }
        Directory known = open.get(path);
        return known != null ? Optional.of(known) : root.within(path).map(found -> keep(path, found));
    }

    private Directory keep(String path, Directory found) {
        if (open.size() >= KEPT) {
            var eldest = open.entrySet().iterator();
            eldest.next().getValue().close();
            eldest.remove();
        }
        open.put(path, found);
        return found;
    }

    /** To be called when a directory or link was removed: what is open may then not be what its path leads to. */
    void outdated() {
        outdated = true;
    }

    /** To be called before each member, when no directory from here is in use. */
    void refresh() {
        if (outdated) {
            close();
            outdated = false;
        }
    }

    private Directory ensure(String path, int links, int depth) {
        if (links > LINKS_FOLLOWED || depth > DEPTH) {
            throw Fault.invalid("unpack", Shown.path(path), "too many levels of links or directories");
        }
        Optional<Directory> found = root.within(path);
        if (found.isPresent()) {
            return found.get();
        }
        String parentPath = MemberPath.parent(path);
        String name = MemberPath.name(path);
        try (Directory parent = parentPath.isEmpty() ? root.within("").orElseThrow() : ensure(parentPath, links, depth + 1)) {
            Optional<Stat> there = parent.stat(name);
            if (there.isPresent() && there.get().type() == FileType.SYMBOLIC_LINK) {
                return ensure(target(parentPath, parent.readlink(name)), links + 1, depth + 1);
            }
            if (there.isPresent()) {
                throw Fault.invalid("unpack", Shown.path(path), "it is not a directory, and members lie beneath it");
            }
            Optional<Directory> below = lowerParent(parentPath, name);
            try {
                Optional<Stat> model = below.flatMap(d -> d.stat(name));
                if (model.isPresent() && model.get().type() == FileType.SYMBOLIC_LINK) {
                    return ensure(target(parentPath, below.orElseThrow().readlink(name)), links + 1, depth + 1);
                }
                made.accept(path);
                return make(parent, name, model.filter(Stat::isDirectory));
            } finally {
                below.ifPresent(Directory::close);
            }
        }
    }

    private static Directory make(Directory parent, String name, Optional<Stat> model) {
        parent.mkdir(name, 0755);
        Directory directory = parent.open(name);
        if (model.isPresent()) {
            directory.chown(model.get().uid(), model.get().gid());
            directory.chmod(model.get().mode());
        } else {
            directory.chmod(0755);
        }
        return directory;
    }

    /** Where a link leads, as a clean path; one that would climb out stops at the root, as the kernel does. */
    private static String target(String parentPath, String text) {
        var clean = new StringBuilder(text.startsWith("/") ? "" : parentPath);
        for (String component : text.split("/")) {
            if (component.equals("..")) {
                clean.setLength(Math.max(clean.lastIndexOf("/"), 0));
            } else if (!component.isEmpty() && !component.equals(".")) {
                clean.append(clean.isEmpty() ? "" : "/").append(component);
            }
        }
        return clean.isEmpty() ? "." : clean.toString();
    }

    /** The directory below in the stack, topmost first, that has something by that name. */
    private Optional<Directory> lowerParent(String parentPath, String name) {
        for (Directory layer : lower) {
            Optional<Directory> parent = directory(layer, parentPath);
            if (parent.isPresent()) {
                if (parent.get().stat(name).isPresent()) {
                    return parent;
                }
                parent.get().close();
            }
        }
        return Optional.empty();
    }

    private static Optional<Directory> directory(Directory layer, String path) {
        try {
            return layer.within(path);
        } catch (Fault notThere) {
            if (notThere.kind() == Fault.Kind.INVALID) {
                return Optional.empty();
            }
            throw notThere;
        }
    }

    @Override
    public void close() {
        open.values().forEach(Directory::close);
        open.clear();
    }
}
