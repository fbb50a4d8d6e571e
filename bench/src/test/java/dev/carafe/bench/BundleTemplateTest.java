package dev.carafe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTemplateTest {
    @TempDir
    Path directory;

    @Test
    void aBundleHasTheDefaultPrivilegesOfAnEngine() throws IOException {
        Spec spec = BundleTemplate.docker(Path.of("/rootfs"), directory).spec("/group/run-0", List.of("true"));
        assertThat(spec.process().orElseThrow().capabilities().orElseThrow().bounding()).hasSize(14);
        assertThat(spec.linux().orElseThrow().seccomp()).isPresent();
        assertThat(spec.linux().orElseThrow().namespaces()).hasSize(5);
        assertThat(spec.linux().orElseThrow().cgroupsPath()).contains("/group/run-0");
        assertThat(spec.process().orElseThrow().args()).containsExactly("true");
    }

    @Test
    void whatIsWrittenIsThatBundle() throws IOException {
        var template = BundleTemplate.docker(Path.of("/rootfs"), directory);
        template.write(directory, "/group/idle-3", List.of("sleep", "1"));
        Spec read = Spec.parse(Files.readAllBytes(directory.resolve("config.json")));
        assertThat(Json.compact(read.json())).isEqualTo(Json.compact(template.spec("/group/idle-3", List.of("sleep", "1")).json()));
    }
}
