package dev.carafe.engine;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.MemberPath;
import dev.carafe.archive.TarEntry;
import dev.carafe.archive.TarReader;
import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.Stat;
import dev.carafe.snapshot.Snapshot;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a container did to one path: docker's Change.
 *
 * @param path from the container's root, beginning with a slash
 */
public record FileChange(Kind kind, String path) {
    /** What was done; {@link #ordinal} is docker's number for it. */
    public enum Kind {
        CHANGED, ADDED, DELETED;

        /** As docker's diff prints it. */
        public String letter() {
            return name().substring(0, 1);
        }
    }

    private static final String OPAQUE = ".wh..wh..opq";
    private static final String REMOVED = ".wh.";
    /** Made by every start so that something can be mounted there; none of the container's doing. */
    private static final Set<String> MOUNTPOINTS = Set.of("etc/hostname", "etc/hosts", "etc/resolv.conf", "dev", "proc", "sys", "sbin/carafe-init");

    /** Whether the path is one of those that a start makes. */
    static boolean isOfTheStart(String path) {
        return MOUNTPOINTS.contains(path) || path.startsWith("dev/") || path.startsWith("proc/") || path.startsWith("sys/");
    }

    static List<FileChange> of(Containers all, Container container) {
        Snapshot snapshot = container.snapshot("compare");
        try (MountedSnapshot image = MountedSnapshot.image(all.files, snapshot.mounts())) {
            return new Comparison(image.root()).read(all, container.id());
        }
    }

    /** Reads the layer that the container would be, and asks of each member whether the image has it. */
    private static final class Comparison {
        private final Directory image;
        private final Map<String, Kind> changes = new TreeMap<>();
        /** Directories that stand in the layer, and may do so only for what is in them. */
        private final Map<String, TarEntry> unsure = new TreeMap<>();

        Comparison(Directory image) {
            this.image = image;
        }

        List<FileChange> read(Containers all, String id) {
            try (var in = new PipedInputStream(1 << 16)) {
                var out = new PipedOutputStream(in);
                Thread writer = Thread.ofPlatform().daemon().start(() -> {
                    try (out) {
                        all.snapshots.diff(id, out);
                    } catch (IOException | Fault gone) {
                        // The reader meets an archive that is cut short, and says so.
                    }
                });
                var reader = new TarReader(in, ArchiveLimits.DEFAULT);
                for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                    add(entry.get());
                }
                in.transferTo(java.io.OutputStream.nullOutputStream());
                writer.join();
            } catch (IOException e) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "compare", "\"" + id + "\"", String.valueOf(e.getMessage())).cause(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.of(Fault.Kind.CANCELLED, "compare", "\"" + id + "\"", "interrupted");
            }
            return list();
        }

        private void add(TarEntry member) {
            String path = MemberPath.of(member.path());
            int slash = path.lastIndexOf('/');
            String parent = slash < 0 ? "" : path.substring(0, slash);
            String name = path.substring(slash + 1);
            if (path.isEmpty() || isOfTheStart(path)) {
                return;
            }
            if (name.equals(OPAQUE)) {
                hidden(parent);
            } else if (name.startsWith(REMOVED)) {
                changes.put(parent.isEmpty() ? name.substring(4) : parent + "/" + name.substring(4), Kind.DELETED);
            } else {
                Optional<Stat> before = stat(path);
                if (before.isPresent() && before.get().isDirectory() && member.kind() == TarEntry.Kind.DIRECTORY) {
                    unsure.put(path, member);
                } else {
                    changes.put(path, before.isPresent() ? Kind.CHANGED : Kind.ADDED);
                }
            }
        }

        private Optional<Stat> stat(String path) {
            int slash = path.lastIndexOf('/');
            try (Directory parent = image.within(slash < 0 ? "" : path.substring(0, slash)).orElse(null)) {
                return parent == null ? Optional.empty() : parent.stat(path.substring(slash + 1));
            } catch (Fault notADirectory) {
                if (notADirectory.errno().filter(e -> e == Errno.ENOTDIR || e == Errno.ELOOP).isPresent()) {
                    return Optional.empty();
                }
                throw notADirectory;
            }
        }

        /** All that the image has in a directory is gone, unless the layer, whose members come later, has it again. */
        private void hidden(String directory) {
            try (Directory before = image.within(directory).orElse(null)) {
                if (before != null) {
                    for (DirectoryEntry entry : before.entries()) {
                        changes.put(directory + "/" + entry.name(), Kind.DELETED);
                    }
                }
            }
        }

        private List<FileChange> list() {
            var parents = new HashSet<String>();
            for (String path : changes.keySet()) {
                for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                    parents.add(path.substring(0, slash));
                }
            }
            unsure.forEach((path, member) -> {
                Stat before = stat(path).orElseThrow();
                boolean touched = before.mode() != member.mode() || before.uid() != member.uid() || before.gid() != member.gid();
                if (touched || parents.contains(path)) {
                    changes.put(path, Kind.CHANGED);
                    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                        changes.putIfAbsent(path.substring(0, slash), Kind.CHANGED);
                    }
                }
            });
            var list = new ArrayList<FileChange>();
            changes.forEach((path, kind) -> list.add(new FileChange(kind, "/" + path)));
            return list;
        }
    }
}
