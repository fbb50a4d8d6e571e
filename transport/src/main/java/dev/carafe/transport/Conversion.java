package dev.carafe.transport;

import dev.carafe.archive.Compression;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.BlobReader;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes an image on its way between two places: the form of its documents (OCI or Docker's schema 2), and how its layers are
 * packed. The configuration stays byte by byte, and with it the image's id; the digest of the manifest changes.
 */
public final class Conversion {
    /** Brings blobs to the target. */
    interface Bringer {
        void bring(List<Descriptor> blobs, List<BlobReader> readers);
    }

    /** The form of documents. */
    public enum Format { OCI, DOCKER }

    /**
     * How an image is to be.
     *
     * @param format of its documents; absent for as they are
     * @param compression of its layers; absent for as they are
     * @param preserveDigests whether a change is a fault
     */
    public record Form(Optional<Format> format, Optional<Compression> compression, boolean preserveDigests) {
        public static final Form AS_IS = new Form(Optional.empty(), Optional.empty(), false);
    }

    private final ImageSource source;
    private final Form form;
    private final Bringer bringer;

    Conversion(ImageSource source, Form form, Bringer bringer) {
        this.source = source;
        this.form = form;
        this.bringer = bringer;
    }

    /** Brings the blobs of a manifest; the manifest as it is then. */
    Document convert(Document document) {
        Manifest manifest = document.manifest();
        var drafts = new ArrayList<Path>();
        try {
            var layers = new ArrayList<Descriptor>();
            var blobs = new ArrayList<Descriptor>();
            var readers = new ArrayList<BlobReader>();
            Format format = form.format().orElse(document.mediaType().equals(MediaType.DOCKER_MANIFEST) ? Format.DOCKER : Format.OCI);
            Descriptor config = manifest.config().toBuilder().mediaType(configType(manifest.config().mediaType(), format)).build();
            blobs.add(config);
            readers.add(source.blob(manifest.config()));
            List<Descriptor> kept = Copy.blobsOf(manifest);
            for (Descriptor layer : manifest.layers()) {
                Descriptor made = layer;
                BlobReader reader = source.blob(layer);
                if (form.compression().isPresent() && MediaType.isLayer(layer.mediaType()) && kept.contains(layer) && compression(layer) != form.compression().get()) {
                    Path draft = Files.createTempFile("carafe-layer-", "");
                    drafts.add(draft);
                    made = pack(layer, reader, draft, form.compression().get());
                    reader = offset -> {
                        InputStream in = Files.newInputStream(draft);
                        in.skipNBytes(offset);
                        return in;
                    };
                }
                made = made.toBuilder().mediaType(layerType(made, format)).build();
                layers.add(made);
                if (kept.contains(layer)) {
                    blobs.add(made);
                    readers.add(reader);
                }
            }
            bringer.bring(blobs, readers);
            if (config.equals(manifest.config()) && layers.equals(manifest.layers()) && document.mediaType().equals(type(format))) {
                return document;
            }
            refuseWherePreserved(document);
            Manifest changed = manifest.toBuilder().mediaType(type(format)).config(config).layers(layers).build();
            return Document.of(type(format), Json.compact(changed.json()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "repack layers of", document.digest().toString(), String.valueOf(e.getMessage())).cause(e);
        } finally {
            drafts.forEach(draft -> draft.toFile().delete());
        }
    }

    private void refuseWherePreserved(Document document) {
        if (form.preserveDigests()) {
            throw Fault.of(Fault.Kind.CONFLICT, "copy", document.digest().toString(), "the change would give it another digest").hint("leave --preserve-digests out");
        }
    }

    /** An index whose manifests may have changed; the same document when nothing has. */
    static Document index(Document document, List<Descriptor> children, boolean changed, Form form) {
        String type = form.format().map(format -> format == Format.OCI ? MediaType.INDEX : MediaType.DOCKER_LIST).orElse(document.mediaType());
        if (!changed && type.equals(document.mediaType())) {
            return document;
        }
        if (form.preserveDigests()) {
            throw Fault.of(Fault.Kind.CONFLICT, "copy", document.digest().toString(), "the change would give it another digest").hint("leave --preserve-digests out");
        }
        Index index = document.index();
        var made = new Index(Optional.of(type), index.artifactType(), children, index.subject(), index.annotations());
        return Document.of(type, Json.compact(made.json()).getBytes(StandardCharsets.UTF_8));
    }

    private static String type(Format format) {
        return format == Format.OCI ? MediaType.MANIFEST : MediaType.DOCKER_MANIFEST;
    }

    private static String configType(String type, Format format) {
        return MediaType.isConfig(type) ? format == Format.OCI ? MediaType.CONFIG : MediaType.DOCKER_CONFIG : type;
    }

    /** Told by the type; {@link #pack} then sees what it really is. */
    private static Compression compression(Descriptor layer) {
        String type = layer.mediaType();
        return type.endsWith("gzip") ? Compression.GZIP : type.endsWith("zstd") ? Compression.ZSTD : Compression.NONE;
    }

    private static String layerType(Descriptor layer, Format format) {
        if (!MediaType.isLayer(layer.mediaType()) || MediaType.isNonDistributable(layer.mediaType())) {
            return layer.mediaType();
        }
        Compression packed = compression(layer);
        if (format == Format.OCI) {
            return MediaType.LAYER_TAR + packed.mediaTypeSuffix();
        }
        return switch (packed) {
            case NONE -> MediaType.DOCKER_LAYER_TAR;
            case GZIP -> MediaType.DOCKER_LAYER_GZIP;
            case ZSTD -> throw Fault.of(Fault.Kind.UNSUPPORTED, "copy blob", layer.digest().toString(), "Docker's schema 2 has no layers packed by zstd")
                    .hint("choose --format oci, or --dest-compress-format gzip");
        };
    }

    private static Descriptor pack(Descriptor layer, BlobReader reader, Path draft, Compression wanted) throws IOException {
        MessageDigest hasher = Digest.hasher();
        try (InputStream stored = VerifiedReader.open(layer, reader); OutputStream file = Files.newOutputStream(draft);
                OutputStream packed = wanted.pack(new DigestOutputStream(file, hasher))) {
            Compression.Detected detected = Compression.detect(stored);
            detected.unpacked().transferTo(packed);
            detected.packed().transferTo(OutputStream.nullOutputStream());
        }
        String type = MediaType.LAYER_TAR + wanted.mediaTypeSuffix();
        return layer.toBuilder().mediaType(type).digest(Digest.of(Digest.Algorithm.SHA256, hasher.digest())).size(Files.size(draft)).build();
    }
}
