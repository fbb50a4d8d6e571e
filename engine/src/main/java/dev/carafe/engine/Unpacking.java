package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.oci.ChainId;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Manifest;
import dev.carafe.snapshot.SnapshotDriver;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Layers of the store as snapshots. */
final class Unpacking {
    private final ContentStore store;
    private final SnapshotDriver snapshots;

    Unpacking(ContentStore store, SnapshotDriver snapshots) {
        this.store = store;
        this.snapshots = snapshots;
    }

    /** Unpacks the layers that are not, base first. */
    void unpack(Manifest manifest, ImageConfig config, PullListener listener) {
        List<Descriptor> layers = manifest.layers();
        if (layers.size() != config.diffIds().size()) {
            throw Fault.of(Fault.Kind.CORRUPT, "unpack", manifest.config().digest().toString(), "the manifest has " + layers.size()
                    + " layers, the configuration " + config.diffIds().size());
        }
        Optional<Digest> parent = Optional.empty();
        for (int k = 0; k < layers.size(); k++) {
            Digest diffId = config.diffIds().get(k);
            Digest chain = parent.map(p -> ChainId.extend(p, diffId)).orElse(diffId);
            if (snapshots.find(chain.toString()).isEmpty()) {
                try (InputStream layer = store.open(layers.get(k).digest())) {
                    snapshots.apply(parent, diffId, layer);
                } catch (IOException e) {
                    throw Fault.of(Fault.Kind.UNAVAILABLE, "unpack", layers.get(k).digest().toString(), String.valueOf(e.getMessage())).cause(e);
                }
            }
            listener.unpacked(layers.get(k));
            parent = Optional.of(chain);
        }
    }

    /**
     * The bytes that each layer takes on disk, base first: as a snapshot, or as the blob that it still is.
     *
     * @param blobs the layers of the image's manifest; where it is gone, none, and what is not unpacked counts nothing
     */
    List<Long> sizes(List<Descriptor> blobs, ImageConfig config) {
        var sizes = new ArrayList<Long>();
        Optional<Digest> parent = Optional.empty();
        for (Digest diffId : config.diffIds()) {
            Digest chain = parent.map(p -> ChainId.extend(p, diffId)).orElse(diffId);
            if (snapshots.find(chain.toString()).isPresent()) {
                sizes.add(snapshots.usage(chain.toString()).bytes());
            } else {
                sizes.add(sizes.size() < blobs.size() ? blobs.get(sizes.size()).size() : 0);
            }
            parent = Optional.of(chain);
        }
        return sizes;
    }
}
