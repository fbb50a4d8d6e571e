package dev.carafe.transport;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.Compression;
import dev.carafe.archive.MemberPath;
import dev.carafe.archive.TarEntry;
import dev.carafe.archive.TarReader;
import dev.carafe.archive.TarWriter;
import dev.carafe.base.Fault;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Archives of images as directories of plain files, for a while: unpacked to be read, packed when written. */
final class Packed {
    private static final int LINKS_FOLLOWED = 8;

    private Packed() {}

    /** Unpacks the files of an archive, packed or not, into a new directory of the caller's to {@linkplain #delete}. */
    static Path unpack(InputStream archive, String what) {
        Path directory = directory();
        try {
            Compression.Detected detected = Compression.detect(new BufferedInputStream(archive, 1 << 16));
            InputStream tar = detected.unpacked();
            var reader = new TarReader(tar, ArchiveLimits.DEFAULT);
            for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                take(entry.get(), reader, directory);
            }
            tar.transferTo(OutputStream.nullOutputStream());
            return directory;
        } catch (IOException | RuntimeException e) {
            delete(directory);
            if (e instanceof RuntimeException fault) {
                throw fault;
            }
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", what, String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** Member paths are normalised and stay below; a link becomes what it leads to when that came before, else a link within. */
    private static void take(TarEntry entry, TarReader reader, Path directory) throws IOException {
        Path path = directory.resolve(MemberPath.of(entry.path()));
        switch (entry.kind()) {
            case FILE -> {
                Files.createDirectories(path.getParent());
                Files.deleteIfExists(path);
                Files.copy(reader.content(), path);
            }
            case SYMBOLIC_LINK, HARD_LINK -> {
                String own = MemberPath.of(entry.path());
                int slash = own.lastIndexOf('/');
                boolean symbolic = entry.kind() == TarEntry.Kind.SYMBOLIC_LINK;
                Path target = directory.resolve(MemberPath.of((symbolic && slash >= 0 ? own.substring(0, slash + 1) : "") + entry.link()));
                Files.createDirectories(path.getParent());
                Files.deleteIfExists(path);
                Files.createSymbolicLink(path, target);
            }
            case DIRECTORY, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> { }
        }
    }

    /** A file of an unpacked archive, along its links, none of which leads out. */
    static Path file(Path directory, String name) {
        Path path = directory.resolve(MemberPath.of(name));
        try {
            for (int links = 0; links < LINKS_FOLLOWED && Files.isSymbolicLink(path); links++) {
                path = Files.readSymbolicLink(path);
            }
            if (!path.normalize().startsWith(directory) || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                throw Fault.notFound("read", "\"" + name + "\"", "the archive has no such member");
            }
            return path;
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + name + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** Writes the files of a directory as an archive, in the order of their names: the same files give the same bytes. */
    static void pack(Path directory, OutputStream archive) throws IOException {
        var out = new BufferedOutputStream(archive, 1 << 16);
        var tar = new TarWriter(out);
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.filter(Files::isRegularFile).sorted().toList()) {
                try (InputStream in = Files.newInputStream(path)) {
                    tar.put(TarEntry.builder(TarEntry.Kind.FILE, directory.relativize(path).toString()).size(Files.size(path)).build(), in);
                }
            }
        }
        tar.finish();
        out.flush();
    }

    static Path directory() {
        try {
            return Files.createTempDirectory("carafe-image-").toRealPath();
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "make", "a temporary directory", String.valueOf(e.getMessage())).cause(e);
        }
    }

    static void delete(Path directory) {
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : List.copyOf(found.sorted(Comparator.reverseOrder()).toList())) {
                Files.deleteIfExists(path);
            }
        } catch (IOException left) {
            // It is in the directory for temporary files.
        }
    }
}
