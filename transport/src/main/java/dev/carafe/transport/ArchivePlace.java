package dev.carafe.transport;

import dev.carafe.base.Fault;
import dev.carafe.content.BlobReader;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Another place, in a directory that becomes an archive once all is there; for {@code oci-archive:}, {@code docker-archive:} and engines that load one. */
final class ArchivePlace implements ImageTarget {
    /** Takes the finished archive. */
    interface Taker {
        void take(Path directory) throws IOException;
    }

    private final Path directory;
    private final ImageTarget inner;
    private final Taker taker;

    ArchivePlace(Path directory, ImageTarget inner, Taker taker) {
        this.directory = directory;
        this.inner = inner;
        this.taker = taker;
    }

    /** A taker that writes the archive to a file, which appears whole. */
    static Taker toFile(Path file) {
        return directory -> {
            Path draft = file.resolveSibling("." + file.getFileName() + ".part");
            try (OutputStream out = Files.newOutputStream(draft)) {
                Packed.pack(directory, out);
            }
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        };
    }

    @Override
    public Outcome put(Descriptor descriptor, BlobReader bytes) {
        return inner.put(descriptor, bytes);
    }

    @Override
    public void put(Document document) {
        inner.put(document);
    }

    @Override
    public void finish(Document top) {
        inner.finish(top);
        try {
            taker.take(directory);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "archive", String.valueOf(e.getMessage())).cause(e);
        }
    }

    @Override
    public void close() {
        Packed.delete(directory);
    }
}
