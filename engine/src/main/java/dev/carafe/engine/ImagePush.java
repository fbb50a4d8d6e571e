package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.oci.Document;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Reference;
import dev.carafe.transport.Copy;
import dev.carafe.transport.CopyListener;
import dev.carafe.transport.RegistryTarget;
import dev.carafe.transport.StoreSource;
import dev.carafe.transport.registry.RegistrySettings;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings an image of the store to a registry. */
final class ImagePush {
    private static final int DOCUMENT_LIMIT = 16 << 20;

    private final ContentStore store;
    private final ImageIndex index;

    ImagePush(ContentStore store, ImageIndex index) {
        this.store = store;
        this.index = index;
    }

    /** @return the document that the name means in the registry now */
    Document run(Image image, Reference destination, Copy.Options options, RegistrySettings settings, CopyListener listener) {
        Map<Digest, Set<String>> elsewhere = elsewhere(destination);
        try (var source = new StoreSource(store, image);
                var target = new RegistryTarget(destination, settings, digest -> List.copyOf(elsewhere.getOrDefault(digest, Set.of())))) {
            return new Copy(source, target, options, listener).run().target();
        }
    }

    /** In which repositories of the same registry a blob probably is, going by the names of images here that have it. */
    private Map<Digest, Set<String>> elsewhere(Reference destination) {
        Map<Digest, Set<String>> found = new HashMap<>();
        for (Image image : index.list()) {
            if (image.name().isEmpty() || !MediaType.isManifest(image.target().mediaType())) {
                continue;
            }
            Reference name = Reference.parse(image.name().get());
            if (name.domain().equals(destination.domain()) && !name.path().equals(destination.path())) {
                try {
                    Document.of(image.target().mediaType(), store.read(image.target().digest(), DOCUMENT_LIMIT)).manifest().layers()
                            .forEach(layer -> found.computeIfAbsent(layer.digest(), d -> new LinkedHashSet<>()).add(name.path()));
                } catch (Fault damaged) {
                    // This image is not the one that is pushed.
                }
            }
        }
        return found;
    }
}
