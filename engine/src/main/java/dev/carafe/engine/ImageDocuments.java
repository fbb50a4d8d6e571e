package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Index;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The manifests and configurations of the store's images. Digests name their content, so what was parsed once stays true. */
final class ImageDocuments {
    private static final int DOCUMENT_LIMIT = 16 << 20;

    private final ContentStore store;
    private final Platform host;
    private final Map<Digest, Manifest> manifests = new ConcurrentHashMap<>();
    private final Map<Digest, ImageConfig> configs = new ConcurrentHashMap<>();

    ImageDocuments(ContentStore store, Platform host) {
        this.store = store;
        this.host = host;
    }

    /** The manifest of an image for a platform; an index is searched. */
    Manifest manifest(Image image, Platform wanted) {
        Descriptor target = image.target();
        if (MediaType.isIndex(target.mediaType())) {
            Index listed = Index.parse(store.read(target.digest(), DOCUMENT_LIMIT));
            target = listed.select(wanted).orElseThrow(() -> Fault.notFound(Images.FIND, "\"" + image.name().orElse("") + "\"",
                    "no " + wanted + " in the index").hint("choose another with --platform"));
        }
        Digest digest = target.digest();
        return manifests.computeIfAbsent(digest, d -> Manifest.parse(store.read(d, DOCUMENT_LIMIT)));
    }

    /** The manifest that stands for an image in lists: the host's, else the first of an index that is here. */
    Manifest shown(Image image) {
        if (MediaType.isIndex(image.target().mediaType())) {
            Index listed = Index.parse(store.read(image.target().digest(), DOCUMENT_LIMIT));
            if (listed.select(host).filter(m -> store.has(m.digest())).isEmpty()) {
                for (Descriptor child : listed.manifests()) {
                    if (MediaType.isManifest(child.mediaType()) && store.has(child.digest())) {
                        return manifests.computeIfAbsent(child.digest(), d -> Manifest.parse(store.read(d, DOCUMENT_LIMIT)));
                    }
                }
            }
        }
        return manifest(image, host);
    }

    /** The manifest that stands for an image in lists; a list of manifests of which nothing is here has none. */
    Optional<Manifest> face(Image image) {
        if (MediaType.isIndex(image.target().mediaType())) {
            Index listed = Index.parse(store.read(image.target().digest(), DOCUMENT_LIMIT));
            if (listed.manifests().stream().noneMatch(child -> MediaType.isManifest(child.mediaType()) && store.has(child.digest()))) {
                return Optional.empty();
            }
        }
        return Optional.of(shown(image));
    }

    /** The configuration by which an image is listed; that of a list of manifests of which nothing is here is empty. */
    ImageConfig listed(Image image) {
        return face(image).map(manifest -> config(manifest.config().digest())).orElseGet(() -> ImageConfig.builder(host.architecture(), host.os()).build());
    }

    ImageConfig config(Digest digest) {
        return configs.computeIfAbsent(digest, d -> ImageConfig.parse(store.read(d, DOCUMENT_LIMIT)));
    }
}
