package dev.carafe.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carafe.archive.Compression;
import dev.carafe.archive.TarEntry;
import dev.carafe.archive.TarEntry.Kind;
import dev.carafe.archive.TarWriter;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageTransportTest {
    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = Platform.of("linux", "arm64");
    private static final byte[] BUSYBOX = "not really a program".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> APPLETS = List.of("bin/busybox", "bin/sh", "usr/bin/[", "sbin/init", "linuxrc");

    @TempDir
    Path temporary;

    private FileSystem files;
    private ContentStore store;
    private ImageIndex index;
    private ImageTransport transport;

    @BeforeEach
    void open() {
        files = new FileSystem(new NativeKernel());
        store = ContentStore.open(files, temporary.resolve("content").toString());
        index = new ImageIndex(store);
        transport = new ImageTransport(store, index);
    }

    @AfterEach
    void close() {
        store.close();
        files.close();
    }

    private Path busybox(Platform platform) throws IOException {
        Path layout = temporary.resolve("layout-" + platform.architecture());
        BusyboxImage.write(BUSYBOX, APPLETS, platform, layout);
        return layout;
    }

    private Manifest manifest(Image image) {
        return Manifest.parse(store.read(image.target().digest(), 1 << 20));
    }

    private ImageConfig config(Image image) {
        return ImageConfig.parse(store.read(manifest(image).config().digest(), 1 << 20));
    }

    private static void put(Path layout, byte[] blob) throws IOException {
        Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
        Files.write(blobs.resolve(Digest.sha256(blob).hex()), blob);
    }

    private static byte[] json(com.google.gson.JsonElement tree) {
        return Json.compact(tree).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theBusyboxImageIsTheSameEveryTimeAndLoads() throws IOException {
        Path layout = busybox(AMD64);
        Path again = temporary.resolve("again");
        BusyboxImage.write(BUSYBOX, APPLETS.reversed(), AMD64, again);
        assertThat(again.resolve("index.json")).hasSameBinaryContentAs(layout.resolve("index.json"));
        List<Image> images = transport.load(layout, AMD64);
        assertThat(images).singleElement().satisfies(image -> {
            assertThat(image.name()).contains("localhost/busybox:latest");
            assertThat(config(image).config().cmd()).containsExactly("sh");
            assertThat(config(image).diffIds()).hasSize(1);
            assertThat(image.config()).contains(manifest(image).config().digest());
        });
        assertThat(index.resolve("busybox")).isEqualTo(Optional.of(images.getFirst()));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void whatIsSavedLoadsAgainAlsoPacked(Compression compression) throws IOException {
        Image image = transport.load(busybox(AMD64), AMD64).getFirst();
        index.tag("localhost/other:1", image.target(), image.config());
        var archive = new ByteArrayOutputStream();
        transport.save(index.list(), archive);
        var twice = new ByteArrayOutputStream();
        transport.save(index.list(), twice);
        assertThat(twice.toByteArray()).isEqualTo(archive.toByteArray());
        var packed = new ByteArrayOutputStream();
        try (var out = compression.pack(packed)) {
            archive.writeTo(out);
        }
        try (var other = ContentStore.open(files, temporary.resolve("other").toString())) {
            var otherIndex = new ImageIndex(other);
            List<Image> loaded = new ImageTransport(other, otherIndex)
                    .load(new ByteArrayInputStream(packed.toByteArray()), AMD64);
            assertThat(loaded).isEqualTo(index.list());
            assertThat(other.list()).containsExactlyInAnyOrderElementsOf(store.list());
        }
    }

    /** What Docker wrote before version 25: a directory for each layer, links between equal ones, the list last. */
    private static byte[] dockerArchive(byte[] layer, byte[] config, String list) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var tar = new TarWriter(bytes);
        tar.put(TarEntry.builder(Kind.DIRECTORY, "aaa/").build());
        member(tar, "aaa/VERSION", "1.0".getBytes(StandardCharsets.US_ASCII));
        member(tar, "aaa/json", "{}".getBytes(StandardCharsets.US_ASCII));
        member(tar, "aaa/layer.tar", layer);
        tar.put(TarEntry.builder(Kind.SYMBOLIC_LINK, "bbb/layer.tar").link("../aaa/layer.tar").build());
        member(tar, "config.json", config);
        member(tar, "manifest.json", list.getBytes(StandardCharsets.UTF_8));
        member(tar, "repositories", "{}".getBytes(StandardCharsets.US_ASCII));
        tar.finish();
        return bytes.toByteArray();
    }

    private static void member(TarWriter tar, String path, byte[] content) throws IOException {
        tar.put(TarEntry.builder(Kind.FILE, path).size(content.length).build(), new ByteArrayInputStream(content));
    }

    private static byte[] config(Digest... diffIds) {
        return json(ImageConfig.builder("amd64", "linux").diffIds(List.of(diffIds)).build().json());
    }

    @Test
    void whatDockerSavedLoads() throws IOException {
        byte[] layer = new byte[1024];
        byte[] config = config(Digest.sha256(layer), Digest.sha256(layer));
        byte[] archive = dockerArchive(layer, config, """
                [{"Config":"config.json","RepoTags":["app:1","example.org/app:2"],"Layers":["aaa/layer.tar","bbb/layer.tar"]}]""");
        List<Image> images = transport.load(new ByteArrayInputStream(archive), AMD64);
        assertThat(images).extracting(image -> image.name().orElseThrow())
                .containsExactly("docker.io/library/app:1", "example.org/app:2");
        assertThat(images).allSatisfy(image -> assertThat(image.config()).contains(Digest.sha256(config)));
        assertThat(manifest(images.getFirst()).layers()).extracting(Descriptor::digest)
                .containsExactly(Digest.sha256(layer), Digest.sha256(layer));
    }

    @Test
    void aDockerArchiveWhoseLayerIsAnotherIsCorrupt() throws IOException {
        byte[] config = config(Digest.EMPTY);
        byte[] archive = dockerArchive(new byte[1024], config,
                "[{\"Config\":\"config.json\",\"RepoTags\":[\"app:1\"],\"Layers\":[\"aaa/layer.tar\"]}]");
        assertThatThrownBy(() -> transport.load(new ByteArrayInputStream(archive), AMD64))
                .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.CORRUPT));
        assertThat(index.list()).isEmpty();
    }

    @Test
    void aDockerArchiveThatLacksAMemberSaysWhich() throws IOException {
        byte[] archive = dockerArchive(new byte[1024], config(Digest.EMPTY),
                "[{\"Config\":\"config.json\",\"RepoTags\":null,\"Layers\":[\"ccc/layer.tar\"]}]");
        assertThatThrownBy(() -> transport.load(new ByteArrayInputStream(archive), AMD64))
                .isInstanceOf(Fault.class).hasMessageContaining("\"ccc/layer.tar\"");
    }

    @Test
    void theManifestOfTheWantedPlatformIsTaken() throws IOException {
        Path layout = temporary.resolve("both");
        var manifests = new java.util.ArrayList<Descriptor>();
        for (Platform platform : List.of(ARM64, AMD64)) {
            Path one = busybox(platform);
            try (var blobs = Files.list(one.resolve("blobs/sha256"))) {
                for (Path blob : blobs.toList()) {
                    put(layout, Files.readAllBytes(blob));
                }
            }
            Descriptor named = Index.parse(Files.readAllBytes(one.resolve("index.json"))).manifests().getFirst();
            manifests.add(named.toBuilder().annotations(Map.of()).build());
        }
        byte[] nested = json(Index.of(manifests).json());
        put(layout, nested);
        Descriptor top = Descriptor.of(MediaType.INDEX, nested).toBuilder()
                .annotations(Map.of("org.opencontainers.image.ref.name", "v1")).build();
        Files.write(layout.resolve("index.json"), json(Index.of(List.of(top)).json()));
        for (Platform platform : List.of(AMD64, ARM64)) {
            Image image = transport.load(layout, platform).getFirst();
            assertThat(image.name()).contains("localhost/both:v1");
            assertThat(config(image).architecture()).isEqualTo(platform.architecture());
        }
        assertThatThrownBy(() -> transport.load(layout, Platform.of("linux", "s390x"))).isInstanceOf(Fault.class)
                .hasMessage("load: no linux/s390x in the index (has linux/arm64, linux/amd64); choose with --platform");
    }

    @Test
    void aLayoutMadeByHandLoads() throws IOException {
        Path layout = temporary.resolve("by-hand");
        byte[] layer = new byte[1024];
        byte[] config = config(Digest.sha256(layer));
        byte[] manifest = ("{\"schemaVersion\":2,\"config\":{\"mediaType\":\"" + MediaType.CONFIG + "\",\"digest\":\""
                + Digest.sha256(config) + "\",\"size\":" + config.length + "},\"layers\":[{\"mediaType\":\"" + MediaType.LAYER_TAR
                + "\",\"digest\":\"" + Digest.sha256(layer) + "\",\"size\":1024}]}\n").getBytes(StandardCharsets.UTF_8);
        for (byte[] blob : List.of(layer, config, manifest)) {
            put(layout, blob);
        }
        Files.writeString(layout.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"" + MediaType.MANIFEST
                + "\",\"digest\":\"" + Digest.sha256(manifest) + "\",\"size\":" + manifest.length + "}]}");
        Image image = transport.load(layout, AMD64).getFirst();
        assertThat(image.name()).isEmpty();
        assertThat(image.config()).contains(Digest.sha256(config));
        assertThat(index.resolve(Digest.sha256(config).hex().substring(0, 12))).isPresent();
    }

    @Test
    void aLayoutWhoseBlobIsDamagedIsRefusedAndNamesNothing() throws IOException {
        Path layout = busybox(AMD64);
        try (var blobs = Files.list(layout.resolve("blobs/sha256"))) {
            Path largest = blobs.max(java.util.Comparator.comparingLong(path -> path.toFile().length())).orElseThrow();
            byte[] bytes = Files.readAllBytes(largest);
            bytes[600] ^= 1;
            Files.write(largest, bytes);
        }
        assertThatThrownBy(() -> transport.load(layout, AMD64)).isInstanceOfSatisfying(Fault.class, fault ->
                assertThat(fault.kind()).isEqualTo(Fault.Kind.CORRUPT));
        assertThat(index.list()).isEmpty();
    }

    @Test
    void somethingElseIsNoArchiveOfImages() {
        assertThatThrownBy(() -> transport.load(new ByteArrayInputStream(new byte[10240]), AMD64)).isInstanceOf(Fault.class)
                .hasMessageContaining("neither index.json nor manifest.json");
        assertThatThrownBy(() -> transport.load(new ByteArrayInputStream("hello, this is no tar at all".repeat(50)
                .getBytes(StandardCharsets.US_ASCII)), AMD64)).isInstanceOf(Fault.class)
                .hasMessageContaining("not a tar archive");
        assertThatThrownBy(() -> transport.load(temporary.resolve("nothing"), AMD64)).isInstanceOf(Fault.class);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aRootFileSystemBecomesAnImageOfOneLayer(Compression compression) throws IOException {
        byte[] tar = new byte[2048];
        var packed = new ByteArrayOutputStream();
        try (var out = compression.pack(packed)) {
            out.write(tar);
        }
        var template = ImageConfig.builder("amd64", "linux")
                .config(ContainerConfig.builder().cmd(List.of("/bin/app")).build()).build();
        Image image = transport.importRootfs(new ByteArrayInputStream(packed.toByteArray()), Optional.of("localhost/app:1"),
                template, Instant.EPOCH);
        assertThat(index.find("localhost/app:1")).contains(image);
        assertThat(config(image).diffIds()).containsExactly(Digest.sha256(tar));
        assertThat(config(image).config().cmd()).containsExactly("/bin/app");
        Descriptor layer = manifest(image).layers().getFirst();
        assertThat(layer.digest()).isEqualTo(Digest.sha256(packed.toByteArray()));
        assertThat(layer.mediaType()).isEqualTo(MediaType.LAYER_TAR + compression.mediaTypeSuffix());
        assertThat(store.has(layer.digest())).isTrue();
    }

    @Test
    void whatSkopeoWritesLoads() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/skopeo")), "skopeo is not installed");
        String layout = "oci:" + busybox(AMD64);
        Path docker = temporary.resolve("docker.tar");
        Path oci = temporary.resolve("oci.tar");
        Path zstd = temporary.resolve("zstd");
        skopeo("copy", "-q", layout, "docker-archive:" + docker + ":example.org/one:1");
        skopeo("copy", "-q", layout, "oci-archive:" + oci + ":example.org/two:2");
        skopeo("copy", "-q", "--dest-compress", "--dest-compress-format", "zstd", layout, "oci:" + zstd + ":3");
        Image original = transport.load(busybox(AMD64), AMD64).getFirst();
        assertThat(transport.load(docker, AMD64)).singleElement().satisfies(image -> {
            assertThat(image.name()).contains("example.org/one:1");
            assertThat(image.config()).isEqualTo(original.config());
        });
        assertThat(transport.load(oci, AMD64)).singleElement().satisfies(image -> {
            assertThat(image.name()).contains("example.org/two:2");
            assertThat(manifest(image).layers().getFirst().mediaType()).isEqualTo(MediaType.LAYER_GZIP);
        });
        assertThat(transport.load(zstd, AMD64)).singleElement().satisfies(image -> {
            assertThat(image.name()).contains("localhost/zstd:3");
            assertThat(manifest(image).layers().getFirst().mediaType()).isEqualTo(MediaType.LAYER_ZSTD);
        });
    }

    @Test
    void skopeoReadsWhatIsSaved() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/skopeo")), "skopeo is not installed");
        transport.load(busybox(AMD64), AMD64);
        Path saved = temporary.resolve("saved.tar");
        try (var out = Files.newOutputStream(saved)) {
            transport.save(index.list(), out);
        }
        skopeo("copy", "-q", "docker-archive:" + saved, "dir:" + temporary.resolve("from-docker"));
        skopeo("copy", "-q", "oci-archive:" + saved, "dir:" + temporary.resolve("from-oci"));
        String id = index.list().getFirst().config().orElseThrow().hex();
        assertThat(temporary.resolve("from-docker").resolve(id)).exists();
        assertThat(temporary.resolve("from-oci").resolve(id)).exists();
    }

    private static void skopeo(String... arguments) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<String>(List.of("/usr/bin/skopeo", "--insecure-policy"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
