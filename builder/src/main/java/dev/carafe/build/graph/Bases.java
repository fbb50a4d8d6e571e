package dev.carafe.build.graph;

import dev.carafe.oci.ImageConfig;
import java.util.Optional;

/** Knows the images that stages begin from. */
@FunctionalInterface
public interface Bases {
    /**
     * The configuration of an image.
     *
     * @throws dev.carafe.base.Fault NOT_FOUND when there is none of that name for that platform
     */
    ImageConfig config(String reference, Optional<String> platform);
}
