package dev.carafe.transport;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.BlobReader;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * One image as plain files in a directory, as skopeo's transport {@code dir:} has it: {@code version}, {@code manifest.json}, each blob
 * under the digits of its digest, and for an index its manifests as {@code HEX.manifest.json}.
 */
final class DirPlace implements ImageSource, ImageTarget {
    private static final String VERSION = "Directory Transport Version: 1.1\n";
    private static final String MANIFEST = "manifest.json";

    private final Path directory;

    DirPlace(Path directory) {
        this.directory = directory;
    }

    @Override
    public Document top() {
        return Document.of("", read(MANIFEST));
    }

    @Override
    public Document document(Descriptor descriptor) {
        return Document.of(descriptor.mediaType(), read(descriptor.digest().hex() + "." + MANIFEST)).verified(descriptor.digest().toString(), "\"" + directory + "\"");
    }

    private byte[] read(String name) {
        try (InputStream in = Files.newInputStream(directory.resolve(name))) {
            return in.readNBytes(LayoutLoad.DOCUMENT_LIMIT);
        } catch (NoSuchFileException absent) {
            throw Fault.notFound("open", "\"" + directory + "\"", "there is no " + name + " in it");
        } catch (IOException e) {
            throw fault(e);
        }
    }

    @Override
    public BlobReader blob(Descriptor descriptor) {
        return offset -> {
            InputStream in = Files.newInputStream(path(descriptor.digest()));
            in.skipNBytes(offset);
            return in;
        };
    }

    /** Digits of other algorithms than sha256 carry its name before them. */
    private Path path(Digest digest) {
        return directory.resolve(digest.algorithm() == Digest.Algorithm.SHA256 ? digest.hex() : digest.algorithm() + "-" + digest.hex());
    }

    @Override
    public Outcome put(Descriptor blob, BlobReader bytes) {
        try {
            Path path = path(blob.digest());
            if (Files.exists(path) && Files.size(path) == blob.size()) {
                return Outcome.EXISTS;
            }
            Files.createDirectories(directory);
            Path draft = Files.createTempFile(directory, ".draft-", "");
            try (InputStream in = VerifiedReader.open(blob, bytes)) {
                Files.copy(in, draft, StandardCopyOption.REPLACE_EXISTING);
                Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
            return Outcome.WRITTEN;
        } catch (IOException e) {
            throw fault(e);
        }
    }

    @Override
    public void put(Document document) {
        write(document.digest().hex() + "." + MANIFEST, document.bytes());
    }

    @Override
    public void finish(Document top) {
        write("version", VERSION.getBytes(StandardCharsets.US_ASCII));
        write(MANIFEST, top.bytes());
    }

    private void write(String name, byte[] bytes) {
        try {
            Files.createDirectories(directory);
            Files.write(directory.resolve(name), bytes);
        } catch (IOException e) {
            throw fault(e);
        }
    }

    private Fault fault(IOException e) {
        return Fault.of(Fault.Kind.UNAVAILABLE, "use", "\"" + directory + "\"", String.valueOf(e.getMessage())).cause(e);
    }

    @Override
    public void close() {}
}
