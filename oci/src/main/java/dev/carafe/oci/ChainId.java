package dev.carafe.oci;

import dev.carafe.base.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The digest of layers in their order: what names the file system that they give when each is applied upon those before it
 * (image-spec config.md#layer-chainid).
 */
public final class ChainId {
    private ChainId() {}

    /** Of all these layers. */
    public static Digest of(List<Digest> diffIds) {
        return chain(diffIds).getLast();
    }

    /**
     * One for each layer, of it and those before it.
     *
     * @param diffIds base layer first
     */
    public static List<Digest> chain(List<Digest> diffIds) {
        var chain = new ArrayList<Digest>(diffIds.size());
        for (Digest diffId : diffIds) {
            chain.add(chain.isEmpty() ? diffId : extend(chain.getLast(), diffId));
        }
        return List.copyOf(chain);
    }

    /** Of the layers of a chain and one more upon them. */
    public static Digest extend(Digest parent, Digest diffId) {
        return Digest.sha256((parent + " " + diffId).getBytes(StandardCharsets.US_ASCII));
    }
}
