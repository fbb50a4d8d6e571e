package dev.carafe.transport;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Ingest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** An OCI image layout in a directory (image-spec image-layout.md). */
final class DirectorySource implements LayoutSource {
    private final Path directory;
    private final ContentStore store;

    DirectorySource(Path directory, ContentStore store) {
        this.directory = directory;
        this.store = store;
    }

    @Override
    public Optional<byte[]> document(String name) {
        try (InputStream in = Files.newInputStream(directory.resolve(name))) {
            byte[] bytes = in.readNBytes(LayoutLoad.DOCUMENT_LIMIT + 1);
            if (bytes.length > LayoutLoad.DOCUMENT_LIMIT) {
                throw Fault.of(Fault.Kind.EXHAUSTED, "load", "\"" + name + "\"", "longer than a document may be");
            }
            return Optional.of(bytes);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "load", "\"" + name + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    @Override
    public void fetch(Digest digest, long size) {
        if (store.has(digest)) {
            return;
        }
        Path blob = directory.resolve("blobs").resolve(digest.algorithm().toString()).resolve(digest.hex());
        try (InputStream in = Files.newInputStream(blob);
                Ingest ingest = store.ingest(digest, size)) {
            if (!ingest.complete()) {
                in.skipNBytes(ingest.offset());
                ingest.write(in);
                ingest.commit();
            }
        } catch (NoSuchFileException absent) {
            throw Fault.notFound("load blob", digest.toString(), "not in the layout \"" + directory + "\"");
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "load blob", digest.toString(), String.valueOf(e.getMessage())).cause(e);
        }
    }
}
