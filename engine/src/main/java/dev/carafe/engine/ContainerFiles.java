package dev.carafe.engine;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.LayerWriter;
import dev.carafe.archive.TreeReader;
import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.FileType;
import dev.carafe.kernel.LockFile;
import dev.carafe.kernel.Stat;
import dev.carafe.oci.runtime.Mount;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of a container, as its processes see them, for one who copies. One that runs is entered by way of its init's root; for one that does not,
 * its file system is mounted for the moment, seen by nobody else, and it cannot be started meanwhile.
 *
 * <p>Every path is resolved by the kernel as if the container's root were the machine's (openat2(2), RESOLVE_IN_ROOT, no magic links), so whatever
 * links the container holds, nothing outside is read or written.
 */
public final class ContainerFiles implements AutoCloseable {
    private static final int LINKS_FOLLOWED = 40;

    private final FileSystem files;
    private final String shown;
    private final @Nullable LockFile lock;
    private final @Nullable MountedSnapshot mounted;
    private final Directory root;
    /** What is mounted in one that does not run, the longest destination first. */
    private final List<Mount> mounts;

    private ContainerFiles(FileSystem files, String shown, @Nullable LockFile lock, @Nullable MountedSnapshot mounted, Directory root, List<Mount> mounts) {
        this.files = files;
        this.shown = shown;
        this.lock = lock;
        this.mounted = mounted;
        this.root = root;
        this.mounts = mounts;
    }

    static ContainerFiles open(Containers all, Container container) {
        String name = "\"" + container.record().name() + "\"";
        ContainerStatus status = container.status();
        if (status.running()) {
            return running(all, name, status);
        }
        LockFile lock = all.lock(container.id());
        try {
            status = container.status();
            if (status.running()) {
                lock.close();
                return running(all, name, status);
            }
            var snapshot = all.snapshots.find(container.id()).orElseThrow(() -> Fault.of(Fault.Kind.UNSUPPORTED, "open files of", name,
                    "it has files only while it runs"));
            MountedSnapshot mounted = MountedSnapshot.writable(all.files, snapshot.mounts());
            var mounts = new ArrayList<Mount>();
            for (Mount mount : container.bundle().mounts()) {
                if (mount.type().orElse("").equals("bind")) {
                    mounts.add(mount);
                }
            }
            mounts.sort((a, b) -> b.destination().length() - a.destination().length());
            return new ContainerFiles(all.files, name, lock, mounted, mounted.root(), mounts);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static ContainerFiles running(Containers all, String name, ContainerStatus status) {
        return new ContainerFiles(all.files, name, null, null, all.files.directory("/proc/" + status.pid() + "/root"), List.of());
    }

    /** A directory to begin at, and the rest of the path, without a slash in front. */
    private record Place(Directory from, boolean own, String rest) implements AutoCloseable {
        @Override
        public void close() {
            if (own) {
                from.close();
            }
        }
    }

    /** Dots are taken out by the words alone, as docker does, before anything is looked up. */
    static String clean(String path) {
        return Path.of("/" + path).normalize().toString();
    }

    private Place place(String path) {
        String clean = clean(path);
        if (clean.startsWith("/proc/") || clean.startsWith("/sys/")) {
            // Files of the kernel have no size that an archive could say, and docker shows none of them either.
            throw missing(path);
        }
        for (Mount mount : mounts) {
            String at = mount.destination();
            if (clean.equals(at) || clean.startsWith(at + "/")) {
                Path source = Path.of(mount.source().orElse("/"));
                if (Files.isDirectory(source)) {
                    return new Place(files.directory(source.toString()), true, clean.equals(at) ? "" : clean.substring(at.length() + 1));
                } else if (clean.equals(at)) {
                    return new Place(files.directory(source.getParent().toString()), true, source.getFileName().toString());
                }
            }
        }
        return new Place(root, false, clean.substring(1));
    }

    private static String parent(String rest) {
        int slash = rest.lastIndexOf('/');
        return slash < 0 ? "" : rest.substring(0, slash);
    }

    private static String name(String rest) {
        return rest.substring(rest.lastIndexOf('/') + 1);
    }

    /** What is there; a link itself, unless the path ends in a slash. Empty when nothing is. */
    public Optional<PathStat> stat(String path) {
        boolean directory = path.endsWith("/") || path.endsWith("/.");
        try (Place place = place(path)) {
            if (place.rest.isEmpty() || directory) {
                try (Directory found = place.from.within(place.rest).orElse(null)) {
                    return found == null ? Optional.empty() : Optional.of(stat(name(clean(path)), found.stat(), ""));
                }
            }
            try (Directory holder = place.from.within(parent(place.rest)).orElse(null)) {
                if (holder == null) {
                    return Optional.empty();
                }
                String name = name(place.rest);
                Optional<Stat> stat = holder.stat(name);
                return stat.map(s -> stat(name(clean(path)), s, s.type() == FileType.SYMBOLIC_LINK ? holder.readlink(name) : ""));
            }
        } catch (Fault fault) {
            if (fault.errno().filter(e -> e == Errno.ENOTDIR || e == Errno.ELOOP).isPresent() && !directory) {
                return Optional.empty();
            }
            throw fault;
        }
    }

    private static PathStat stat(String name, Stat stat, String link) {
        PathStat.Kind kind = switch (stat.type()) {
            case DIRECTORY -> PathStat.Kind.DIRECTORY;
            case REGULAR -> PathStat.Kind.FILE;
            case SYMBOLIC_LINK -> PathStat.Kind.LINK;
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> PathStat.Kind.OTHER;
        };
        return new PathStat(name, kind, stat.size(), stat.mode(), stat.modified(), link);
    }

    /** The path that a path leads to, with links in its last part followed, within the container. */
    public String followed(String path) {
        String at = path;
        for (int links = 0; links < LINKS_FOLLOWED; links++) {
            Optional<PathStat> stat = stat(at);
            if (stat.isEmpty() || stat.get().kind() != PathStat.Kind.LINK) {
                return at;
            }
            String text = stat.get().link();
            at = clean(text.startsWith("/") ? text : parent(clean(at)) + "/" + text);
        }
        throw Fault.of(Errno.ELOOP, "find", "\"" + path + "\" in container " + shown);
    }

    Fault missing(String path) {
        return Fault.notFound("find", "\"" + path + "\" in container " + shown, "no such file or directory");
    }

    /**
     * Writes what is there as an archive; of a directory whose path ends in {@code /.} what is in it.
     *
     * @param as its first name in the archive
     */
    void archive(String path, String as, OutputStream out) {
        try (Place place = place(path)) {
            if (place.rest.isEmpty() || path.endsWith("/") || path.endsWith("/.")) {
                try (Directory found = place.from.within(place.rest).orElseThrow(() -> missing(path))) {
                    LayerWriter.plain(out).directory(found, as);
                }
                return;
            }
            try (Directory holder = place.from.within(parent(place.rest)).orElseThrow(() -> missing(path))) {
                if (holder.stat(name(place.rest)).isEmpty()) {
                    throw missing(path);
                }
                LayerWriter.plain(out).resource(holder, name(place.rest), as);
            }
        }
    }

    /** As {@link #archive(String, String, OutputStream)}, under the name that it has there: docker's Engine API, ContainerArchive. */
    public void archive(String path, OutputStream out) {
        String name = name(clean(path));
        archive(path, path.endsWith("/.") || name.isEmpty() ? "." : name, out);
    }

    /**
     * Unpacks an archive into a directory: docker's Engine API, PutContainerArchive.
     *
     * @param owner whose everything is to be; empty: as the archive says
     */
    public void extract(String directory, InputStream archive, Optional<Account> owner) {
        extract(directory, archive, new CopyNames("", ""), owner.map(o -> (int) o.uid()), owner.map(o -> (int) o.gid()));
    }

    void extract(String directory, InputStream archive, CopyNames names, Optional<Integer> uid, Optional<Integer> gid) {
        try (Place place = place(directory)) {
            try (Directory found = place.from.within(place.rest).orElseThrow(() -> missing(directory))) {
                // Only that it is there; links within the archive's paths are followed from the root, as for a process of the container.
                found.stat();
            }
            new TreeReader(ArchiveLimits.DEFAULT).unpack(archive, place.from, member ->
                    names.placed(member, place.rest).map(entry -> uid.isEmpty() ? entry : entry.ownedBy(uid.get(), gid.orElseThrow())));
        }
    }

    @Override
    public void close() {
        if (mounted != null) {
            mounted.close();
        } else {
            root.close();
        }
        if (lock != null) {
            lock.close();
        }
    }
}
