package dev.carafe.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
    private static final String HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @ParameterizedTest
    @CsvSource({
        "alpine, docker.io/library/alpine, alpine, true",
        "alpine:3.20, docker.io/library/alpine:3.20, alpine:3.20, true",
        "library/alpine, docker.io/library/alpine, alpine, true",
        "docker.io/alpine, docker.io/library/alpine, alpine, false",
        "index.docker.io/alpine, docker.io/library/alpine, alpine, false",
        "docker.io/library/a/b, docker.io/library/a/b, library/a/b, false",
        "bitnami/redis, docker.io/bitnami/redis, bitnami/redis, true",
        "ghcr.io/a/b/c:v1, ghcr.io/a/b/c:v1, ghcr.io/a/b/c:v1, false",
        "localhost/app, localhost/app, localhost/app, false",
        "localhost, docker.io/library/localhost, localhost, true",
        "localhost:5000, docker.io/library/localhost:5000, localhost:5000, true",
        "localhost:5000/app:1, localhost:5000/app:1, localhost:5000/app:1, false",
        "Registry/app, Registry/app, Registry/app, false",
        "127.0.0.1:5000/app, 127.0.0.1:5000/app, 127.0.0.1:5000/app, false",
        "[fc00::1]:5000/a/b:t, [fc00::1]:5000/a/b:t, [fc00::1]:5000/a/b:t, false",
        "[fc00::1]/a, [fc00::1]/a, [fc00::1]/a, false",
        "a.b/c, a.b/c, a.b/c, false",
        "a.b, docker.io/library/a.b, a.b, true",
        "dock__er/a-b---c.d_e, docker.io/dock__er/a-b---c.d_e, dock__er/a-b---c.d_e, true",
        "d/x, docker.io/d/x, d/x, true",
        "a:_.-, docker.io/library/a:_.-, a:_.-, true",
        "docker.io/" + HEX + ", docker.io/library/" + HEX + ", " + HEX + ", false",
        HEX + ":1, docker.io/library/" + HEX + ":1, " + HEX + ":1, true",
        "alpine@sha256:" + HEX + ", docker.io/library/alpine@sha256:" + HEX + ", alpine@sha256:" + HEX + ", true",
        "quay.io/a:t@sha256:" + HEX + ", quay.io/a:t@sha256:" + HEX + ", quay.io/a:t@sha256:" + HEX + ", false",
    })
    void namesGetDockersDefaultsAndPrintWithoutThem(String text, String full, String familiar, boolean shortName) {
        Reference reference = Reference.parse(text);
        assertThat(reference).hasToString(full);
        assertThat(reference.familiar()).isEqualTo(familiar);
        assertThat(reference.shortName()).isEqualTo(shortName);
        assertThat(Reference.parse(full)).hasToString(full);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", ":", "@", "/", "a/", "/a", "a//b", "-a", "a-", "a-/b", "_a/b", "a._b", "a..b", "a___b", "a/-b", "a b", "https://a.b/c", "a:", "a:-x",
        "a:.x", "a:x/y", "a:x:y", "a:t t", "a@", "a@sha256:abc", "a@sha256:" + HEX + "@sha256:" + HEX, "[fc00::1]", "[fc00::1]:5000",
        "fc00::1:5000/debian", "[fe80::1%eth0]:5000/debian", "[::1/a", "[]/a", "a.b:/c", "a.b:x/c", ".a/b", "a..b/c", "a./b", "-a.b/c", "a-.b/c",
        "a.b/", "é", "a/é", "a:é", HEX, "a\n",
    })
    void whatIsNotAReferenceIsRefused(String text) {
        assertThatThrownBy(() -> Reference.parse(text)).isInstanceOf(Fault.class).hasMessageStartingWith("reference \"" + text + "\": ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Alpine|invalid reference format: repository name (library/Alpine) must be lowercase",
        "a/B|invalid reference format: repository name (a/B) must be lowercase",
        "a..b|invalid reference format",
        HEX + "|invalid repository name, cannot specify 64-byte hexadecimal strings",
        "a:-|invalid reference format: the tag has other than letters, digits and _.- or is too long",
        "a-.b/c|invalid reference format: \"a-.b\" is not a host name with or without a port",
        "a@sha256:12|invalid reference format: sha256 has 64 hexadecimal digits, not 2",
    })
    void aRefusalSaysWhy(String text, String reason) {
        assertThatThrownBy(() -> Reference.parse(text)).hasMessage("reference \"" + text + "\": " + reason);
    }

    @Test
    void aTagHasUpTo128CharactersAndAPathUpTo255() {
        assertThat(Reference.parse("a:" + "t".repeat(128)).tag()).contains("t".repeat(128));
        assertThatThrownBy(() -> Reference.parse("a:" + "t".repeat(129))).isInstanceOf(Fault.class);
        assertThat(Reference.parse("a.b/" + "p".repeat(255)).path()).hasSize(255);
        assertThatThrownBy(() -> Reference.parse("a.b/" + "p".repeat(256)))
                .hasMessageEndingWith("repository name must not be more than 255 characters");
    }

    @Test
    void latestIsAddedOnlyWhereNothingElseIsSaid() {
        assertThat(Reference.parse("a").tag()).isEmpty();
        assertThat(Reference.parse("a").withDefaultTag().tag()).contains("latest");
        assertThat(Reference.parse("a:b").withDefaultTag().tag()).contains("b");
        assertThat(Reference.parse("a@" + Digest.EMPTY).withDefaultTag().tag()).isEmpty();
    }

    @Test
    void partsCanBeExchanged() {
        Reference reference = Reference.parse("a:b");
        assertThat(reference.withDigest(Digest.EMPTY)).hasToString("docker.io/library/a:b@" + Digest.EMPTY);
        assertThat(reference.withTag("c")).hasToString("docker.io/library/a:c");
        assertThat(reference.withoutTagAndDigest().familiar()).isEqualTo("a");
        assertThat(reference.withDomain("mirror:80")).hasToString("mirror:80/library/a:b").satisfies(r -> assertThat(r.shortName()).isFalse());
        assertThat(reference.name()).isEqualTo("docker.io/library/a");
        assertThatThrownBy(() -> reference.withTag("-")).hasMessage("tag \"-\": invalid tag format");
        assertThatThrownBy(() -> reference.withDomain("a/b")).hasMessage("registry \"a/b\": not a host name with or without a port");
    }
}
