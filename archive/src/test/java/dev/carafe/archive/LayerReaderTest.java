package dev.carafe.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carafe.archive.TarEntry.Kind;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.NativeKernel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerReaderTest {
    private static final byte[] CONTENT = new byte[1_000_000];

    static {
        new Random(5).nextBytes(CONTENT);
    }

    @TempDir
    Path temporary;

    private FileSystem files;
    private Directory target;

    @BeforeEach
    void open() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "keeping owners needs root");
        files = new FileSystem(new NativeKernel());
        target = files.directory(Files.createDirectory(temporary.resolve("target")).toString());
    }

    @AfterEach
    void close() {
        if (files != null) {
            target.close();
            files.close();
        }
    }

    private static byte[] tar() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var tar = new TarWriter(bytes);
        tar.put(TarEntry.builder(Kind.DIRECTORY, "d/").modified(Instant.ofEpochSecond(1)).build());
        tar.put(TarEntry.builder(Kind.FILE, "d/f").size(CONTENT.length).build(), new ByteArrayInputStream(CONTENT));
        tar.finish();
        return bytes.toByteArray();
    }

    private static byte[] pack(Compression compression, byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = compression.pack(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private AppliedLayer apply(byte[] stored) {
        return new LayerReader(Whiteouts.OVERLAY, ArchiveLimits.DEFAULT).apply(new ByteArrayInputStream(stored), target);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void bothDigestsComeFromOnePass(Compression compression) throws IOException {
        byte[] tar = tar();
        byte[] stored = pack(compression, tar);
        AppliedLayer applied = apply(stored);
        assertThat(applied).isEqualTo(new AppliedLayer(Digest.sha256(stored), stored.length, compression, Digest.sha256(tar), 0));
        assertThat(LayerReader.measure(new ByteArrayInputStream(stored))).isEqualTo(applied);
        assertThat(temporary.resolve("target/d/f")).hasBinaryContent(CONTENT);
        assertThat(target.stat("d").orElseThrow().modified()).isEqualTo(Instant.ofEpochSecond(1));
    }

    @Test
    void severalGzipMembersAreOneLayer() throws IOException {
        byte[] tar = tar();
        var stored = new ByteArrayOutputStream();
        for (int from = 0; from < tar.length; from += 100_000) {
            stored.write(pack(Compression.GZIP, Arrays.copyOfRange(tar, from, Math.min(from + 100_000, tar.length))));
        }
        assertThat(apply(stored.toByteArray()).diffId()).isEqualTo(Digest.sha256(tar));
    }

    @Test
    void severalZstdFramesAreOneLayerEvenBehindOneToSkip() throws IOException {
        byte[] tar = tar();
        var stored = new ByteArrayOutputStream();
        stored.write(new byte[] {0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 9, 9, 9, 9});
        stored.write(pack(Compression.ZSTD, Arrays.copyOf(tar, 5000)));
        stored.write(pack(Compression.ZSTD, Arrays.copyOfRange(tar, 5000, tar.length)));
        assertThat(apply(stored.toByteArray()).diffId()).isEqualTo(Digest.sha256(tar));
    }

    @Test
    void whatFollowsTheEndOfTheArchiveCountsForTheDigest() throws IOException {
        byte[] tar = Arrays.copyOf(tar(), tar().length + 10_240);
        assertThat(apply(tar).diffId()).isEqualTo(Digest.sha256(tar));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aLayerThatIsCutOffIsCorrupt(Compression compression) throws IOException {
        byte[] stored = pack(compression, tar());
        byte[] cut = Arrays.copyOf(stored, stored.length / 2);
        assertThatThrownBy(() -> apply(cut)).isInstanceOfSatisfying(Fault.class, fault ->
                assertThat(fault.kind()).isEqualTo(Fault.Kind.CORRUPT));
    }

    @Test
    void packingIsDeterministic() throws IOException {
        for (Compression compression : Compression.values()) {
            assertThat(pack(compression, CONTENT)).isEqualTo(pack(compression, CONTENT));
        }
    }

    @Test
    void theEmptyLayerOfDockerIsALayer() {
        byte[] stored = new byte[1024];
        assertThat(apply(stored).diffId()).hasToString(
                "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef");
        assertThat(target.entries()).isEmpty();
    }

    @Test
    void sparseFilesKeepTheirHoles() throws Exception {
        Path source = Files.createDirectory(temporary.resolve("source"));
        try (var out = new java.io.RandomAccessFile(source.resolve("holes").toFile(), "rw")) {
            out.seek(5_000_000);
            out.write(7);
            out.setLength(100_000_000);
        }
        Process tar = new ProcessBuilder("tar", "-C", source.toString(), "-cSf", "-", "holes").start();
        byte[] archive = tar.getInputStream().readAllBytes();
        assertThat(tar.waitFor()).isZero();
        assertThat(archive.length).isLessThan(100_000);
        apply(archive);
        assertThat(temporary.resolve("target/holes")).hasSize(100_000_000).hasSameBinaryContentAs(source.resolve("holes"));
        assertThat(target.stat("holes").orElseThrow().blocks()).isLessThan(1000);
    }
}
