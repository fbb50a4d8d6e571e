package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.oci.ChainId;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Index;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.snapshot.SnapshotDriver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Removes what only one image held: blobs and snapshots that no other image reaches, nor a step of a build. */
final class Collection {
    private static final int DOCUMENT_LIMIT = 16 << 20;

    private final ContentStore store;
    private final ImageIndex index;
    private final SnapshotDriver snapshots;
    private final BuildSteps steps;
    private long bytes;

    Collection(ContentStore store, ImageIndex index, SnapshotDriver snapshots, BuildSteps steps) {
        this.store = store;
        this.index = index;
        this.snapshots = snapshots;
        this.steps = steps;
    }

    /** @return the digests that are gone, the image's configuration first */
    List<Digest> collect(Image removed) {
        Set<Digest> kept = new HashSet<>(steps.blobs());
        List<Digest> keptChains = new ArrayList<>(steps.chains());
        for (Image image : index.list()) {
            reach(image.target(), kept, keptChains);
        }
        kept.addAll(store.leased(Instant.now()));
        Set<Digest> held = new java.util.LinkedHashSet<>();
        removed.config().ifPresent(held::add);
        List<Digest> chains = new ArrayList<>();
        reach(removed.target(), held, chains);
        var gone = new ArrayList<Digest>();
        for (Digest digest : held) {
            long size = kept.contains(digest) ? 0 : store.size(digest).orElse(0);
            if (!kept.contains(digest) && store.delete(digest)) {
                gone.add(digest);
                bytes += size;
            }
        }
        for (Digest chain : chains.reversed()) {
            if (!keptChains.contains(chain)) {
                try {
                    snapshots.remove(chain.toString());
                } catch (Fault inUse) {
                    if (inUse.kind() != Fault.Kind.CONFLICT) {
                        throw inUse;
                    }
                    // A container still starts from it; the snapshot goes with the container's image later.
                }
            }
        }
        return gone;
    }

    /** Removes every blob that no image, no step of a build and no lease needs; the bytes that they had. */
    long sweep(Instant now) {
        Set<Digest> needed = new HashSet<>(steps.blobs());
        List<Digest> chains = new ArrayList<>();
        index.list().forEach(image -> reach(image.target(), needed, chains));
        return store.sweep(needed, now);
    }

    /** How many bytes the blobs had that are gone. */
    long bytes() {
        return bytes;
    }

    /** Everything that a descriptor leads to; documents that are not there lead nowhere. */
    void reach(Descriptor target, Set<Digest> digests, List<Digest> chains) {
        digests.add(target.digest());
        if (!store.has(target.digest())) {
            return;
        }
        if (MediaType.isIndex(target.mediaType())) {
            Index.parse(store.read(target.digest(), DOCUMENT_LIMIT)).manifests().forEach(m -> reach(m, digests, chains));
        } else if (MediaType.isManifest(target.mediaType())) {
            Manifest manifest = Manifest.parse(store.read(target.digest(), DOCUMENT_LIMIT));
            digests.add(manifest.config().digest());
            manifest.layers().forEach(layer -> digests.add(layer.digest()));
            if (store.has(manifest.config().digest())) {
                Optional<Digest> parent = Optional.empty();
                for (Digest diffId : ImageConfig.parse(store.read(manifest.config().digest(), DOCUMENT_LIMIT)).diffIds()) {
                    parent = Optional.of(parent.isPresent() ? ChainId.extend(parent.get(), diffId) : diffId);
                    chains.add(parent.get());
                }
            }
        }
    }
}
