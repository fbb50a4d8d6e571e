package dev.carafe.transport;

import dev.carafe.archive.AppliedLayer;
import dev.carafe.archive.LayerReader;
import dev.carafe.base.Digest;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.content.Ingest;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.History;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Json;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes an image of one layer from a tar of a root file system, storing and measuring it in one pass. */
final class RootfsImport {
    private final ContentStore store;
    private final ImageIndex index;

    RootfsImport(ContentStore store, ImageIndex index) {
        this.store = store;
        this.index = index;
    }

    Image image(InputStream tar, Optional<String> name, ImageConfig template, Instant now) throws IOException {
        AppliedLayer layer;
        try (Ingest ingest = store.ingest();
                InputStream copied = new Copied(tar, ingest)) {
            layer = LayerReader.measure(copied);
            ingest.commit();
        }
        ImageConfig config = template.toBuilder()
                .created(now)
                .diffIds(List.of(layer.diffId()))
                .history(List.of(new History(Optional.of(now), Optional.empty(), Optional.empty(),
                        Optional.of("imported from a root file system"), false)))
                .build();
        Descriptor configDescriptor = put(MediaType.CONFIG, Json.compact(config.json()));
        Manifest manifest = Manifest.builder(configDescriptor).mediaType(MediaType.MANIFEST)
                .layers(List.of(Descriptor.of(MediaType.LAYER_TAR + layer.compression().mediaTypeSuffix(), layer.digest(),
                        layer.size())))
                .build();
        Descriptor target = put(MediaType.MANIFEST, Json.compact(manifest.json())).toBuilder().platform(config.platform()).build();
        Optional<Digest> id = Optional.of(configDescriptor.digest());
        return name.isPresent() ? index.tag(name.get(), target, id) : index.add(target, id);
    }

    private Descriptor put(String mediaType, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        store.put(bytes);
        return Descriptor.of(mediaType, bytes);
    }

    /** What is read of it goes to an ingest as well. */
    private static final class Copied extends FilterInputStream {
        private final Ingest ingest;

        Copied(InputStream in, Ingest ingest) {
            super(in);
            this.ingest = ingest;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int got = in.read(into, from, length);
            if (got > 0) {
                ingest.write(into, from, got);
            }
            return got;
        }

        @Override
        public long skip(long count) throws IOException {
            return readNBytes((int) Math.min(count, 65536)).length;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        @Override
        public void close() {
            // The stream below is the caller's.
        }
    }
}
