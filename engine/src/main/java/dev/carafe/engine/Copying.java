package dev.carafe.engine;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.LayerWriter;
import dev.carafe.archive.TreeReader;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Copies between a container and the host by the rules of docker's cp (its reference, "Description"): what becomes of a source and a
 * destination that are files or directories, are there or not, end in a slash or not.
 */
final class Copying {
    private static final int PIPE = 1 << 16;

    private Copying() {
    }

    /** One end of a copy. */
    private record End(boolean exists, boolean directory, String path, boolean slash) {
    }

    /** Into which directory the archive of the source is unpacked, and what its members are called there. */
    private record Target(String directory, CopyNames names) {
    }

    private static Target target(String sourceName, boolean sourceIsDirectory, End destination) {
        String name = name(destination.path);
        if (destination.exists && destination.directory) {
            return new Target(destination.path, new CopyNames("", ""));
        }
        if (destination.exists && sourceIsDirectory) {
            throw Fault.of(Fault.Kind.CONFLICT, "copy to", "\"" + destination.path + "\"", "cannot copy directory")
                    .hint("the destination is no directory");
        }
        if (!destination.exists && !sourceIsDirectory && destination.slash) {
            throw Fault.notFound("copy to", "\"" + destination.path + "\"", "no such directory");
        }
        if (destination.exists && destination.slash) {
            throw Fault.invalid("copy to", "\"" + destination.path + "\"", "not a directory");
        }
        return new Target(parent(destination.path), new CopyNames(sourceName, name));
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static boolean hasSlash(String path) {
        return path.endsWith("/") || path.endsWith("/.");
    }

    static void in(Containers all, Container container, Path source, String given, String destination, CopyOptions options) {
        Optional<Account> owner = options.archive() ? Optional.of(container.account()) : Optional.empty();
        try (ContainerFiles files = container.files()) {
            in(files, all.files, source, given, destination, options.followLinks(), owner);
        }
    }

    static void out(Containers all, Container container, String source, Path destination, String given, CopyOptions options) {
        try (ContainerFiles files = container.files()) {
            out(files, all.files, source, destination, given, options.followLinks(), options.archive(), own("uid"), own("gid"));
        }
    }

    /** Of whose user this process is, whom what leaves a container belongs to. */
    private static int own(String attribute) {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:" + attribute);
        } catch (IOException e) {
            throw StateFile.fault("read", Path.of("/proc/self"), e);
        }
    }

    /** @param owner whose everything becomes; empty: as it is on the host */
    private static void in(ContainerFiles container, FileSystem files, Path source, String given, String destination, boolean follow, Optional<Account> owner) {
        Path real = source(source, given, follow);
        boolean directory = Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS);
        String name = given.endsWith("/.") || real.getFileName() == null ? "." : source.getFileName().toString();
        // A link as destination stands for where it leads.
        String followed = hasSlash(destination) ? destination : container.followed(destination);
        Optional<PathStat> there = container.stat(hasSlash(followed) ? ContainerFiles.clean(followed) : followed);
        if (there.filter(stat -> stat.kind() == PathStat.Kind.LINK).isPresent()) {
            followed = container.followed(ContainerFiles.clean(followed));
            there = container.stat(followed);
        }
        if (there.filter(stat -> stat.kind() == PathStat.Kind.OTHER).isPresent()) {
            throw Fault.invalid("copy to", "\"" + destination + "\"", "the destination is a device or of another irregular kind");
        }
        Target target = target(name, directory, new End(there.isPresent(), there.filter(PathStat::isDirectory).isPresent(), ContainerFiles.clean(followed),
                hasSlash(destination)));
        piped(out -> {
            if (name.equals(".")) {
                try (Directory open = files.directory(real.toString())) {
                    LayerWriter.plain(out).directory(open, ".");
                }
            } else {
                try (Directory holder = files.directory(real.getParent().toString())) {
                    LayerWriter.plain(out).resource(holder, real.getFileName().toString(), name);
                }
            }
        }, in -> container.extract(target.directory, in, target.names, owner.map(o -> (int) o.uid()), owner.map(o -> (int) o.gid())));
    }

    private static Path source(Path source, String given, boolean follow) {
        if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
            throw Fault.notFound("copy", "\"" + source + "\"", "no such file or directory");
        }
        if (hasSlash(given) && !Files.isDirectory(source)) {
            throw Fault.invalid("copy", "\"" + source + "\"", "not a directory");
        }
        if (!follow && !hasSlash(given)) {
            return source;
        }
        try {
            return source.toRealPath();
        } catch (IOException e) {
            throw Fault.notFound("copy", "\"" + source + "\"", "no such file or directory").cause(e);
        }
    }

    /** @param keepOwners whether everything stays whose it was; else it becomes the engine's user's */
    private static void out(ContainerFiles container, FileSystem files, String source, Path destination, String given, boolean follow, boolean keepOwners, int uid,
            int gid) {
        String real = follow ? container.followed(source) : source;
        PathStat stat = container.stat(real).orElseThrow(() -> container.missing(source));
        if (hasSlash(source) && !stat.isDirectory()) {
            throw Fault.invalid("copy", "\"" + source + "\"", "not a directory");
        }
        String name = source.endsWith("/.") || stat.name().isEmpty() ? "." : name(ContainerFiles.clean(source));
        boolean there = Files.exists(destination);
        boolean directory = Files.isDirectory(destination);
        Target target = target(name, stat.isDirectory(), new End(there, directory, destination.toString(), hasSlash(given)));
        if (!Files.isDirectory(Path.of(target.directory))) {
            throw Fault.notFound("copy to", "\"" + destination + "\"", "invalid output path: directory \"" + target.directory + "\" does not exist");
        }
        piped(out -> container.archive(real, name, out), in -> {
            try (Directory root = files.directory(target.directory)) {
                new TreeReader(ArchiveLimits.DEFAULT).unpack(in, root, member ->
                        target.names.placed(member, "").map(entry -> keepOwners ? entry : entry.ownedBy(uid, gid)));
            }
        });
    }

    private interface Writing {
        void to(OutputStream out);
    }

    private interface Reading {
        void from(InputStream in);
    }

    /** Both at once, with a pipe between them; what the writer could not do is told first, since the reader then fails for lack of it. */
    private static void piped(Writing writing, Reading reading) {
        try (var in = new PipedInputStream(PIPE)) {
            var out = new PipedOutputStream(in);
            @Nullable RuntimeException[] failure = new RuntimeException[1];
            Thread writer = Thread.ofPlatform().daemon().start(() -> {
                try (out) {
                    writing.to(out);
                } catch (IOException gone) {
                    // The reader has had enough, and says why.
                } catch (RuntimeException e) {
                    failure[0] = e;
                }
            });
            RuntimeException refused = null;
            try {
                reading.from(in);
            } catch (RuntimeException e) {
                refused = e;
                in.close();
            }
            writer.join();
            RuntimeException first = failure[0];
            if (first != null && (refused == null || !isBroken(first))) {
                throw first;
            }
            if (refused != null) {
                throw refused;
            }
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "copy", "", String.valueOf(e.getMessage())).cause(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(Fault.Kind.CANCELLED, "copy", "", "interrupted");
        }
    }

    /** Whether it failed only because nobody reads any more. */
    private static boolean isBroken(RuntimeException fault) {
        return fault.getCause() instanceof IOException;
    }
}
