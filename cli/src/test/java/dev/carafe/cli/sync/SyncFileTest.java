package dev.carafe.cli.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyncFileTest {
    @Test
    void everyFieldOfAFileIsRead() {
        SyncFile file = SyncFile.parse("sync.yml", """
                registry.example.com:
                    images:
                        busybox: []
                        redis:
                            - "1.0"
                            - 2.0
                    images-by-tag-regex:
                        nginx: ^1\\.13\\.[12]-alpine-perl$
                    images-by-semver:
                        alpine: ["3.12 - 3.13", ">= 3.17"]
                    credentials:
                        username: ada
                        password: love: lace
                    tls-verify: true
                    cert-dir: /certs
                quay.example.com:
                    tls-verify: false
                    images: {coreos/etcd: [latest]}
                """.replace("love: lace", "'love: lace'"));
        SyncFile.Registry first = file.registries().getFirst();
        assertThat(first.domain()).isEqualTo("registry.example.com");
        assertThat(first.user()).contains("ada:love: lace");
        assertThat(first.tlsVerify()).contains(true);
        assertThat(first.certificates()).contains("/certs");
        assertThat(first.repositories()).extracting(SyncFile.Repository::path).containsExactly("busybox", "redis", "nginx", "alpine");
        assertThat(first.repositories().get(1).references()).containsExactly("1.0", "2.0");
        assertThat(first.repositories().get(2).tags()).accepts("1.13.1-alpine-perl").rejects("1.13.3-alpine-perl");
        assertThat(first.repositories().get(3).tags()).accepts("3.12.1", "3.13.7", "3.17", "v4").rejects("3.14", "latest");
        assertThat(file.registries().get(1).tlsVerify()).contains(false);
        assertThat(file.registries().get(1).repositories().getFirst().references()).isEqualTo(List.of("latest"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: {image: {}}", "a: [1]", "a: {images: {b: {c: d}}}", "a: {tls-verify: perhaps}", "a: {images-by-tag-regex: {b: '['}}", "a: {images-by-semver: {b: 'one'}}", "a: [", "- a"})
    void whatIsWrongIsToldInOneLine(String text) {
        assertThatThrownBy(() -> SyncFile.parse("sync.yml", text)).isInstanceOf(Fault.class).hasMessageStartingWith("read \"sync.yml\": ").extracting(Throwable::getMessage).asString().hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"1.2.3; 1.2.3; true", "1.2; 1.2.9; true", "1.2; 1.3.0; false", "=1.2.3; 1.2.4; false", "!=1.2.3; 1.2.4; true", "!=1.2; 1.2.4; false", ">1.2; 1.2.9; false", ">1.2; 1.3; true",
        ">=1.2.3; v1.2.3; true", "<2; 1.99.0; true", "<2; 2.0.0; false", "<=1.2; 1.2.9; true", "~1.2.3; 1.2.9; true", "~1.2.3; 1.3.0; false", "~1; 1.9; true", "^1.2.3; 1.9.9; true", "^1.2.3; 2.0.0; false",
        "^0.2.3; 0.2.9; true", "^0.2.3; 0.3.0; false", "^0.0.3; 0.0.4; false", "1.x; 1.7.1; true", "*; 9.9.9; true", "1.2 - 1.4; 1.4.5; true", "1.2 - 1.4; 1.5.0; false", ">=1, <2 || >=3; 3.1; true",
        ">=1 <2 || >=3; 2.1; false", ">=1; 2.0.0-rc1; false", ">=1.0.0-0; 2.0.0-rc1; true", ">1.0.0-rc.9; 1.0.0-rc.10; true", ">1.0.0-rc.9; 1.0.0; true", "1; latest; false", "1; 01.2; false", "1; 1.2.3+build; true"})
    void rangesHoldTheirVersions(String range, String version, boolean holds) {
        assertThat(VersionRange.parse(range).holds(version)).isEqualTo(holds);
    }
}
