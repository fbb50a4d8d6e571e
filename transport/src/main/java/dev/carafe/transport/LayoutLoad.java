package dev.carafe.transport;

import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import dev.carafe.oci.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** Takes the images of an OCI layout into the store: for each name one manifest, of the platform that is wanted. */
final class LayoutLoad {
    /** The longest JSON document that is read into memory: what registries accept, several times over. */
    static final int DOCUMENT_LIMIT = 32 << 20;

    private static final String CONTAINERD_NAME = "io.containerd.image.name";
    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final int NESTING = 4;

    private final ContentStore store;
    private final ImageIndex index;
    private final Platform wanted;
    private final Optional<String> baseName;

    /** Images that only tell a tag get this repository's name, where there is one. */
    LayoutLoad(ContentStore store, ImageIndex index, Platform wanted, Optional<String> baseName) {
        this.store = store;
        this.index = index;
        this.wanted = wanted;
        this.baseName = baseName;
    }

    /** What a file's name makes for a repository: {@code Busybox-1.36.tar.gz} gives {@code localhost/busybox-1.36}. */
    static Optional<String> baseName(Path source) {
        Path last = source.toAbsolutePath().normalize().getFileName();
        if (last == null) {
            return Optional.empty();
        }
        String name = last.toString().toLowerCase(Locale.ROOT);
        for (String suffix : new String[] {".gz", ".tgz", ".zst", ".tar", ".oci"}) {
            name = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
        }
        try {
            return Optional.of(Reference.parse("localhost/" + name).name());
        } catch (Fault notAName) {
            return Optional.empty();
        }
    }

    List<Image> layout(LayoutSource source) {
        byte[] document = source.document("index.json").orElseThrow(() ->
                Fault.invalid("load", "\"index.json\"", "not there, so this is no image layout"));
        var byName = new LinkedHashMap<Optional<String>, List<Descriptor>>();
        for (Descriptor descriptor : Index.parse(document).manifests()) {
            byName.computeIfAbsent(name(descriptor), n -> new ArrayList<>()).add(descriptor);
        }
        var found = new ArrayList<Found>();
        for (Map.Entry<Optional<String>, List<Descriptor>> named : byName.entrySet()) {
            boolean platforms = named.getValue().stream().anyMatch(d -> d.platform().isPresent());
            if (platforms) {
                found.add(found(source, named.getKey(), choose(named.getValue()), 0));
            } else {
                for (Descriptor descriptor : named.getValue()) {
                    found.add(found(source, named.getKey(), descriptor, 0));
                }
            }
        }
        var images = new ArrayList<Image>();
        for (Found image : found) {
            images.add(store(image.name(), image.manifest(), image.config()));
        }
        return images;
    }

    private record Found(Optional<String> name, Descriptor manifest, Digest config) {}

    /** Names an image whose blobs are in the store. */
    Image store(Optional<String> name, Descriptor manifest, Digest config) {
        Descriptor plain = Descriptor.builder(manifest.mediaType(), manifest.digest(), manifest.size())
                .platform(manifest.platform()).build();
        return name.isPresent() ? index.tag(name.get(), plain, Optional.of(config)) : index.add(plain, Optional.of(config));
    }

    private Optional<String> name(Descriptor descriptor) {
        String full = descriptor.annotations().getOrDefault(CONTAINERD_NAME, "");
        String ref = descriptor.annotations().getOrDefault(REF_NAME, "");
        String text = full.isEmpty() ? ref : full;
        if (text.isEmpty()) {
            return Optional.empty();
        }
        boolean tagAlone = text.indexOf('/') < 0 && text.indexOf(':') < 0 && Reference.validTag(text);
        if (tagAlone) {
            return baseName.map(base -> base + ":" + text);
        }
        return Optional.of(Reference.parse(text).withDefaultTag().toString());
    }

    private Descriptor choose(List<Descriptor> manifests) {
        return Index.of(manifests).select(wanted).orElseThrow(() -> {
            var has = new StringJoiner(", ");
            manifests.forEach(manifest -> manifest.platform().ifPresent(platform -> has.add(platform.toString())));
            return Fault.notFound("load", "", "no " + wanted + " in the index (has " + has + ")").hint("choose with --platform");
        });
    }

    private Found found(LayoutSource source, Optional<String> name, Descriptor descriptor, int depth) {
        source.fetch(descriptor.digest(), descriptor.size());
        byte[] document = store.read(descriptor.digest(), DOCUMENT_LIMIT);
        if (isIndex(descriptor, document)) {
            List<Descriptor> manifests = Index.parse(document).manifests();
            boolean platforms = manifests.stream().anyMatch(m -> m.platform().isPresent());
            if (depth == NESTING || manifests.isEmpty()) {
                throw Fault.invalid("load", descriptor.digest().toString(), "an index without a manifest within reach");
            }
            return found(source, name, platforms ? choose(manifests) : manifests.getFirst(), depth + 1);
        }
        Manifest manifest = Manifest.parse(document);
        source.fetch(manifest.config().digest(), manifest.config().size());
        for (Descriptor layer : manifest.layers()) {
            source.fetch(layer.digest(), layer.size());
        }
        Descriptor typed = descriptor.toBuilder().mediaType(manifest.type()).build();
        return new Found(name, typed, manifest.config().digest());
    }

    /** By the descriptor's type; layouts made by hand may say nothing that is known, and then the document tells. */
    private static boolean isIndex(Descriptor descriptor, byte[] document) {
        if (MediaType.isIndex(descriptor.mediaType()) || MediaType.isManifest(descriptor.mediaType())) {
            return MediaType.isIndex(descriptor.mediaType());
        }
        JsonObject object = Json.parseObject("manifest", document);
        return object.has("manifests");
    }
}
