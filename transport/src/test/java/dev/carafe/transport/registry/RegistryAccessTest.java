package dev.carafe.transport.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import dev.carafe.transport.FaultyRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How registries are asked, by whom, and where what is secret goes. */
@Timeout(60)
class RegistryAccessTest {
    private static final String SECRET = "s3cret:with:colons";
    private static final String BASIC = "Basic " + Base64.getEncoder().encodeToString(("ada:" + SECRET).getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path home;

    private FaultyRegistry server;
    private RegistrySettings settings;

    @BeforeEach
    void open() throws IOException {
        server = new FaultyRegistry();
        server.image("app", "1", Platform.of("linux", "amd64"), 1000);
        settings = RegistrySettings.of(Map.of("HOME", home.toString(), "PATH", home.toString(), "XDG_RUNTIME_DIR", home.resolve("run").toString()))
                .withRetries(2, Duration.ofMillis(1));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Document manifest() {
        try (Registry registry = Registry.open(server.domain(), settings)) {
            return registry.repository("app").manifest("1");
        }
    }

    private void challenge(HttpExchange exchange, String value) throws IOException {
        exchange.getResponseHeaders().set("WWW-Authenticate", value);
        FaultyRegistry.answer(exchange, 401, FaultyRegistry.error("UNAUTHORIZED", "authentication required"));
    }

    private void wantBasic() {
        server.prank((exchange, path) -> {
            if (!BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                challenge(exchange, "Basic realm=\"r\"");
                return true;
            }
            return false;
        });
    }

    /** Tokens are numbered; only the latest is good. */
    private AtomicInteger wantToken(String grant, int lasting) {
        var issued = new AtomicInteger();
        server.prank((exchange, path) -> {
            String shown = exchange.getRequestHeaders().getFirst("Authorization");
            if (path.equals("/token")) {
                String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                boolean known = grant.isEmpty() || grant.equals(shown) || form.contains(grant);
                FaultyRegistry.answer(exchange, known ? 200 : 401, known ? "{\"token\":\"t" + issued.incrementAndGet() + "\",\"expires_in\":" + lasting + "}"
                        : "{\"details\":\"incorrect username or password\"}");
                return true;
            }
            if (!("Bearer t" + issued.get()).equals(shown) || issued.get() == 0) {
                challenge(exchange, "Bearer realm=\"http://" + server.domain() + "/token\",service=\"the, service\",scope=\"repository:x:pull\"");
                return true;
            }
            return false;
        });
        return issued;
    }

    @Test
    void nobodyIsAskedWhoNeedNotSay() {
        manifest();
        assertThat(server.authorizations).containsOnly("");
    }

    @Test
    void aPasswordIsShownToWhoAsksForOne() {
        wantBasic();
        settings = settings.withCredentials(Credentials.of("ada", SECRET));
        manifest();
        assertThat(server.authorizations.getFirst()).as("the greeting is anonymous").isEmpty();
    }

    @Test
    void aWrongPasswordIsToldWithoutShowingIt() {
        wantBasic();
        settings = settings.withCredentials(Credentials.of("ada", "wrong-" + SECRET));
        Fault fault = catchThrowableOfType(Fault.class, this::manifest);
        assertThat(fault.kind()).isEqualTo(Fault.Kind.PERMISSION);
        assertThat(fault.getMessage()).contains("carafe login " + server.domain()).doesNotContain(SECRET);
        assertThat(settings.toString()).doesNotContain(SECRET);
    }

    @Test
    void aTokenIsFetchedOnceForItsScope() {
        AtomicInteger issued = wantToken("", 300);
        try (Registry registry = Registry.open(server.domain(), settings)) {
            registry.repository("app").manifest("1");
            registry.repository("app").tags();
        }
        assertThat(issued).hasValue(1);
        assertThat(server.requests).contains("GET /token");
    }

    @Test
    void aPasswordGoesToTheTokenServiceAlone() {
        wantToken(BASIC, 300);
        settings = settings.withCredentials(Credentials.of("ada", SECRET));
        manifest();
        for (int k = 0; k < server.requests.size(); k++) {
            assertThat(server.authorizations.get(k).equals(BASIC)).as(server.requests.get(k)).isEqualTo(server.requests.get(k).equals("GET /token"));
        }
    }

    @Test
    void anIdentityTokenIsExchanged() {
        wantToken("refresh_token=identity%2Ftoken", 300);
        settings = settings.withCredentials(new Credentials("", "", Optional.of("identity/token")));
        manifest();
        assertThat(server.requests).contains("POST /token");
    }

    @Test
    void aTokenThatIsNotGoodAnyMoreIsFetchedAnew() {
        AtomicInteger issued = wantToken("", 300);
        try (Registry registry = Registry.open(server.domain(), settings)) {
            registry.repository("app").manifest("1");
            issued.incrementAndGet();
            registry.repository("app").manifest("1");
        }
        assertThat(issued).hasValue(3);
    }

    @Test
    void aTokenServiceThatRefusesIsTold() {
        wantToken(BASIC, 300);
        assertThatThrownBy(this::manifest).isInstanceOfSatisfying(Fault.class, f -> assertThat(f.kind()).isEqualTo(Fault.Kind.PERMISSION))
                .hasMessageContaining("incorrect username or password").hasMessageContaining("carafe login");
    }

    @Test
    void aTokenServiceWithoutTlsElsewhereIsNotTold() {
        server.prank((exchange, path) -> {
            challenge(exchange, "Bearer realm=\"http://192.0.2.1/token\"");
            return true;
        });
        settings = settings.withCredentials(Credentials.of("ada", SECRET));
        assertThatThrownBy(this::manifest).hasMessageContaining("does not speak TLS");
    }

    @Test
    void credentialsDoNotFollowARedirectToAnotherHost() throws IOException {
        wantBasic();
        settings = settings.withCredentials(Credentials.of("ada", SECRET));
        byte[] bytes = "somewhere else".getBytes(StandardCharsets.UTF_8);
        try (var other = new FaultyRegistry()) {
            Descriptor blob = other.put(MediaType.LAYER_TAR, bytes);
            server.prank((exchange, path) -> {
                if (path.contains("/blobs/")) {
                    exchange.getResponseHeaders().set("Location", "http://" + other.domain() + path);
                    exchange.sendResponseHeaders(307, -1);
                    return true;
                }
                return false;
            });
            try (Registry registry = Registry.open(server.domain(), settings); InputStream in = registry.repository("app").blob(blob).open(0)) {
                assertThat(in.readAllBytes()).isEqualTo(bytes);
            }
            assertThat(other.requests).hasSize(1);
            assertThat(other.authorizations).containsOnly("");
        }
    }

    @Test
    void anotherHostDoesNotLearnCredentialsByAskingForThem() throws IOException {
        settings = settings.withCredentials(Credentials.of("ada", SECRET));
        try (var other = new FaultyRegistry()) {
            other.prank((exchange, path) -> {
                challenge(exchange, "Basic realm=\"give\"");
                return true;
            });
            server.prank((exchange, path) -> {
                if (path.contains("/manifests/")) {
                    exchange.getResponseHeaders().set("Location", "http://" + other.domain() + path);
                    exchange.sendResponseHeaders(307, -1);
                    return true;
                }
                return false;
            });
            assertThat(catchThrowableOfType(Fault.class, this::manifest).kind()).isEqualTo(Fault.Kind.PERMISSION);
            assertThat(other.authorizations).containsOnly("");
        }
    }

    @Test
    void credentialsAreFoundInTheFilesOfTheField() throws IOException {
        wantBasic();
        String entry = "{\"auths\":{\"KEY\":{\"auth\":\"" + BASIC.substring(6) + "\"}}}";
        for (String key : List.of(server.domain(), "http://" + server.domain() + "/v1/", server.domain() + "/app")) {
            for (String file : List.of("run/containers/auth.json", ".config/containers/auth.json", ".docker/config.json")) {
                Path path = home.resolve(file);
                Files.createDirectories(path.getParent());
                Files.writeString(path, entry.replace("KEY", key));
                assertThat(manifest()).as(file + " " + key).isNotNull();
                Files.delete(path);
            }
        }
        assertThatThrownBy(this::manifest).isInstanceOf(Fault.class);
    }

    @Test
    void theClosestKeyIsTaken() throws IOException {
        wantBasic();
        Path path = home.resolve(".docker/config.json");
        Files.createDirectories(path.getParent());
        Files.writeString(path, "{\"auths\":{\"" + server.domain() + "\":{\"auth\":\"eDp5\"},\"" + server.domain() + "/app\":{\"auth\":\"" + BASIC.substring(6) + "\"}}}");
        manifest();
    }

    @Test
    void whatIsStoredIsFoundAndForgottenAndTheRestOfTheFileStays() throws IOException {
        Path path = home.resolve(".docker/config.json");
        Files.createDirectories(path.getParent());
        Files.writeString(path, "{\"HttpHeaders\":{\"X\":\"1\"},\"auths\":{\"other:1\":{\"auth\":\"eDp5\"}}}");
        var files = new CredentialFiles(settings);
        assertThat(files.store(server.domain(), Credentials.of("ada", SECRET), true)).isEqualTo(path);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-------");
        assertThat(Files.readString(path)).contains("HttpHeaders").contains("other:1");
        wantBasic();
        manifest();
        assertThat(files.user(server.domain())).contains("ada");
        assertThat(files.erase(server.domain())).isTrue();
        assertThat(files.erase(server.domain())).isFalse();
        assertThat(Files.readString(path)).contains("HttpHeaders").contains("other:1").doesNotContain(server.domain());
        assertThat(files.eraseAll()).containsExactly("other:1");
    }

    @Test
    void aHelperKeepsThemInstead() throws IOException {
        Path helper = home.resolve("docker-credential-cellar");
        Files.writeString(helper, "#!/bin/sh\nkept=" + home + "/kept\ncase $1 in\nget) read -r server; [ -e $kept ] || { echo 'credentials not found in native keychain'; exit 1; }; /bin/cat $kept;;\n"
                + "store) /bin/cat > $kept;;\nerase) /bin/rm $kept;;\nesac\n");
        Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path path = home.resolve(".docker/config.json");
        Files.createDirectories(path.getParent());
        Files.writeString(path, "{\"credsStore\":\"cellar\"}");
        var files = new CredentialFiles(settings);
        assertThat(files.user(server.domain())).isEmpty();
        files.store(server.domain(), Credentials.of("ada", SECRET), true);
        assertThat(Files.readString(path)).doesNotContain(BASIC.substring(6));
        wantBasic();
        manifest();
        assertThat(files.erase(server.domain())).isTrue();
        assertThat(home.resolve("kept")).doesNotExist();
        Files.writeString(path, "{\"credHelpers\":{\"" + server.domain() + "\":\"missing\"}}");
        assertThatThrownBy(this::manifest).hasMessageContaining("docker-credential-missing").hasMessageContaining("not in PATH");
    }

    @Test
    void challengesAreReadInAllTheirForms() {
        assertThat(Challenge.parse(List.of("Bearer realm=\"https://a/t?x=1,2\", service = a.b ,scope=\"x\\\"y\", Basic realm=\"r\"", "Negotiate")))
                .containsExactly(new Challenge("bearer", Map.of("realm", "https://a/t?x=1,2", "service", "a.b", "scope", "x\"y")), new Challenge("basic", Map.of("realm", "r")),
                        new Challenge("negotiate", Map.of()));
        assertThat(Challenge.parse(List.of("", ",,", "=", "Bearer realm=\"open", "\"", "Basic ="))).extracting(Challenge::scheme).contains("bearer", "basic");
    }

    @Test
    void tagsComeInPages() {
        for (String tag : List.of("2", "3", "4", "5")) {
            server.image("app", tag, Platform.of("linux", "amd64"), 10);
        }
        try (Registry registry = Registry.open(server.domain(), settings)) {
            assertThat(registry.repository("app").tags()).containsExactly("1", "2", "3", "4", "5");
        }
        assertThat(server.requests.stream().filter(request -> request.endsWith("/tags/list"))).hasSize(3);
    }

    @Test
    void anUploadThatBreaksOffGoesOnWhereItBroke() {
        byte[] bytes = new byte[3 << 20];
        new java.util.Random(1).nextBytes(bytes);
        Descriptor blob = Descriptor.of(MediaType.LAYER_TAR, bytes);
        var cut = new AtomicInteger();
        server.prank((exchange, path) -> {
            if (exchange.getRequestMethod().equals("PATCH") && cut.getAndIncrement() == 0) {
                server.session(path.substring(path.lastIndexOf('/') + 1)).write(exchange.getRequestBody().readNBytes(1 << 20));
                throw new IOException("cut");
            }
            return false;
        });
        var opened = new ArrayList<Long>();
        try (Registry registry = Registry.open(server.domain(), settings)) {
            registry.repository("app").upload(blob, offset -> {
                opened.add(offset);
                var in = new ByteArrayInputStream(bytes);
                in.skipNBytes(offset);
                return in;
            });
        }
        assertThat(server.blob(blob.digest().toString())).isEqualTo(bytes);
        assertThat(opened).containsExactly(0L, 1L << 20);
    }

    @Test
    void aBlobIsMountedOrElseNothingIsLeftBegun() {
        Descriptor there = server.put(MediaType.LAYER_TAR, new byte[] {1});
        try (Registry registry = Registry.open(server.domain(), settings)) {
            assertThat(registry.repository("app").mount(there.digest(), "other")).isTrue();
            assertThat(registry.repository("app").mount(Digest.sha256(new byte[] {2}), "other")).isFalse();
        }
        assertThat(server.requests.getLast()).startsWith("DELETE ");
    }

    @Test
    void theTagOfReferrersIsKeptUpToDateWhereTheRegistryDoesNot() {
        Digest subject = Digest.sha256(new byte[] {7});
        String manifest = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.MANIFEST + "\",\"config\":{\"mediaType\":\"a/b\",\"digest\":\"" + Digest.EMPTY
                + "\",\"size\":0},\"layers\":[],\"subject\":{\"mediaType\":\"" + MediaType.MANIFEST + "\",\"digest\":\"" + subject + "\",\"size\":2},\"annotations\":{\"who\":\"%s\"}}";
        Document one = Document.of(MediaType.MANIFEST, manifest.formatted("ada").getBytes(StandardCharsets.UTF_8));
        Document two = Document.of(MediaType.MANIFEST, manifest.formatted("charles").getBytes(StandardCharsets.UTF_8));
        try (Registry registry = Registry.open(server.domain(), settings)) {
            Repository repository = registry.repository("app");
            repository.putManifest(one.digest().toString(), one);
            repository.putManifest(one.digest().toString(), one);
            repository.putManifest(two.digest().toString(), two);
            assertThat(repository.referrers(subject, Optional.of("a/b"))).extracting(each -> each.annotations().get("who")).containsExactly("ada", "charles");
            assertThat(repository.delete(one)).isTrue();
            assertThat(repository.referrers(subject, Optional.empty())).extracting(Descriptor::digest).containsExactly(two.digest());
        }
    }

    @Test
    void aRegistryThatListsReferrersItselfGetsNoTag() {
        Digest subject = Digest.sha256(new byte[] {7});
        server.prank((exchange, path) -> {
            exchange.getResponseHeaders().set("OCI-Subject", subject.toString());
            return false;
        });
        byte[] manifest = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.INDEX + "\",\"manifests\":[],\"subject\":{\"mediaType\":\"" + MediaType.MANIFEST + "\",\"digest\":\"" + subject
                + "\",\"size\":2}}").getBytes(StandardCharsets.UTF_8);
        try (Registry registry = Registry.open(server.domain(), settings)) {
            registry.repository("app").putManifest("sbom", Document.of(MediaType.INDEX, manifest));
            assertThat(server.manifest("app:" + Repository.fallbackTag(subject))).isNull();
        }
    }

    @Test
    void referrersAreFoundByTheApiOrByTheirTag() {
        Digest subject = Digest.sha256(new byte[] {7});
        byte[] list = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.INDEX + "\",\"manifests\":[{\"mediaType\":\"" + MediaType.MANIFEST + "\",\"digest\":\"" + Digest.EMPTY
                + "\",\"size\":2,\"artifactType\":\"a/b\"},{\"mediaType\":\"" + MediaType.MANIFEST + "\",\"digest\":\"" + subject + "\",\"size\":2,\"artifactType\":\"c/d\"}]}").getBytes(StandardCharsets.UTF_8);
        try (Registry registry = Registry.open(server.domain(), settings)) {
            Repository repository = registry.repository("app");
            assertThat(repository.referrers(subject, Optional.empty())).isEmpty();
            server.putManifest("app", Repository.fallbackTag(subject), MediaType.INDEX, list);
            assertThat(repository.referrers(subject, Optional.empty())).hasSize(2);
            assertThat(repository.referrers(subject, Optional.of("a/b"))).hasSize(1);
            server.prank((exchange, path) -> {
                if (path.contains("/referrers/")) {
                    exchange.getResponseHeaders().set("Content-Type", MediaType.INDEX);
                    FaultyRegistry.answer(exchange, 200, new String(list, StandardCharsets.UTF_8));
                    return true;
                }
                return false;
            });
            assertThat(repository.referrers(subject, Optional.of("c/d"))).hasSize(1);
        }
    }
}
