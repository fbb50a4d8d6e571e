package dev.carafe.build;

import dev.carafe.base.Digest;
import dev.carafe.engine.Workbench;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.ImageConfig;
import java.util.List;
import java.util.Optional;

/**
 * What a build made.
 *
 * @param id the digest of the image's configuration
 * @param manifest its manifest in the store; absent when it was not stored
 * @param layers base first
 * @param tags its names, complete
 * @param cached how many steps came from the cache
 * @param run how many were done
 * @param unused arguments that nothing asked for
 */
public record BuildResult(Digest id, Optional<Descriptor> manifest, ImageConfig config, List<Workbench.Layer> layers, List<String> tags, int cached, int run, List<String> unused) {
    public BuildResult {
        layers = List.copyOf(layers);
        tags = List.copyOf(tags);
        unused = List.copyOf(unused);
    }
}
