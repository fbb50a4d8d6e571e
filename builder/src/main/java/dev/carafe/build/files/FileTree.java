package dev.carafe.build.files;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.FileType;
import dev.carafe.kernel.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A tree that files are taken from.
 *
 * @param root its root; its opener's to close
 * @param ignored what does not count as being there
 * @param owned whether owners mean something: not those of files on the host, which become root's
 */
public record FileTree(Directory root, IgnoreRules ignored, boolean owned) {
    private static final int LINKS_FOLLOWED = 40;

    /** A file of the tree. @param path relative to the root, without dots; empty for the root itself */
    public record Found(String path, Stat stat) {
        public boolean isDirectory() {
            return stat.isDirectory();
        }

        public String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static String below(String directory, String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    /** The path without dots and slashes at its ends; what climbs out begins at the root again. */
    static String clean(String path) {
        String clean = java.nio.file.Path.of("/" + path).normalize().toString();
        return clean.substring(1);
    }

    /** What is there by that very name. */
    Optional<Found> at(String path) {
        if (path.isEmpty()) {
            return Optional.of(new Found("", root.stat()));
        }
        try (Directory parent = root.within(parent(path)).orElse(null)) {
            return parent == null ? Optional.empty() : parent.stat(name(path)).map(stat -> new Found(path, stat));
        } catch (Fault fault) {
            if (fault.errno().filter(e -> e == Errno.ENOTDIR || e == Errno.ELOOP).isPresent()) {
                return Optional.empty();
            }
            throw fault;
        }
    }

    /** What a path leads to: links in its last part are followed, within the tree. */
    Optional<Found> followed(String path) {
        String at = path;
        for (int links = 0; links < LINKS_FOLLOWED; links++) {
            Optional<Found> found = at(at);
            if (found.isEmpty() || found.get().stat().type() != FileType.SYMBOLIC_LINK) {
                return found;
            }
            String text;
            try (Directory parent = root.within(parent(at)).orElseThrow()) {
                text = parent.readlink(name(at));
            }
            at = clean(text.startsWith("/") ? text : below(parent(at), text));
        }
        throw Fault.of(Errno.ELOOP, "find", "\"" + path + "\"");
    }

    /** Whether it is there for a build: neither it nor a directory that it is in is left out. */
    boolean counts(String path) {
        return path.isEmpty() || !ignored.ignores(path);
    }

    /** What is in a directory, in the order of names, without what is left out. A directory that is left out comes along when some of it may be taken in again. */
    List<Found> list(String path) {
        var found = new ArrayList<Found>();
        try (Directory directory = root.within(path).orElse(null)) {
            if (directory == null) {
                return found;
            }
            for (DirectoryEntry entry : directory.entries()) {
                String child = below(path, entry.name());
                Optional<Stat> stat = directory.stat(entry.name());
                if (stat.isPresent() && stat.get().type() != FileType.SOCKET && (counts(child) || stat.get().isDirectory() && ignored.mayTakeIn())) {
                    found.add(new Found(child, stat.get()));
                }
            }
        }
        found.sort((a, b) -> a.path.compareTo(b.path));
        return found;
    }
}
