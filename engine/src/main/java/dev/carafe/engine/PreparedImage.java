package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.ImageConfig;
import java.util.Optional;

/**
 * An image that containers can start from: its layers are unpacked.
 *
 * @param reference as the user wrote it
 * @param id the digest of its configuration; empty for the host itself
 * @param chainId its file system among the snapshots; empty for the host, and for an image without layers
 */
public record PreparedImage(String reference, Optional<Digest> id, ImageConfig config, Optional<Digest> chainId) {
    /** The name under which the machine's own system is an image. */
    public static final String HOST = "host:";

    private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** The machine's own system: read-only, below a layer that vanishes. */
    static PreparedImage host(String architecture) {
        return new PreparedImage(HOST, Optional.empty(), ImageConfig.builder(architecture, "linux")
                .config(ContainerConfig.builder().env(java.util.List.of(PATH)).cmd(java.util.List.of("sh")).build()).build(), Optional.empty());
    }

    public boolean isHost() {
        return reference.equals(HOST);
    }
}
