package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.MemberPath;
import dev.carafe.archive.TarEntry;
import dev.carafe.archive.TarReader;
import dev.carafe.archive.TarWriter;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.Image;
import dev.carafe.content.Ingest;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Fields;
import dev.carafe.oci.History;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * Makes an image of a container: the layers of its image, one more of what it changed, and its configuration. What its start made, so that something could
 * be mounted there, is left out. Nothing is named before all of it is stored.
 */
final class Committing {
    private static final int BUFFER = 1 << 16;

    private Committing() {
    }

    static Image commit(Containers all, Container container, CommitOptions options) {
        ContainerRecord record = container.record();
        container.snapshot("commit");
        boolean pauses = options.pause() && container.status().phase() == ContainerStatus.Phase.RUNNING;
        if (pauses) {
            container.pause();
        }
        Layer layer;
        try {
            layer = layer(all, container.id());
        } finally {
            if (pauses) {
                Pausing.thaw(container);
            }
        }
        Digest base = record.imageId().orElseThrow();
        ImageConfig parent = all.images.config(base);
        ContainerConfig config = config(record.config());
        for (String change : options.changes()) {
            config = ImageChange.apply(config, change);
        }
        Instant now = Instant.now();
        var diffIds = new ArrayList<>(parent.diffIds());
        diffIds.add(layer.diffId);
        var history = new ArrayList<>(parent.history());
        history.add(new History(Optional.of(now), Optional.of(String.join(" ", container.bundle().process().orElseThrow().args())), options.author(), options.comment(),
                false));
        ImageConfig made = parent.toBuilder().created(now).author(options.author()).config(config).diffIds(diffIds).history(history).build();
        List<Descriptor> layers = new ArrayList<>(layersOf(all, base));
        layers.add(layer.descriptor);
        return all.images.store(made, layers, options.name());
    }

    /** Those of an image that has that configuration; its manifest names them. */
    private static List<Descriptor> layersOf(Containers all, Digest config) {
        for (Image image : all.images.list()) {
            if (image.config().equals(Optional.of(config))) {
                Manifest manifest = all.images.manifest(image);
                if (manifest.config().digest().equals(config)) {
                    return manifest.layers();
                }
            }
        }
        throw Fault.notFound("commit", config.toString(), "the container's image is not here any more");
    }

    /** The record has what docker's Config has, of which an image's is a part. */
    private static ContainerConfig config(JsonObject config) {
        var document = new JsonObject();
        for (String field : List.of("User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels", "StopSignal", "Healthcheck", "OnBuild", "Shell")) {
            if (config.has(field) && !config.get(field).isJsonNull()) {
                document.add(field, config.get(field));
            }
        }
        return ContainerConfig.parse(Fields.of("Config", document));
    }

    private record Layer(Digest diffId, Descriptor descriptor) {
    }

    /** What the container changed, as a blob of the store. */
    private static Layer layer(Containers all, String id) {
        try (Ingest ingest = all.images.store().ingest()) {
            MessageDigest plain = MessageDigest.getInstance("SHA-256");
            var counted = new Counted(ingest.output());
            try (OutputStream packed = new GZIPOutputStream(counted, BUFFER);
                    OutputStream tar = new BufferedOutputStream(new DigestOutputStream(packed, plain), BUFFER)) {
                write(all, id, tar);
            }
            Digest digest = ingest.commit();
            return new Layer(Digest.parse("sha256:" + HexFormat.of().formatHex(plain.digest())),
                    Descriptor.of(MediaType.LAYER_TAR + "+gzip", digest, counted.size));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "commit", "\"" + id + "\"", String.valueOf(e.getMessage())).cause(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Counted extends java.io.FilterOutputStream {
        private long size;

        Counted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            size++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            size += length;
        }
    }

    private static void write(Containers all, String id, OutputStream layer) throws IOException {
        RuntimeException[] failure = new RuntimeException[1];
        try (var in = new PipedInputStream(BUFFER)) {
            var out = new PipedOutputStream(in);
            Thread writer = Thread.ofPlatform().daemon().start(() -> {
                try (out) {
                    all.snapshots.diff(id, out);
                } catch (IOException gone) {
                    // The reader has failed, and says why.
                } catch (RuntimeException e) {
                    failure[0] = e;
                }
            });
            var reader = new TarReader(in, ArchiveLimits.DEFAULT);
            var tar = new TarWriter(layer);
            for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                if (!FileChange.isOfTheStart(MemberPath.of(entry.get().path()))) {
                    tar.put(entry.get(), reader.content());
                }
            }
            tar.finish();
            in.transferTo(OutputStream.nullOutputStream());
            writer.join();
            if (failure[0] != null) {
                throw failure[0];
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(Fault.Kind.CANCELLED, "commit", "\"" + id + "\"", "interrupted");
        }
    }
}
