package dev.carafe.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestTest {
    private static final String CONFIG = "{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"" + Digest.EMPTY
            + "\",\"size\":0}";
    private static final String LAYER = CONFIG.replace("config.v1+json", "layer.v1.tar+gzip");
    private static final String FULL = "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
            + "\"artifactType\":\"application/x\",\"config\":" + CONFIG + ",\"layers\":[" + LAYER + "," + LAYER + "],\"subject\":" + CONFIG
            + ",\"annotations\":{\"b\":\"1\",\"a\":\"2\"}}";

    @Test
    void aManifestPrintsAsItWasRead() {
        Manifest manifest = Manifest.parse(FULL);
        assertThat(Json.compact(manifest.json())).isEqualTo(FULL);
        assertThat(Manifest.parse(FULL.getBytes(UTF_8))).isEqualTo(manifest);
        assertThat(manifest.toBuilder().build()).isEqualTo(manifest);
        assertThat(manifest.layers()).hasSize(2);
        assertThat(manifest.config().mediaType()).isEqualTo(MediaType.CONFIG);
    }

    @Test
    void aManifestOfDockersSchema2IsOneToo() {
        Manifest manifest = Manifest.parse("{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.DOCKER_MANIFEST + "\",\"config\":" + CONFIG
                + ",\"layers\":[]}");
        assertThat(manifest.type()).isEqualTo(MediaType.DOCKER_MANIFEST);
    }

    @Test
    void aManifestNeedNotTellItsTypeAndGoWritesNullForNoLayers() {
        Manifest manifest = Manifest.parse("{\"schemaVersion\":2,\"config\":" + CONFIG + ",\"layers\":null}");
        assertThat(manifest.type()).isEqualTo(MediaType.MANIFEST);
        assertThat(manifest).isEqualTo(Manifest.builder(manifest.config()).build());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}|schemaVersion: required, but missing",
        "{'schemaVersion': 3}|schemaVersion: expected 2, found 3",
        "{'schemaVersion': '2'}|schemaVersion: expected a number, found a string",
        "{'schemaVersion': 2, 'mediaType': 'application/vnd.oci.image.index.v1+json'}|mediaType: \"application/vnd.oci.image.index.v1+json\" is no type of an image manifest",
        "{'schemaVersion': 2, 'config': C, 'layers': [], 'manifests': []}|manifests: no field of an image manifest",
        "{'schemaVersion': 2, 'config': C}|layers: required, but missing",
        "{'schemaVersion': 2, 'layers': []}|config: required, but missing",
        "{'schemaVersion': 2, 'config': [], 'layers': []}|config: expected an object, found an array",
        "{'schemaVersion': 2, 'config': C, 'layers': {}}|layers: expected an array, found an object",
        "{'schemaVersion': 2, 'config': C, 'layers': [1]}|layers[0]: expected an object, found a number",
    })
    void whatIsNotAManifestIsRefused(String json, String message) {
        String text = json.replace('\'', '"').replace("C,", CONFIG + ",").replace("C}", CONFIG + "}");
        assertThatThrownBy(() -> Manifest.parse(text)).isInstanceOf(Fault.class)
                .hasMessage("manifest " + message + " (image-spec manifest.md)");
    }

    @Test
    void schema1IsUnsupported() {
        assertThatThrownBy(() -> Manifest.parse("{\"schemaVersion\":1,\"fsLayers\":[]}")).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.kind()).isEqualTo(Fault.Kind.UNSUPPORTED);
            assertThat(fault).hasMessageContaining("Docker's schema 1 is not supported");
        });
    }

    @Test
    void aFaultInALayerNamesThePathToIt() {
        assertThatThrownBy(() -> Manifest.parse(FULL.replaceFirst("\\+gzip\",\"digest\"", "\",\"dig\""))).isInstanceOf(Fault.class)
                .hasMessage("manifest layers[0].digest: required, but missing (image-spec descriptor.md#properties)");
    }

    private static Descriptor of(String digit, Optional<Platform> platform) {
        return Descriptor.builder(MediaType.MANIFEST, Digest.parse("sha256:" + digit.repeat(64)), 7).platform(platform).build();
    }

    @Test
    void anIndexPrintsAsItWasRead() {
        String text = FULL.replace("image.manifest", "image.index").replaceFirst("\"config\".*\"subject\"",
                "\"manifests\":[" + LAYER + "],\"subject\"");
        Index index = Index.parse(text);
        assertThat(Json.compact(index.json())).isEqualTo(text);
        assertThat(Index.parse(text.getBytes(UTF_8))).isEqualTo(index);
        assertThat(index.annotations()).isEqualTo(Map.of("a", "2", "b", "1"));
        assertThat(index.type()).isEqualTo(MediaType.INDEX);
    }

    @Test
    void theBestManifestOfAnIndexIsSelected() {
        Descriptor none = of("0", Optional.empty());
        Descriptor x86 = of("1", Optional.of(Platform.of("linux", "386")));
        Descriptor amd64 = of("2", Optional.of(Platform.of("linux", "amd64")));
        Descriptor again = of("3", Optional.of(Platform.of("linux", "amd64")));
        Descriptor arm6 = of("4", Optional.of(Platform.of("linux", "arm", "v6")));
        Descriptor arm7 = of("5", Optional.of(Platform.of("linux", "arm", "v7")));
        Descriptor attestation = of("6", Optional.of(Platform.of("unknown", "unknown")));
        Index index = Index.of(List.of(none, x86, amd64, again, arm6, arm7, attestation));
        assertThat(index.select(Platform.of("linux", "amd64"))).contains(amd64);
        assertThat(index.select(Platform.of("linux", "arm64"))).contains(arm7);
        assertThat(index.select(Platform.of("linux", "arm", "v6"))).contains(arm6);
        assertThat(index.select(Platform.of("linux", "s390x"))).isEmpty();
        assertThat(Index.of(List.of(x86)).select(Platform.of("linux", "amd64"))).contains(x86);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'schemaVersion': 2}|manifests: required, but missing",
        "{'schemaVersion': 2, 'manifests': [], 'layers': []}|layers: no field of an image index",
        "{'schemaVersion': 2, 'manifests': [], 'config': {}}|config: no field of an image index",
        "{'schemaVersion': 2, 'manifests': [], 'mediaType': 'text/plain'}|mediaType: \"text/plain\" is no type of an image index",
        "{'schemaVersion': 2, 'manifests': 'x'}|manifests: expected an array, found a string",
    })
    void whatIsNotAnIndexIsRefused(String json, String message) {
        assertThatThrownBy(() -> Index.parse(json.replace('\'', '"'))).isInstanceOf(Fault.class)
                .hasMessage("index " + message + " (image-spec image-index.md)");
    }
}
