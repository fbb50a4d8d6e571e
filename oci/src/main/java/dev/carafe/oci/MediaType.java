package dev.carafe.oci;

/**
 * The types of content: those of the image-spec (media-types.md) and those of Docker's schema 2, which mean the same where both
 * exist. A type that is in neither list is content of which nothing more is known, never a fault.
 */
public final class MediaType {
    public static final String DESCRIPTOR = "application/vnd.oci.descriptor.v1+json";
    public static final String LAYOUT_HEADER = "application/vnd.oci.layout.header.v1+json";
    public static final String INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    public static final String EMPTY = "application/vnd.oci.empty.v1+json";
    public static final String LAYER_TAR = "application/vnd.oci.image.layer.v1.tar";
    public static final String LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
    public static final String LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";

    /** Deprecated by the image-spec: a layer that registries do not keep; likewise the next two. */
    public static final String NONDISTRIBUTABLE_TAR = "application/vnd.oci.image.layer.nondistributable.v1.tar";

    public static final String NONDISTRIBUTABLE_GZIP = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
    public static final String NONDISTRIBUTABLE_ZSTD = "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd";

    public static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    public static final String DOCKER_LAYER_TAR = "application/vnd.docker.image.rootfs.diff.tar";
    public static final String DOCKER_LAYER_GZIP = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    public static final String DOCKER_LAYER_ZSTD = "application/vnd.docker.image.rootfs.diff.tar.zstd";

    /** A layer that registries do not keep. */
    public static final String DOCKER_FOREIGN_GZIP = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

    /** Schema 1, which is recognised only to say that it is not supported. */
    public static final String DOCKER_SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+json";

    /** Schema 1 with a signature. */
    public static final String DOCKER_SCHEMA1_SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    private MediaType() {}

    /** Whether it is an {@link Index}, under either name. */
    public static boolean isIndex(String type) {
        return type.equals(INDEX) || type.equals(DOCKER_LIST);
    }

    /** Whether it is a {@link Manifest}, under either name. */
    public static boolean isManifest(String type) {
        return type.equals(MANIFEST) || type.equals(DOCKER_MANIFEST);
    }

    /** Whether it is an {@link ImageConfig}, under either name. */
    public static boolean isConfig(String type) {
        return type.equals(CONFIG) || type.equals(DOCKER_CONFIG);
    }

    /** Whether it is a layer, compressed or not, under any name. */
    public static boolean isLayer(String type) {
        return switch (type) {
            case LAYER_TAR, LAYER_GZIP, LAYER_ZSTD, DOCKER_LAYER_TAR, DOCKER_LAYER_GZIP, DOCKER_LAYER_ZSTD -> true;
            default -> isNonDistributable(type);
        };
    }

    /** Whether it is a layer that registries do not keep, to be had from the descriptor's urls. */
    public static boolean isNonDistributable(String type) {
        return switch (type) {
            case NONDISTRIBUTABLE_TAR, NONDISTRIBUTABLE_GZIP, NONDISTRIBUTABLE_ZSTD, DOCKER_FOREIGN_GZIP -> true;
            default -> false;
        };
    }
}
