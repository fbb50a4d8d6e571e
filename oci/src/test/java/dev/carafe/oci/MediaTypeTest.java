package dev.carafe.oci;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeTest {
    @ParameterizedTest
    @CsvSource({
        "application/vnd.oci.image.index.v1+json, index", "application/vnd.docker.distribution.manifest.list.v2+json, index",
        "application/vnd.oci.image.manifest.v1+json, manifest", "application/vnd.docker.distribution.manifest.v2+json, manifest",
        "application/vnd.oci.image.config.v1+json, config", "application/vnd.docker.container.image.v1+json, config",
        "application/vnd.oci.image.layer.v1.tar, layer", "application/vnd.oci.image.layer.v1.tar+gzip, layer",
        "application/vnd.oci.image.layer.v1.tar+zstd, layer", "application/vnd.docker.image.rootfs.diff.tar, layer",
        "application/vnd.docker.image.rootfs.diff.tar.gzip, layer", "application/vnd.docker.image.rootfs.diff.tar.zstd, layer",
        "application/vnd.oci.image.layer.nondistributable.v1.tar, foreign layer",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip, foreign layer",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd, foreign layer",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip, foreign layer", "application/vnd.oci.empty.v1+json, other",
        "application/vnd.docker.distribution.manifest.v1+prettyjws, other", "text/plain, other",
    })
    void aTypeIsOfOneSort(String type, String sort) {
        assertThat(MediaType.isIndex(type)).isEqualTo(sort.equals("index"));
        assertThat(MediaType.isManifest(type)).isEqualTo(sort.equals("manifest"));
        assertThat(MediaType.isConfig(type)).isEqualTo(sort.equals("config"));
        assertThat(MediaType.isLayer(type)).isEqualTo(sort.endsWith("layer"));
        assertThat(MediaType.isNonDistributable(type)).isEqualTo(sort.startsWith("foreign"));
    }
}
