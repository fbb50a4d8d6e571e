package dev.carafe.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
    private static final Platform AMD64 = Platform.of("linux", "amd64");

    private static Platform platform(String text) {
        return Platform.parse(text, AMD64);
    }

    @ParameterizedTest
    @CsvSource({
        "linux/amd64, linux/amd64", "Linux/x86_64, linux/amd64", "linux/x86-64, linux/amd64", "linux/amd64/v1, linux/amd64",
        "linux/amd64/v3, linux/amd64/v3", "linux/arm64, linux/arm64", "linux/aarch64, linux/arm64", "linux/arm64/v8, linux/arm64/v8",
        "linux/arm64/8, linux/arm64/v8", "linux/arm64/9, linux/arm64/v9", "linux/arm64/v9.0, linux/arm64/v9", "linux/arm, linux/arm",
        "linux/arm/v7, linux/arm", "linux/arm/6, linux/arm/v6", "linux/armhf, linux/arm", "linux/armv7, linux/arm", "linux/armv7l, linux/arm",
        "linux/armel, linux/arm/v6", "linux/i386, linux/386", "linux/s390x, linux/s390x", "linux/loongarch64, linux/loong64",
        "macos/arm64, darwin/arm64", "windows/amd64, windows/amd64", "any/thing, any/thing", "arm64, linux/arm64", "aarch64, linux/arm64",
        "linux, linux/amd64", "windows, windows/amd64", "armel, linux/arm/v6",
    })
    void everyUsualSpellingIsRead(String text, String printed) {
        assertThat(platform(text)).hasToString(printed);
        assertThat(platform(printed).matches(platform(text))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "linux/", "/amd64", "linux/amd64/v1/x", "linux/amd 64", "toaster", "linux/*", "linux//v7"})
    void whatIsNotAPlatformIsRefused(String text) {
        assertThatThrownBy(() -> platform(text)).isInstanceOf(Fault.class).hasMessageStartingWith("platform \"" + text + "\": ");
    }

    @ParameterizedTest
    @CsvSource({"amd64, linux/amd64", "x86_64, linux/amd64", "aarch64, linux/arm64", "arm, linux/arm", "armv7l, linux/arm", "x86, linux/386",
        "i686, linux/386", "ppc64le, linux/ppc64le", "s390x, linux/s390x", "riscv64, linux/riscv64", "loongarch64, linux/loong64"})
    void aHostIsKnownByJavasOrTheKernelsWord(String osArch, String printed) {
        assertThat(Platform.host(osArch)).hasToString(printed);
    }

    @ParameterizedTest
    @CsvSource({
        "linux/amd64, linux/amd64, 0", "linux/amd64, linux/386, 1", "linux/amd64, linux/amd64/v2, -1", "linux/amd64, linux/arm64, -1",
        "linux/amd64, windows/amd64, -1", "linux/amd64/v3, linux/amd64/v2, 1", "linux/amd64/v3, linux/amd64, 2",
        "linux/arm64, linux/arm64/v8, 0", "linux/arm64/v8, linux/aarch64, 0", "linux/arm64, linux/arm/v8, 1", "linux/arm64, linux/arm, 2",
        "linux/arm64, linux/arm/v5, 4", "linux/arm64, linux/arm64/v9, -1", "linux/arm64/v9, linux/arm64/v8.5, 1",
        "linux/arm64/v9, linux/arm64, 6", "linux/arm64/v8.2, linux/arm64/v8.1, 1", "linux/arm, linux/arm/v7, 0", "linux/arm, linux/arm/v6, 1",
        "linux/arm/v6, linux/arm, -1", "linux/arm, linux/arm64, -1", "linux/386, linux/amd64, -1", "linux/s390x, linux/s390x, 0",
        "linux/arm64/x1, linux/arm64/x1, 0", "linux/arm64/x1, linux/arm64, -1",
    })
    void imagesOfOlderVariantsAndThe32BitSisterRun(String host, String image, int rank) {
        assertThat(platform(host).rank(platform(image))).isEqualTo(rank);
        assertThat(platform(host).matches(platform(image))).isEqualTo(rank == 0);
    }

    @Test
    void whatAnImageNeedsOfTheSystemMustBeThere() {
        var needy = new Platform("linux", "amd64", Optional.empty(), Optional.empty(), List.of("sse4"));
        assertThat(AMD64.rank(needy)).isEqualTo(-1);
        assertThat(needy.rank(AMD64)).isEqualTo(0);
        assertThat(needy.rank(needy)).isEqualTo(0);
    }

    @Test
    void aPlatformPrintsAsTheSpecWritesItAndReadsBack() {
        var windows = new Platform("windows", "arm64", Optional.of("v8"), Optional.of("10.0.14393.1066"), List.of("win32k"));
        assertThat(Json.compact(windows.json())).isEqualTo("{\"architecture\":\"arm64\",\"os\":\"windows\","
                + "\"os.version\":\"10.0.14393.1066\",\"os.features\":[\"win32k\"],\"variant\":\"v8\"}");
        assertThat(Platform.parse(Fields.of("x", windows.json()))).isEqualTo(windows);
        assertThat(Json.compact(AMD64.json())).isEqualTo("{\"architecture\":\"amd64\",\"os\":\"linux\"}");
    }
}
