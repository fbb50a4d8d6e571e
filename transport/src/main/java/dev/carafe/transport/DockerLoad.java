package dev.carafe.transport;

import com.google.gson.JsonElement;
import dev.carafe.archive.Compression;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Fields;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Json;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes the images of what {@code docker save} writes: {@code manifest.json} lists, for each image, the member that is its
 * configuration, those that are its layers, and its names. An OCI manifest is made for each; the configuration stays as it is,
 * and with it the image's id.
 */
final class DockerLoad {
    private final ContentStore store;
    private final LayoutLoad names;

    DockerLoad(ContentStore store, LayoutLoad names) {
        this.store = store;
        this.names = names;
    }

    private record Listed(List<String> names, Descriptor manifest, Digest config) {}

    List<Image> images(ArchiveSource source) throws IOException {
        byte[] document = source.document("manifest.json").orElseThrow(() -> Fault.invalid("load", "",
                "the archive has neither index.json nor manifest.json").hint("a root file system is loaded by import"));
        JsonElement list = Json.parse("manifest.json", document);
        if (!list.isJsonArray()) {
            throw Fault.invalid("load", "\"manifest.json\"", "expected an array");
        }
        var listed = new ArrayList<Listed>();
        for (JsonElement element : list.getAsJsonArray()) {
            if (!element.isJsonObject()) {
                throw Fault.invalid("load", "\"manifest.json\"", "expected an array of objects");
            }
            listed.add(image(Fields.of("manifest.json", element.getAsJsonObject()), source));
        }
        var images = new ArrayList<Image>();
        for (Listed image : listed) {
            for (String name : image.names()) {
                String full = Reference.parse(name).withDefaultTag().toString();
                images.add(names.store(Optional.of(full), image.manifest(), image.config()));
            }
            if (image.names().isEmpty()) {
                images.add(names.store(Optional.empty(), image.manifest(), image.config()));
            }
        }
        return images;
    }

    private Listed image(Fields fields, ArchiveSource source) throws IOException {
        Digest configDigest = source.blob(fields.string("Config"));
        byte[] configBytes = store.read(configDigest, LayoutLoad.DOCUMENT_LIMIT);
        ImageConfig config = ImageConfig.parse(configBytes);
        List<String> members = fields.strings("Layers");
        if (members.size() != config.diffIds().size()) {
            throw Fault.invalid("load", configDigest.toString(), "the archive lists " + members.size()
                    + " layers, the image's configuration " + config.diffIds().size());
        }
        var layers = new ArrayList<Descriptor>();
        for (int i = 0; i < members.size(); i++) {
            layers.add(layer(source.blob(members.get(i)), config.diffIds().get(i)));
        }
        Manifest manifest = Manifest.builder(Descriptor.of(MediaType.CONFIG, configBytes))
                .mediaType(MediaType.MANIFEST).layers(layers).build();
        byte[] bytes = Json.compact(manifest.json()).getBytes(StandardCharsets.UTF_8);
        store.put(bytes);
        Descriptor descriptor = Descriptor.of(MediaType.MANIFEST, bytes).toBuilder().platform(config.platform()).build();
        return new Listed(fields.strings("RepoTags"), descriptor, configDigest);
    }

    private Descriptor layer(Digest digest, Digest diffId) throws IOException {
        byte[] first;
        try (InputStream in = store.open(digest)) {
            first = in.readNBytes(4);
        }
        Compression compression = Compression.detect(first);
        if (compression == Compression.NONE && !digest.equals(diffId)) {
            throw Fault.of(Fault.Kind.CORRUPT, "load layer", diffId.toString(), "the archive holds " + digest + " in its place");
        }
        return Descriptor.of(MediaType.LAYER_TAR + compression.mediaTypeSuffix(), digest, store.size(digest).orElseThrow());
    }
}
