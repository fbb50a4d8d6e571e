package dev.carafe.transport;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.MemberPath;
import dev.carafe.archive.TarEntry;
import dev.carafe.archive.TarReader;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Ingest;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A tar archive of images, read once from front to back: its blobs go straight to the store, its documents are kept. What lies
 * where is known only at the end, since {@code docker save} writes its list last.
 */
final class ArchiveSource implements LayoutSource {
    private static final int LINKS_FOLLOWED = 8;
    private static final int DOCUMENTS = 16;

    private final ContentStore store;
    private final Map<String, byte[]> documents = new HashMap<>();
    private final Map<String, Digest> blobs = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();

    private ArchiveSource(ContentStore store) {
        this.store = store;
    }

    /** Reads the whole archive, not packed. */
    static ArchiveSource read(InputStream tar, ContentStore store) throws IOException {
        var source = new ArchiveSource(store);
        var reader = new TarReader(tar, ArchiveLimits.DEFAULT);
        for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            source.take(entry.get(), reader);
        }
        tar.transferTo(java.io.OutputStream.nullOutputStream());
        return source;
    }

    private void take(TarEntry entry, TarReader reader) throws IOException {
        String path = MemberPath.of(entry.path());
        switch (entry.kind()) {
            case FILE -> takeFile(path, entry, reader);
            case SYMBOLIC_LINK -> {
                int slash = path.lastIndexOf('/');
                links.put(path, MemberPath.of((slash < 0 ? "" : path.substring(0, slash + 1)) + entry.link()));
            }
            case HARD_LINK -> links.put(path, MemberPath.of(entry.link()));
            case DIRECTORY, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> { }
        }
    }

    private void takeFile(String path, TarEntry entry, TarReader reader) throws IOException {
        if (entry.sparse()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "load", "\"" + path + "\"", "a sparse member");
        }
        boolean top = path.indexOf('/') < 0;
        if (top && (path.equals("index.json") || path.equals("manifest.json") || path.equals("oci-layout"))) {
            takeDocument(path, entry, reader);
        } else if (!path.endsWith("/VERSION") && !path.endsWith("/json") && !path.equals("repositories")) {
            Optional<Digest> named = named(path);
            try (Ingest ingest = named.isPresent() ? store.ingest(named.get(), entry.size()) : store.ingest()) {
                if (ingest.complete()) {
                    blobs.put(path, named.orElseThrow());
                    return;
                }
                ingest.restart();
                ingest.write(reader.content());
                blobs.put(path, ingest.commit());
            }
        }
    }

    private void takeDocument(String path, TarEntry entry, TarReader reader) throws IOException {
        if (entry.size() > LayoutLoad.DOCUMENT_LIMIT || documents.size() >= DOCUMENTS) {
            throw Fault.of(Fault.Kind.EXHAUSTED, "load", "\"" + path + "\"", "longer than a document may be");
        }
        documents.put(path, reader.content().readAllBytes());
    }

    /** The digest in a path such as {@code blobs/sha256/HEX}. */
    private static Optional<Digest> named(String path) {
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            String prefix = "blobs/" + algorithm + "/";
            if (path.startsWith(prefix) && path.length() == prefix.length() + 2 * algorithm.length()) {
                return Optional.of(new Digest(algorithm, path.substring(prefix.length())));
            }
        }
        return Optional.empty();
    }

    /** Whether it is an OCI layout; what new versions of {@code docker save} write is both. */
    boolean isLayout() {
        return documents.containsKey("index.json");
    }

    /** What was stored for a member, also by way of links in the archive. */
    Digest blob(String path) {
        String at = MemberPath.of(path);
        for (int i = 0; i < LINKS_FOLLOWED && links.containsKey(at); i++) {
            at = links.get(at);
        }
        Digest found = blobs.get(at);
        if (found == null) {
            throw Fault.notFound("load", "\"" + path + "\"", "the archive has no such member");
        }
        return found;
    }

    @Override
    public Optional<byte[]> document(String name) {
        return Optional.ofNullable(documents.get(name));
    }

    @Override
    public void fetch(Digest digest, long size) {
        if (!store.has(digest)) {
            throw Fault.notFound("load blob", digest.toString(), "not in the archive");
        }
    }
}
