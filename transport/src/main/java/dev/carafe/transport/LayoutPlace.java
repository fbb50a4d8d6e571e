package dev.carafe.transport;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.BlobReader;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An image of an OCI layout in a directory (image-spec image-layout.md), told by its {@code org.opencontainers.image.ref.name}; the
 * transport {@code oci:}. Blobs and the index appear whole, by a rename.
 */
final class LayoutPlace implements ImageSource, ImageTarget {
    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final String INDEX_FILE = "index.json";

    private final Path directory;
    private final Optional<String> name;

    /** @param name absent for the only image of the layout */
    LayoutPlace(Path directory, Optional<String> name) {
        this.directory = directory;
        this.name = name;
    }

    @Override
    public Document top() {
        var found = new ArrayList<Descriptor>();
        List<Descriptor> all = index().manifests();
        for (Descriptor each : all) {
            if (name.isEmpty() || name.get().equals(each.annotations().get(REF_NAME))) {
                found.add(each);
            }
        }
        if (found.size() != 1) {
            String object = "\"" + directory + name.map(n -> ":" + n).orElse("") + "\"";
            throw found.isEmpty() ? Fault.notFound("find image", object, all.isEmpty() ? "the layout is empty" : "the layout has no image of that name")
                    : Fault.of(Fault.Kind.CONFLICT, "find image", object, "the layout has " + found.size() + " images").hint("name one behind a colon");
        }
        return document(found.getFirst());
    }

    private Index index() {
        try {
            return Index.parse(Files.readAllBytes(directory.resolve(INDEX_FILE)));
        } catch (NoSuchFileException absent) {
            throw Fault.notFound("open", "\"" + directory + "\"", "no image layout: there is no index.json");
        } catch (IOException e) {
            throw fault("read", e);
        }
    }

    @Override
    public Document document(Descriptor descriptor) {
        try (InputStream in = Files.newInputStream(path(descriptor.digest()))) {
            byte[] bytes = in.readNBytes(LayoutLoad.DOCUMENT_LIMIT);
            return Document.of(descriptor.mediaType(), bytes).verified(descriptor.digest().toString(), "\"" + directory + "\"");
        } catch (NoSuchFileException absent) {
            throw Fault.notFound("read blob", descriptor.digest().toString(), "not in the layout \"" + directory + "\"");
        } catch (IOException e) {
            throw fault("read", e);
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

    private Path path(Digest digest) {
        return directory.resolve("blobs").resolve(digest.algorithm().toString()).resolve(digest.hex());
    }

    @Override
    public Outcome put(Descriptor blob, BlobReader bytes) {
        Path path = path(blob.digest());
        try {
            if (Files.exists(path) && Files.size(path) == blob.size()) {
                return Outcome.EXISTS;
            }
            Files.createDirectories(path.getParent());
            Path draft = Files.createTempFile(path.getParent(), ".draft-", "");
            try (InputStream in = VerifiedReader.open(blob, bytes)) {
                Files.copy(in, draft, StandardCopyOption.REPLACE_EXISTING);
                Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
            return Outcome.WRITTEN;
        } catch (IOException e) {
            throw fault("write", e);
        }
    }

    @Override
    public void put(Document document) {
        put(document.descriptor(), offset -> new java.io.ByteArrayInputStream(document.bytes()));
    }

    @Override
    public void finish(Document top) {
        put(top);
        try {
            Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
            var kept = new ArrayList<Descriptor>();
            if (Files.exists(directory.resolve(INDEX_FILE))) {
                for (Descriptor each : index().manifests()) {
                    boolean replaced = name.isPresent() ? name.get().equals(each.annotations().get(REF_NAME)) : each.annotations().get(REF_NAME) == null;
                    if (!replaced) {
                        kept.add(each);
                    }
                }
            }
            Map<String, String> annotations = new LinkedHashMap<>();
            name.ifPresent(n -> annotations.put(REF_NAME, n));
            kept.add(top.descriptor().toBuilder().annotations(annotations).build());
            Path draft = Files.createTempFile(directory, ".index-", "");
            Files.write(draft, Json.compact(new Index(Optional.of(MediaType.INDEX), Optional.empty(), kept, Optional.empty(), Map.of()).json()).getBytes(StandardCharsets.UTF_8));
            Files.move(draft, directory.resolve(INDEX_FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw fault("write", e);
        }
    }

    /** Takes the name away; blobs stay, since other names may need them. */
    void remove() {
        Document top = top();
        var kept = index().manifests().stream().filter(each -> !(each.digest().equals(top.digest()) && (name.isEmpty() || name.get().equals(each.annotations().get(REF_NAME))))).toList();
        try {
            Files.write(directory.resolve(INDEX_FILE), Json.compact(Index.of(kept).json()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw fault("write", e);
        }
    }

    private Fault fault(String doing, IOException e) {
        return Fault.of(Fault.Kind.UNAVAILABLE, doing, "\"" + directory + "\"", String.valueOf(e.getMessage())).cause(e);
    }

    @Override
    public void close() {}
}
