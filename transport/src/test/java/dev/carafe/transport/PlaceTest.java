package dev.carafe.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carafe.archive.Compression;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.ImageIndex;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import dev.carafe.transport.registry.RegistrySettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies between places of every transport, and what skopeo makes of them. */
@Timeout(60)
class PlaceTest {
    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = Platform.of("linux", "arm64");

    @TempDir
    Path temporary;

    private FileSystem files;
    private ContentStore store;
    private ImageIndex index;
    private FaultyRegistry registry;
    private Place.Surroundings around;

    @BeforeEach
    void open() throws IOException {
        files = new FileSystem(new NativeKernel());
        store = ContentStore.open(files, temporary.resolve("content").toString());
        index = new ImageIndex(store);
        registry = new FaultyRegistry();
        registry.image("app", "1", AMD64, 10_240, 300_000);
        RegistrySettings settings = RegistrySettings.of(Map.of("HOME", temporary.toString())).withRetries(0, Duration.ZERO);
        around = new Place.Surroundings() {
            @Override
            public RegistrySettings settings() {
                return settings;
            }

            @Override
            public Path path(String text) {
                return temporary.resolve(text);
            }

            @Override
            public ImageSource stored(String name) {
                return new StoreSource(store, index.resolve(name).orElseThrow());
            }

            @Override
            public ImageTarget toStore(String name) {
                return new StoreTarget(store, index, Optional.of(name));
            }

            @Override
            public String dockerHost() {
                return "unix://" + temporary.resolve("nobody.sock");
            }
        };
    }

    @AfterEach
    void close() {
        registry.close();
        store.close();
        files.close();
    }

    private Document copy(String from, String to, Copy.Options options) {
        try (ImageSource source = Place.parse(from).source(around); ImageTarget target = Place.parse(to).target(around)) {
            return new Copy(source, target, options, CopyListener.NONE).run().target();
        }
    }

    private Document copy(String from, String to) {
        return copy(from, to, Copy.Options.of(AMD64));
    }

    private String remote(String rest) {
        return "docker://" + registry.domain() + "/" + rest;
    }

    private Document top(String place) {
        try (ImageSource source = Place.parse(place).source(around)) {
            return source.top();
        }
    }

    private String skopeo(String... words) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/skopeo")), "skopeo is installed");
        var all = new java.util.ArrayList<String>(List.of("/usr/bin/skopeo", "--insecure-policy"));
        all.addAll(List.of(words));
        Process process = new ProcessBuilder(all).directory(temporary.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void anImageKeepsItsDigestThroughAllPlacesThatKeepDocuments() {
        String[] way = {remote("app:1"), "oci:layout:one", "oci-archive:archive.tar:two", "dir:plain", "containers-storage:localhost/app:1", "oci:layout:three", remote("again:2")};
        Document first = top(way[0]);
        for (int k = 1; k < way.length; k++) {
            assertThat(copy(way[k - 1], way[k])).as(way[k]).isEqualTo(first);
            assertThat(top(way[k]).bytes()).as(way[k]).isEqualTo(first.bytes());
        }
    }

    @Test
    void anArchiveOfDockersKeepsTheConfiguration() {
        Document first = top(remote("app:1"));
        copy(remote("app:1"), "docker-archive:docker.tar:cellar/app:1", Copy.Options.of(AMD64).withForm(new Conversion.Form(Optional.empty(), Optional.of(Compression.NONE), false)));
        assertThat(top("docker-archive:docker.tar:cellar/app:1").manifest().config().digest()).isEqualTo(first.manifest().config().digest());
        assertThat(top("docker-archive:docker.tar").mediaType()).isEqualTo(MediaType.DOCKER_MANIFEST);
        assertThat(top("docker-archive:docker.tar:@0")).isEqualTo(top("docker-archive:docker.tar"));
        assertThatThrownBy(() -> top("docker-archive:docker.tar:other")).hasMessageContaining("none such");
    }

    @Test
    void skopeoReadsEveryPlaceAndWritesOnesThatAreRead() throws IOException, InterruptedException {
        String digest = top(remote("app:1")).digest().toString();
        copy(remote("app:1"), "oci:layout:one");
        copy(remote("app:1"), "oci-archive:archive.tar:two");
        copy(remote("app:1"), "dir:plain");
        copy(remote("app:1"), "docker-archive:docker.tar:cellar/app:1");
        for (String place : List.of("oci:layout:one", "oci-archive:archive.tar:two", "dir:plain")) {
            assertThat(skopeo("inspect", "--format", "{{.Digest}}", place).strip()).as(place).isEqualTo(digest);
        }
        assertThat(skopeo("inspect", "--format", "{{.Os}}", "docker-archive:docker.tar").strip()).isEqualTo("linux");
        skopeo("copy", "-q", "--preserve-digests", "oci:layout:one", "dir:by-skopeo");
        skopeo("copy", "-q", "--preserve-digests", "oci:layout:one", "oci-archive:by-skopeo.tar:x");
        assertThat(top("dir:by-skopeo").digest()).hasToString(digest);
        assertThat(top("oci-archive:by-skopeo.tar:x").digest()).hasToString(digest);
        skopeo("copy", "-q", "--preserve-digests", "--dest-tls-verify=false", "oci:layout:one", remote("by-skopeo:1"));
        assertThat(top(remote("by-skopeo:1")).digest()).hasToString(digest);
    }

    private Document multi() {
        Descriptor arm = registry.image("multi", "arm", ARM64, 7000).toBuilder().platform(ARM64).build();
        Descriptor amd = registry.image("multi", "amd", AMD64, 9000).toBuilder().platform(AMD64).build();
        registry.putManifest("multi", "1", MediaType.INDEX, Json.compact(Index.of(List.of(arm, amd)).json()).getBytes(StandardCharsets.UTF_8));
        return top(remote("multi:1"));
    }

    @Test
    void allOfAnIndexGoesEverywhereUnchanged() {
        Document whole = multi();
        String[] way = {remote("multi:1"), "oci:layout:m", "dir:m", "containers-storage:localhost/m:1", remote("copied:1")};
        for (int k = 1; k < way.length; k++) {
            assertThat(copy(way[k - 1], way[k], Copy.Options.all())).as(way[k]).isEqualTo(whole);
        }
        assertThat(copy(remote("copied:1"), "oci:layout:arm", Copy.Options.of(ARM64)).digest()).isEqualTo(whole.index().manifests().getFirst().digest());
        assertThatThrownBy(() -> copy(remote("multi:1"), "docker-archive:no.tar", Copy.Options.all())).hasMessageContaining("one platform");
        assertThat(temporary.resolve("no.tar")).doesNotExist();
    }

    @Test
    void formAndPackingChangeOnTheWay() {
        Document oci = top(remote("app:1"));
        Document docker = copy(remote("app:1"), remote("docker:1"), Copy.Options.of(AMD64).withForm(new Conversion.Form(Optional.of(Conversion.Format.DOCKER), Optional.of(Compression.GZIP), false)));
        assertThat(docker.mediaType()).isEqualTo(MediaType.DOCKER_MANIFEST);
        assertThat(docker.manifest().layers()).allMatch(layer -> layer.mediaType().equals(MediaType.DOCKER_LAYER_GZIP));
        Document zstd = copy(remote("docker:1"), remote("zstd:1"), Copy.Options.of(AMD64).withForm(new Conversion.Form(Optional.of(Conversion.Format.OCI), Optional.of(Compression.ZSTD), false)));
        assertThat(zstd.manifest().layers()).allMatch(layer -> layer.mediaType().equals(MediaType.LAYER_ZSTD));
        Document back = copy(remote("zstd:1"), remote("back:1"), Copy.Options.of(AMD64).withForm(new Conversion.Form(Optional.empty(), Optional.of(Compression.NONE), false)));
        assertThat(back).isEqualTo(oci);
        assertThatThrownBy(() -> copy(remote("zstd:1"), remote("no:1"), Copy.Options.of(AMD64).withForm(new Conversion.Form(Optional.of(Conversion.Format.DOCKER), Optional.empty(), false))))
                .hasMessageContaining("no layers packed by zstd");
        assertThatThrownBy(() -> copy(remote("app:1"), remote("no:1"), Copy.Options.of(AMD64).withForm(new Conversion.Form(Optional.of(Conversion.Format.DOCKER), Optional.empty(), true))))
                .hasMessageContaining("another digest");
        assertThat(registry.manifest("no:1")).isNull();
    }

    @Test
    void anIndexIsConvertedWithAllItHas() {
        multi();
        Document docker = copy(remote("multi:1"), remote("lists:1"), Copy.Options.all().withForm(new Conversion.Form(Optional.of(Conversion.Format.DOCKER), Optional.empty(), false)));
        assertThat(docker.mediaType()).isEqualTo(MediaType.DOCKER_LIST);
        assertThat(docker.index().manifests()).allMatch(child -> child.mediaType().equals(MediaType.DOCKER_MANIFEST));
    }

    @Test
    void damageInOnePlaceDoesNotReachAnother() throws IOException {
        copy(remote("app:1"), "oci:layout:one");
        Descriptor layer = top("oci:layout:one").manifest().layers().getLast();
        Path blob = temporary.resolve("layout/blobs/sha256/" + layer.digest().hex());
        byte[] bytes = Files.readAllBytes(blob);
        bytes[100] ^= 1;
        Files.write(blob, bytes);
        for (String to : List.of("dir:d", "oci:other:x", "containers-storage:localhost/d:1", "docker-archive:d.tar")) {
            assertThatThrownBy(() -> copy("oci:layout:one", to)).as(to).isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.CORRUPT));
        }
        Files.write(blob, java.util.Arrays.copyOf(bytes, 50));
        assertThatThrownBy(() -> copy("oci:layout:one", "dir:d")).hasMessageContaining("only 50 of 300000 bytes");
        assertThat(temporary.resolve("dir/manifest.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "app:1", "docker:app", "docker:/app", "docker://", "docker://A", "ftp://x", "oci", "tarball:x"})
    void whatNamesNoPlaceIsRefused(String text) {
        assertThatThrownBy(() -> Place.parse(text)).isInstanceOf(Fault.class);
    }

    @Test
    void whatIsNotThereIsTold() {
        for (String place : List.of("oci:none:x", "dir:none", "oci-archive:none.tar", "docker-archive:none.tar", remote("none:1"))) {
            assertThatThrownBy(() -> top(place)).as(place).isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.NOT_FOUND));
        }
        assertThatThrownBy(() -> top("docker-daemon:x")).isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.UNAVAILABLE));
    }
}
