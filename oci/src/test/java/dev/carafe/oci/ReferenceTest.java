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
        "a:5000/b/c, a:5000/b/c, a:5000/b/c, false",
        "foo_bar.com:8080, docker.io/library/foo_bar.com:8080, foo_bar.com:8080, true",
        "foo.com:8080, docker.io/library/foo.com:8080, foo.com:8080, true",
        "foo/foo_bar.com:8080, docker.io/foo/foo_bar.com:8080, foo/foo_bar.com:8080, true",
        "sub-dom1.foo.com/bar/baz/quux, sub-dom1.foo.com/bar/baz/quux, sub-dom1.foo.com/bar/baz/quux, false",
        "sub-dom1.foo.com/bar/baz/quux:some-long-tag, sub-dom1.foo.com/bar/baz/quux:some-long-tag, sub-dom1.foo.com/bar/baz/quux:some-long-tag, false",
        "b.gcr.io/test.example.com/my-app:test.example.com, b.gcr.io/test.example.com/my-app:test.example.com, b.gcr.io/test.example.com/my-app:test.example.com, false",
        "xn--n3h.com/myimage:xn--n3h.com, xn--n3h.com/myimage:xn--n3h.com, xn--n3h.com/myimage:xn--n3h.com, false",
        "xn--7o8h.com:4/myimage, xn--7o8h.com:4/myimage, xn--7o8h.com:4/myimage, false",
        "192.168.1.1:1/a, 192.168.1.1:1/a, 192.168.1.1:1/a, false",
        "[2001:db8::1]:80/a@sha256:" + HEX + ", [2001:db8::1]:80/a@sha256:" + HEX + ", [2001:db8::1]:80/a@sha256:" + HEX + ", false",
        "a/a/a/a/a/a/a/b.b-c__d, docker.io/a/a/a/a/a/a/a/b.b-c__d, a/a/a/a/a/a/a/b.b-c__d, true",
        "a--------b/c, docker.io/a--------b/c, a--------b/c, true",
        "docker.io/library, docker.io/library/library, library, false",
        "library, docker.io/library/library, library, true",
        "a:0, docker.io/library/a:0, a:0, true",
        "a:A_b.C-9, docker.io/library/a:A_b.C-9, a:A_b.C-9, true",
        "A.b/c, A.b/c, A.b/c, false",
        "localhost:5000/a@sha256:" + HEX + ", localhost:5000/a@sha256:" + HEX + ", localhost:5000/a@sha256:" + HEX + ", false",
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
        "a.b/", "é", "a/é", "a:é", HEX, "a\n", "a.b/c:", "a.b:80/", "A", "a/b:c/d", "a.b/c:d/e", "a/-", "a/.b", "a/b.", "a/b_", "a/b__",
        "a@@sha256:" + HEX, "a:t@", "a:@sha256:" + HEX, "@sha256:" + HEX, ":t", "/:t", "a.b//c", "a_b.c/d", "a_b:80/d", "[::g]/a", "[::1]x/a", "[::1]:/a",
        "[::1]:x/a", "*", "a*", "a/*", "docker.io/", "docker.io//a", "http://a", "a\tb", "a?b", "a#b", "a%b", "a+b", "~a", "a~b", " a", "a ", "a@b",
    })
    void whatIsNotAReferenceIsRefused(String text) {
        assertThatThrownBy(() -> Reference.parse(text)).isInstanceOf(Fault.class).hasMessageStartingWith("reference \"" + text.replace('\n', ' ').replace('\t', ' ') + "\": ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Alpine|invalid reference format: repository name (Alpine) must be lowercase, at character 1 ('A')",
        "a/B|invalid reference format: repository name (a/B) must be lowercase, at character 3 ('B')",
        "a..b|invalid reference format: a repository's name has a-z, 0-9 and, between them, one of . _ __ / or dashes, at character 3 ('.')",
        "a b|invalid reference format: a repository's name has a-z, 0-9 and, between them, one of . _ __ / or dashes, at character 2 (' ')",
        "a//b|invalid reference format: a repository's name has letters or digits on both sides of each separator, at character 3 ('/')",
        "a.b/|invalid reference format: a repository's name has letters or digits on both sides of each separator, at the end",
        "my/app-:1|invalid reference format: a repository's name has letters or digits on both sides of each separator, at character 8 (':')",
        HEX + "|invalid repository name, cannot specify 64-byte hexadecimal strings",
        "a:|invalid reference format: a tag is missing, at the end",
        "a:-|invalid reference format: a tag begins with a letter, a digit or _, at character 3 ('-')",
        "localhost:5000/a:1+2|invalid reference format: a tag has letters, digits and _.-, at character 19 ('+')",
        "a-.b/c|invalid reference format: expected a host name with or without a port, at character 3 ('.')",
        "a.b:8o/c|invalid reference format: expected a host name with or without a port, at character 6 ('o')",
        "[::1/a|invalid reference format: expected a host name with or without a port, at character 5 ('/')",
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
