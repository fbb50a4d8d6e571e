package dev.carafe.transport.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where names lead, by the files of the field. */
class RegistryConfigurationTest {
    private static final String DIGEST = "@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @TempDir
    Path home;

    private RegistryConfiguration with(String registries) throws IOException {
        Path file = home.resolve("registries.conf");
        Files.writeString(file, registries);
        return RegistryConfiguration.load(settings(file));
    }

    private RegistrySettings settings(Path file) {
        return RegistrySettings.of(Map.of("HOME", home.toString(), "CONTAINERS_REGISTRIES_CONF", file.toString(), "CONTAINERS_REGISTRIES_CONF_DIR", home.resolve("d").toString()));
    }

    private static List<String> places(RegistryConfiguration configuration, String name) {
        return configuration.toPull(Reference.parse(name)).stream().map(p -> p.endpoint().schemes().getFirst() + " " + p.endpoint().authority() + " " + p.reference()).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:5000, http https, true", "127.0.0.1:5000, http https, true", "[::1]:5000, http https, true", "127.1.2.3, http https, true",
        "example.com, https, true", "docker.io, https, true", "localhost.example.com, https, true", "127.example.com, https, true", "10.0.0.1:5000, https, true",
    })
    void plainHttpIsForTheLoopbackAlone(String domain, String schemes, boolean verify) throws IOException {
        Endpoint endpoint = with("").direct(domain);
        assertThat(String.join(" ", endpoint.schemes())).isEqualTo(schemes);
        assertThat(endpoint.verify()).isEqualTo(verify);
    }

    @Test
    void theUserMayAllowOrForbidIt() {
        Path none = home.resolve("none");
        assertThat(RegistryConfiguration.load(settings(none).withTlsVerify(false)).direct("example.com").schemes()).containsExactly("https", "http");
        assertThat(RegistryConfiguration.load(settings(none).withTlsVerify(true)).direct("localhost:5000").schemes()).containsExactly("https");
    }

    @Test
    void theHubIsAskedAtItsOwnHost() throws IOException {
        assertThat(places(with(""), "docker.io/alpine:3")).containsExactly("https registry-1.docker.io docker.io/library/alpine:3");
    }

    @Test
    void shortNamesAreLookedForOnlyWhereConfigured() throws IOException {
        assertThat(with("").meanings(Reference.parse("app"))).isEmpty();
        assertThat(with("").meanings(Reference.parse("a.b/app"))).hasSize(1);
        RegistryConfiguration searching = with("unqualified-search-registries = ['one.example', \"two.example:5000\"]\n[aliases]\n\"cellar/wine\" = \"three.example/w\"");
        assertThat(searching.meanings(Reference.parse("app:1"))).extracting(Reference::toString).containsExactly("one.example/app:1", "two.example:5000/app:1");
        assertThat(searching.meanings(Reference.parse("cellar/wine:1"))).extracting(Reference::toString).containsExactly("three.example/w:1");
    }

    @Test
    void prefixesAreRewrittenMirroredAndBlocked() throws IOException {
        RegistryConfiguration configuration = with("""
                # a comment
                [[registry]]
                prefix = "a.example/team"
                location = "b.example/moved/team"
                insecure = true
                [[registry.mirror]]
                location = "m1.example/x"
                [[registry.mirror]]
                location = "localhost:5000/y"
                pull-from-mirror = "digest-only"

                [[registry]]
                prefix = "a.example/team/special"
                [[registry]]
                prefix = "*.wild.example"
                location = "tame.example"
                [[registry]]
                location = "blocked.example"
                blocked = true
                """);
        assertThat(places(configuration, "a.example/team/app:1")).containsExactly("https m1.example m1.example/x/app:1", "https b.example b.example/moved/team/app:1");
        assertThat(places(configuration, "a.example/team/app" + DIGEST)).containsExactly("https m1.example m1.example/x/app" + DIGEST,
                "http localhost:5000 localhost:5000/y/app" + DIGEST, "https b.example b.example/moved/team/app" + DIGEST);
        assertThat(places(configuration, "a.example/team/special:1")).containsExactly("https a.example a.example/team/special:1");
        assertThat(places(configuration, "a.example/teamwork:1")).containsExactly("https a.example a.example/teamwork:1");
        assertThat(places(configuration, "x.wild.example/app:1")).containsExactly("https tame.example tame.example/app:1");
        assertThat(configuration.toPush(Reference.parse("a.example/team/app:1")).endpoint().schemes()).containsExactly("https", "http");
        assertThatThrownBy(() -> configuration.toPull(Reference.parse("blocked.example/a"))).hasMessageContaining("blocks blocked.example");
    }

    @Test
    void aHostsFileNamesHostsInOrder() throws IOException {
        Path directory = Files.createDirectories(home.resolve(".config/containers/certs.d/reg.example"));
        Files.writeString(directory.resolve("hosts.toml"), """
                server = "https://reg.example"
                [host."http://localhost:7000"]
                  capabilities = ["pull", "resolve"]
                  [host."http://localhost:7000".header]
                    x-who = ["me"]
                [host."https://deep.example/v2/proxy"]
                  override_path = true
                  skip_verify = true
                """);
        RegistryConfiguration configuration = with("");
        List<RegistryConfiguration.Place> places = configuration.toPull(Reference.parse("reg.example/a:1"));
        assertThat(places).extracting(p -> p.endpoint().authority() + p.endpoint().path()).containsExactly("localhost:7000/v2", "deep.example/v2/proxy", "reg.example/v2");
        assertThat(places.getFirst().endpoint().headers()).containsEntry("x-who", "me");
        assertThat(places.get(1).endpoint().verify()).isFalse();
        assertThat(configuration.toPush(Reference.parse("reg.example/a:1")).endpoint().authority()).isEqualTo("deep.example");
    }

    @Test
    void tomlIsReadInItsForms() {
        JsonObject read = Toml.parse("t", """
                a = 1_000 # comment
                b.c = [ "x", 'y\\n',
                   # inside
                   true, ]
                "d e" = { f = \"""
                two
                lines\""", g = "\\u00e9\\t" }
                [t.u]
                v = 2026-01-01T00:00:00Z
                [[t.list]]
                w = 1
                [[t.list]]
                [t.list.x]
                y = ''
                """);
        assertThat(read).hasToString("{\"a\":1000,\"b\":{\"c\":[\"x\",\"y\\\\n\",true]},\"d e\":{\"f\":\"two\\nlines\",\"g\":\"é\\t\"},"
                + "\"t\":{\"u\":{\"v\":\"2026-01-01T00:00:00Z\"},\"list\":[{\"w\":1},{\"x\":{\"y\":\"\"}}]}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a=", "a=1 2", "[a", "[[a]", "a=\"x", "a='x\n'", "a=[1", "a={b=1", "a=1\na=2", "=1", "a=\"\\x\"", "a=\"\\u12\"", "a=1\n[a]", "a={}\n[[a]]", "a=hello"})
    void whatIsNoTomlIsRefusedWithItsLine(String text) {
        assertThatThrownBy(() -> Toml.parse("t", text)).isInstanceOf(Fault.class).hasMessageContaining("line ");
    }
}
