package dev.carafe.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageConfigTest {
    private static final String FULL = """
            {
              "created": "2024-05-22T18:18:12.052034407Z",
              "author": "Ada <ada@cellar.example>",
              "architecture": "arm64",
              "os": "linux",
              "os.version": "6.1",
              "os.features": [
                "feature"
              ],
              "variant": "v8",
              "config": {
                "User": "1000:1000",
                "ExposedPorts": {
                  "8080/tcp": {},
                  "53/udp": {}
                },
                "Env": [
                  "PATH=/usr/bin:/bin",
                  "EMPTY="
                ],
                "Entrypoint": [
                  "/entry"
                ],
                "Cmd": [
                  "serve",
                  "--all"
                ],
                "Volumes": {
                  "/data": {}
                },
                "WorkingDir": "/srv",
                "Labels": {
                  "z": "1",
                  "a": "2"
                },
                "StopSignal": "SIGRTMIN+3",
                "ArgsEscaped": true,
                "Healthcheck": {
                  "Test": [
                    "CMD-SHELL",
                    "true"
                  ],
                  "Interval": 30000000000,
                  "Timeout": 3000000000,
                  "StartPeriod": 1000000000,
                  "StartInterval": 500000000,
                  "Retries": 3
                },
                "OnBuild": [
                  "RUN true"
                ],
                "Shell": [
                  "/bin/ash",
                  "-c"
                ]
              },
              "rootfs": {
                "type": "layers",
                "diff_ids": [
                  "sha256:589f0d58b9053a4ff7329b8fdb4f9dd120e29354c086ad0b3b10733f6cfd6de3",
                  "sha256:55fea2a37a9fc5963f1beccd0d162b856e6bd05ca07cdd3726847846ab740f0d"
                ]
              },
              "history": [
                {
                  "created": "2024-05-22T18:18:11Z",
                  "created_by": "/bin/sh -c #(nop) ADD file:37a76ec18f9887751cd8473744917d08b7431fc4085097bb6a09d81b41775473 in / ",
                  "author": "Ada",
                  "comment": "base"
                },
                {
                  "created_by": "CMD [\\"serve\\"]",
                  "empty_layer": true
                }
              ]
            }""";

    @Test
    void aConfigurationPrintsAsItWasRead() {
        ImageConfig config = ImageConfig.parse(FULL);
        assertThat(Json.pretty(config.json(), "  ")).isEqualTo(FULL);
        assertThat(ImageConfig.parse(FULL.getBytes(UTF_8))).isEqualTo(config);
        assertThat(config.toBuilder().build()).isEqualTo(config);
        assertThat(config.config().toBuilder().build()).isEqualTo(config.config());
    }

    @Test
    void aConfigurationIsReadFieldByField() {
        ImageConfig config = ImageConfig.parse(FULL);
        assertThat(config.created()).contains(Instant.parse("2024-05-22T18:18:12.052034407Z"));
        assertThat(config.platform().toString()).isEqualTo("linux/arm64/v8");
        assertThat(config.platform().osFeatures()).containsExactly("feature");
        assertThat(config.diffIds()).hasSize(2);
        assertThat(config.chainId()).hasValueSatisfying(
                id -> assertThat(id).hasToString("sha256:267c5fd16af60e52927fabf0a36a31f3b5a2069347f7f00c7bd7f93f6ebc01f4"));
        assertThat(config.history().get(1).emptyLayer()).isTrue();
        ContainerConfig run = config.config();
        assertThat(run.exposedPorts()).containsExactly("8080/tcp", "53/udp");
        assertThat(run.volumes()).containsExactly("/data");
        assertThat(run.labels()).isEqualTo(Map.of("a", "2", "z", "1"));
        Healthcheck health = run.healthcheck().orElseThrow();
        assertThat(health.interval()).contains(Duration.ofSeconds(30));
        assertThat(health.startInterval()).contains(Duration.ofMillis(500));
        assertThat(health.retries()).contains(3);
        assertThat(health.toBuilder().build()).isEqualTo(health);
    }

    @Test
    void theLeastConfigurationAndNullsAreRead() {
        String least = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";
        ImageConfig config = ImageConfig.parse(least);
        assertThat(Json.compact(config.json())).isEqualTo(least);
        assertThat(config.chainId()).isEmpty();
        assertThat(config).isEqualTo(ImageConfig.builder("amd64", "linux").build());
        assertThat(ImageConfig.parse("""
                {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": null}, "history": null, "created": null,
                 "container_config": {"Hostname": "4f1c9d2ab3e0"}, "docker_version": "27", "config":
                 {"Env": null, "Entrypoint": null, "Cmd": null, "Volumes": null, "Labels": null, "Tty": false}}""")).isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'os': 'linux', R}|architecture: required, but missing",
        "{'architecture': 'amd64', R}|os: required, but missing",
        "{'architecture': 'amd64', 'os': 'linux'}|rootfs: required, but missing",
        "{'architecture': 'amd64', 'os': 'linux', 'rootfs': {}}|rootfs.type: required, but missing",
        "{'architecture': 'amd64', 'os': 'linux', 'rootfs': {'type': 'snapshots'}}|rootfs.type: unknown value \"snapshots\", expected layers",
        "{'architecture': 'amd64', 'os': 'linux', 'rootfs': {'type': 'layers', 'diff_ids': ['x']}}|rootfs.diff_ids[0]: \"x\" is not a digest: expected an algorithm and a hash, as in sha256:…",
        "{'architecture': 'amd64', 'os': 'linux', R, 'created': 'today'}|created: expected a time, found \"today\"",
        "{'architecture': 'amd64', 'os': 'linux', R, 'config': {'Env': {}}}|config.Env: expected an array, found an object",
        "{'architecture': 'amd64', 'os': 'linux', R, 'config': {'Volumes': ['/a']}}|config.Volumes: expected an object, found an array",
        "{'architecture': 'amd64', 'os': 'linux', R, 'config': {'Healthcheck': {'Interval': '30s'}}}|config.Healthcheck.Interval: expected a number, found a string",
        "{'architecture': 'amd64', 'os': 'linux', R, 'history': [{'empty_layer': 1}]}|history[0].empty_layer: expected a boolean, found a number",
    })
    void whatIsNotAnImageConfigurationIsRefused(String json, String message) {
        String text = json.replace("R", "'rootfs': {'type': 'layers', 'diff_ids': []}").replace('\'', '"');
        assertThatThrownBy(() -> ImageConfig.parse(text)).isInstanceOf(Fault.class)
                .hasMessage("image config " + message + " (image-spec config.md#properties)");
    }
}
