package dev.carafe.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.content.Ingest;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import dev.carafe.oci.Reference;
import dev.carafe.transport.registry.RegistrySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What registries do wrong, and what is in the store then: whole blobs, partial ones to be taken up again, and no name too many. */
@Timeout(60)
class PullFaultsTest {
    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = Platform.of("linux", "arm64");
    private static final int LARGE = 900_000;

    @TempDir
    Path temporary;

    private FileSystem files;
    private ContentStore store;
    private ImageIndex index;
    private FaultyRegistry registry;
    private RegistrySettings settings;

    @BeforeEach
    void open() throws IOException {
        files = new FileSystem(new NativeKernel());
        store = ContentStore.open(files, temporary.resolve("content").toString());
        index = new ImageIndex(store);
        registry = new FaultyRegistry();
        settings = RegistrySettings.of(Map.of("HOME", temporary.toString())).withRetries(2, Duration.ofMillis(1)).withPatience(Duration.ofSeconds(10));
        registry.image("app", "1", AMD64, 1000, LARGE);
    }

    @AfterEach
    void close() {
        registry.close();
        for (Digest digest : store.list()) {
            assertThat(digest.matches(store.read(digest, 1 << 24))).as("blob " + digest).isTrue();
        }
        for (Image image : index.list()) {
            assertThat(store.has(image.target().digest())).as("the manifest of " + image.name()).isTrue();
        }
        store.close();
        files.close();
    }

    private Image pull(String repository) {
        Reference reference = Reference.parse(registry.domain() + "/" + repository);
        try (RegistrySource source = RegistrySource.open(reference, settings);
                StoreTarget target = new StoreTarget(store, index, Optional.of(reference.toString()))) {
            new Copy(source, target, Copy.Options.of(AMD64), CopyListener.NONE).run();
            return target.image();
        }
    }

    private Fault refused(String repository) {
        Fault fault = catchThrowableOfType(Fault.class, () -> pull(repository));
        assertThat(fault).as("a fault").isNotNull();
        assertThat(fault.getMessage()).hasLineCount(1);
        assertThat(index.list()).isEmpty();
        return fault;
    }

    private void layersAreHere() {
        assertThat(store.has(Descriptor.of("", registry.blob(largest())).digest())).isTrue();
        assertThat(index.list()).hasSize(1);
    }

    private String largest() {
        var layer = new byte[LARGE];
        new java.util.Random(LARGE).nextBytes(layer);
        return Digest.sha256(layer).toString();
    }

    @Test
    void anImageComesWhole() {
        pull("app:1");
        layersAreHere();
    }

    @ParameterizedTest
    @CsvSource({
        "401, PERMISSION, asks for credentials",
        "403, PERMISSION, denies",
        "404, NOT_FOUND, not found",
        "405, UNSUPPORTED, does not allow",
        "429, EXHAUSTED, too many requests",
        "500, UNAVAILABLE, fails",
        "502, UNAVAILABLE, fails",
        "503, UNAVAILABLE, fails",
        "504, UNAVAILABLE, fails",
        "418, INVALID, refuses",
    })
    void aStatusThatStaysIsAFaultThatSaysWhat(int status, Fault.Kind kind, String text) {
        for (String part : List.of("/manifests/", "/blobs/")) {
            registry.prank((exchange, path) -> {
                if (path.contains(part)) {
                    FaultyRegistry.answer(exchange, status, FaultyRegistry.error("CODE", "because\\u001b[31m of\\nreasons"));
                    return true;
                }
                return false;
            });
            Fault fault = refused("app:1");
            assertThat(fault.kind()).isEqualTo(kind);
            assertThat(fault.getMessage()).contains(text).contains("because").contains("HTTP " + status).doesNotContain("\u001b");
        }
    }

    @ParameterizedTest
    @CsvSource({"429", "500", "502", "503", "504", "408"})
    void aStatusThatPassesIsTriedAgain(int status) {
        Set<String> failedOnce = ConcurrentHashMap.newKeySet();
        registry.prank((exchange, path) -> {
            if (!path.equals("/v2/") && failedOnce.add(path)) {
                exchange.getResponseHeaders().set("Retry-After", "0");
                FaultyRegistry.answer(exchange, status, "");
                return true;
            }
            return false;
        });
        pull("app:1");
        layersAreHere();
    }

    @Test
    void aLongPauseIsNotWaitedForButTold() {
        registry.prank((exchange, path) -> {
            exchange.getResponseHeaders().set("Retry-After", "3600");
            FaultyRegistry.answer(exchange, 429, FaultyRegistry.error("TOOMANYREQUESTS", "You have reached your pull rate limit."));
            return true;
        });
        assertThat(refused("app:1").getMessage()).contains("pull rate limit").contains("try again in 3600 s").contains("mirror");
    }

    @Test
    void aBodyThatBreaksOffGoesOnWhereItBroke() {
        var broken = new AtomicInteger();
        registry.prank((exchange, path) -> {
            byte[] blob = path.endsWith(largest()) ? registry.blob(largest()) : null;
            if (blob != null && broken.getAndIncrement() == 0) {
                registry.send(exchange, 200, Arrays.copyOf(blob, LARGE / 2), LARGE);
                throw new IOException("cut");
            }
            return false;
        });
        pull("app:1");
        layersAreHere();
        assertThat(registry.sent.get()).as("bytes sent in all").isLessThan((long) (LARGE * 1.1));
    }

    @Test
    void aBodyThatBreaksAgainAndAgainIsTakenUpByTheNextPull() {
        registry.prank((exchange, path) -> {
            if (path.endsWith(largest()) && exchange.getRequestHeaders().getFirst("Range") == null) {
                registry.send(exchange, 200, Arrays.copyOf(registry.blob(largest()), LARGE / 2), LARGE);
                throw new IOException("cut");
            }
            if (path.endsWith(largest())) {
                FaultyRegistry.answer(exchange, 503, "");
                return true;
            }
            return false;
        });
        assertThat(refused("app:1").kind()).isEqualTo(Fault.Kind.UNAVAILABLE);
        registry.prank((exchange, path) -> false);
        pull("app:1");
        layersAreHere();
        assertThat(registry.sent.get()).as("bytes sent in all").isLessThan((long) (LARGE * 1.1));
    }

    @Test
    void aRegistryWithoutRangesSendsAllAgain() {
        var times = new AtomicInteger();
        registry.prank((exchange, path) -> {
            if (path.endsWith(largest())) {
                byte[] blob = registry.blob(largest());
                boolean cut = times.getAndIncrement() == 0;
                registry.send(exchange, 200, cut ? Arrays.copyOf(blob, LARGE / 2) : blob, LARGE);
                if (cut) {
                    throw new IOException("cut");
                }
                return true;
            }
            return false;
        });
        pull("app:1");
        layersAreHere();
    }

    @Test
    void otherBytesThanTheDigestSaysAreRefused() {
        registry.prank((exchange, path) -> {
            if (path.endsWith(largest())) {
                registry.send(exchange, 200, new byte[LARGE], LARGE);
                return true;
            }
            return false;
        });
        Fault fault = refused("app:1");
        assertThat(fault.kind()).isEqualTo(Fault.Kind.CORRUPT);
        assertThat(fault.getMessage()).contains(largest());
        assertThat(store.has(Digest.parse(largest()))).isFalse();
        registry.prank((exchange, path) -> false);
        pull("app:1");
        layersAreHere();
    }

    @Test
    void moreBytesThanAnnouncedAreRefused() {
        registry.prank((exchange, path) -> {
            if (path.endsWith(largest())) {
                registry.send(exchange, 200, new byte[2 * LARGE], 2 * LARGE);
                return true;
            }
            return false;
        });
        assertThat(refused("app:1").kind()).isEqualTo(Fault.Kind.CORRUPT);
    }

    @Test
    void whatWasKeptOfAnotherBlobDoesNotSpoilTheNext() {
        byte[] wrong = new byte[LARGE / 2];
        try (Ingest ingest = store.ingest(Digest.parse(largest()), LARGE)) {
            ingest.write(wrong, 0, wrong.length);
        }
        pull("app:1");
        layersAreHere();
    }

    @Test
    void aSilentBodyIsGivenUp() {
        settings = settings.withPatience(Duration.ofMillis(200)).withRetries(0, Duration.ZERO);
        registry.prank((exchange, path) -> {
            if (path.endsWith(largest())) {
                registry.send(exchange, 200, new byte[100], LARGE);
                Thread.sleep(5000);
                return true;
            }
            return false;
        });
        Fault fault = refused("app:1");
        assertThat(fault.getMessage()).contains("nothing came for");
    }

    @Test
    void aSilentRegistryIsGivenUp() throws IOException {
        settings = settings.withPatience(Duration.ofMillis(200)).withRetries(0, Duration.ZERO);
        try (var deaf = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Reference reference = Reference.parse("127.0.0.1:" + deaf.getLocalPort() + "/app:1");
            assertThatThrownBy(() -> RegistrySource.open(reference, settings)).isInstanceOfSatisfying(Fault.class, f -> assertThat(f.kind()).isEqualTo(Fault.Kind.TIMEOUT));
        }
    }

    @Test
    void aRegistryThatIsDownIsToldSo() {
        registry.close();
        Fault fault = refused("app:1");
        assertThat(fault.kind()).isEqualTo(Fault.Kind.UNAVAILABLE);
        assertThat(fault.getMessage()).contains("connection refused").contains(registry.domain());
    }

    @Test
    void redirectsInCirclesEnd() {
        registry.prank((exchange, path) -> {
            if (path.contains("/blobs/")) {
                exchange.getResponseHeaders().set("Location", path + "/x");
                exchange.sendResponseHeaders(307, -1);
                return true;
            }
            return false;
        });
        assertThat(refused("app:1").getMessage()).contains("redirects more than 10 times");
        assertThat(registry.requests.size()).isLessThan(80);
    }

    @Test
    void redirectsToOtherSchemesAreNotFollowed() {
        registry.prank((exchange, path) -> {
            if (path.contains("/blobs/")) {
                exchange.getResponseHeaders().set("Location", "file:///etc/passwd");
                exchange.sendResponseHeaders(302, -1);
                return true;
            }
            return false;
        });
        assertThat(refused("app:1").getMessage()).contains("redirects from http to file");
    }

    @Test
    void aManifestTooLongIsNotRead() {
        byte[] endless = new byte[5 << 20];
        registry.prank((exchange, path) -> {
            if (path.contains("/manifests/")) {
                exchange.getResponseHeaders().set("Content-Type", MediaType.MANIFEST);
                registry.send(exchange, 200, endless, endless.length);
                return true;
            }
            return false;
        });
        assertThat(refused("app:1").kind()).isEqualTo(Fault.Kind.EXHAUSTED);
    }

    @Test
    void whatIsNoManifestIsRefused() {
        for (String text : List.of("", "<html>", "[]", "{}", "{\"schemaVersion\":1}", "{\"schemaVersion\":2,\"layers\":{}}", "{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}")) {
            registry.prank((exchange, path) -> {
                if (path.contains("/manifests/")) {
                    FaultyRegistry.answer(exchange, 200, text);
                    return true;
                }
                return false;
            });
            assertThat(refused("app:1").kind()).as(text).isIn(Fault.Kind.INVALID, Fault.Kind.UNSUPPORTED);
        }
    }

    @Test
    void anotherManifestThanTheDigestSaysIsRefused() {
        Descriptor other = registry.image("app", "2", AMD64, 5);
        registry.prank((exchange, path) -> {
            if (path.contains("/manifests/")) {
                registry.send(exchange, 200, registry.manifest("app:1"), registry.manifest("app:1").length);
                return true;
            }
            return false;
        });
        assertThat(refused("app@" + other.digest()).kind()).isEqualTo(Fault.Kind.CORRUPT);
    }

    @Test
    void aPlatformThatIsNotThereIsToldWithThoseThatAre() {
        Descriptor arm = registry.image("multi", "arm", ARM64, 7);
        byte[] list = Json.compact(Index.of(List.of(arm.toBuilder().platform(ARM64).build())).json()).getBytes(StandardCharsets.UTF_8);
        registry.putManifest("multi", "1", MediaType.INDEX, list);
        assertThat(refused("multi:1").getMessage()).contains("no linux/amd64 in the index (has linux/arm64); choose with --platform");
    }

    @Test
    void theManifestOfThePlatformIsTakenAndFoundByTheDigestOfTheIndex() {
        Descriptor arm = registry.image("multi", "arm", ARM64, 7).toBuilder().platform(ARM64).build();
        Descriptor amd = registry.image("multi", "amd", AMD64, 9).toBuilder().platform(AMD64).build();
        byte[] list = Json.compact(Index.of(List.of(arm, amd)).json()).getBytes(StandardCharsets.UTF_8);
        registry.putManifest("multi", "1", MediaType.INDEX, list);
        Reference reference = Reference.parse(registry.domain() + "/multi:1");
        try (RegistrySource source = RegistrySource.open(reference, settings)) {
            var target = new StoreTarget(store, index, Optional.of(reference.toString())).from(source.top().digest());
            new Copy(source, target, Copy.Options.of(AMD64), CopyListener.NONE).run();
        }
        assertThat(index.resolve(registry.domain() + "/multi@" + Digest.sha256(list))).isPresent()
                .hasValueSatisfying(image -> assertThat(image.target().digest()).isEqualTo(amd.digest()));
    }
}
