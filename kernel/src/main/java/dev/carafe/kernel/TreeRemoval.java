package dev.carafe.kernel;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Removes a tree by directory descriptors, so that no link in it and no rename beside it can lead the removal elsewhere.
 *
 * <p>A mount point inside stops it with EBUSY before anything below the mount is touched (RESOLVE_NO_XDEV). Names that vanish
 * meanwhile count as removed, so two removals of one tree do not disturb each other. However deep the tree, no more than
 * {@link #HELD} directories are open at once: deeper ones are first moved up to the top.
 */
final class TreeRemoval {
    static final int HELD = 64;

    private final Directory parent;
    private final ArrayDeque<Frame> frames = new ArrayDeque<>();
    private long moved;

    /** A directory on the way down, the name that it has in the one above, and what of it is still to be visited. */
    private record Frame(Directory directory, String name, Iterator<DirectoryEntry> rest) {
        static Frame of(Directory directory, String name) {
            return new Frame(directory, name, list(directory).iterator());
        }
    }

    TreeRemoval(Directory parent) {
        this.parent = parent;
    }

    void remove(String name) {
        if (unlinked(parent, name)) {
            return;
        }
        Optional<Directory> top = entered(parent, name);
        if (top.isEmpty()) {
            return;
        }
        try (Directory directory = top.get()) {
            do {
                empty(directory);
            } while (moved > 0 && !list(directory).isEmpty());
        }
        parent.rmdir(name);
    }

    /** A directory that another has removed while it was open cannot be listed; there is nothing in it. */
    private static List<DirectoryEntry> list(Directory directory) {
        try {
            return directory.entries();
        } catch (Fault fault) {
            if (fault.errno().filter(e -> e == Errno.ENOENT).isPresent()) {
                return List.of();
            }
            throw fault;
        }
    }

    private void empty(Directory top) {
        frames.push(Frame.of(top, ""));
        try {
            while (!frames.isEmpty()) {
                Frame frame = frames.peek();
                if (frame.rest().hasNext()) {
                    visit(frame.directory(), frame.rest().next(), top);
                    continue;
                }
                frames.pop();
                if (frame.directory() != top) {
                    frame.directory().close();
                    frames.peek().directory().rmdir(frame.name());
                }
            }
        } finally {
            for (Frame left : frames) {
                if (left.directory() != top) {
                    left.directory().close();
                }
            }
            frames.clear();
        }
    }

    private void visit(Directory here, DirectoryEntry entry, Directory top) {
        boolean directory = entry.type().filter(t -> t == FileType.DIRECTORY).isPresent();
        if (!directory && unlinked(here, entry.name())) {
            return;
        }
        if (frames.size() >= HELD) {
            here.rename(entry.name(), top, ".deep-" + entry.inode() + "-" + moved++);
            return;
        }
        entered(here, entry.name()).ifPresent(below -> frames.push(Frame.of(below, entry.name())));
    }

    /** Empty when the directory is gone. One that its owner may not read, such as the work directory of an overlay, is made readable. */
    private static Optional<Directory> entered(Directory here, String name) {
        try {
            return here.findOnSameMount(name);
        } catch (Fault fault) {
            Errno errno = fault.errno().orElse(Errno.EINVAL);
            if (errno == Errno.EACCES) {
                here.chmod(name, 0700);
                return here.findOnSameMount(name);
            }
            if (errno == Errno.EXDEV) {
                throw Fault.of(Errno.EBUSY, "remove", Scratch.quote(here.path() + "/" + name))
                        .hint("something is mounted there");
            }
            throw fault;
        }
    }

    /** False when it is a directory. */
    private static boolean unlinked(Directory here, String name) {
        return here.unlinkFile(name);
    }
}
