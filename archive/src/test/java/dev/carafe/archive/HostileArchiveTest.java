package dev.carafe.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carafe.archive.TarEntry.Kind;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.FileType;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.kernel.Xattr;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Archives that want out, want too much, or are damaged. A file outside of the target stands for all that must not be touched. */
class HostileArchiveTest {
    @TempDir
    Path temporary;

    private Path outside;
    private FileSystem files;
    private Directory target;

    @BeforeEach
    void open() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "keeping owners and devices needs root");
        outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createDirectory(temporary.resolve("target"));
        files = new FileSystem(new NativeKernel());
        target = files.directory(temporary.resolve("target").toString());
    }

    @AfterEach
    void nothingOutsideIsTouched() throws IOException {
        if (files == null) {
            return;
        }
        try (Stream<Path> left = Files.list(outside)) {
            assertThat(left).containsExactly(outside.resolve("secret"));
        }
        assertThat(outside.resolve("secret")).hasContent("secret");
        assertThat(Files.getAttribute(outside.resolve("secret"), "unix:nlink")).isEqualTo(1);
        try (Stream<Path> beside = Files.list(temporary)) {
            assertThat(beside).containsExactlyInAnyOrder(outside, temporary.resolve("target"));
        }
        target.close();
        files.directory(temporary.toString()).removeTree("target");
        files.close();
    }

    private interface Members {
        void addTo(TarWriter tar) throws IOException;
    }

    private static byte[] tar(Members members) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var tar = new TarWriter(bytes);
        members.addTo(tar);
        tar.finish();
        return bytes.toByteArray();
    }

    private static void file(TarWriter tar, String path) throws IOException {
        tar.put(TarEntry.builder(Kind.FILE, path).size(4).build(), new ByteArrayInputStream("evil".getBytes(StandardCharsets.US_ASCII)));
    }

    private static void link(TarWriter tar, String path, String text) throws IOException {
        tar.put(TarEntry.builder(Kind.SYMBOLIC_LINK, path).link(text).build());
    }

    private void apply(Whiteouts whiteouts, Members members) throws IOException {
        new LayerReader(whiteouts, ArchiveLimits.DEFAULT).apply(new ByteArrayInputStream(tar(members)), target);
    }

    private Path inside(String path) {
        return temporary.resolve("target").resolve(path);
    }

    @ParameterizedTest
    @EnumSource(Whiteouts.class)
    void anAbsolutePathStartsAtTheTarget(Whiteouts whiteouts) throws IOException {
        apply(whiteouts, tar -> file(tar, outside + "/planted"));
        assertThat(inside(outside.toString().substring(1) + "/planted")).hasContent("evil");
    }

    @ParameterizedTest
    @EnumSource(Whiteouts.class)
    void aPathThatClimbsOutIsRefused(Whiteouts whiteouts) {
        for (String path : List.of("../outside/planted", "a/../../outside/planted", "/../outside/planted", "..", "./..")) {
            assertThatThrownBy(() -> apply(whiteouts, tar -> file(tar, path))).isInstanceOfSatisfying(Fault.class, fault -> {
                assertThat(fault.kind()).isEqualTo(Fault.Kind.INVALID);
                assertThat(fault.getMessage()).isEqualTo(
                        "unpack \"" + path + "\": the path leads out of the archive's root");
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Whiteouts.class)
    void aLinkThatLeadsOutIsFollowedInside(Whiteouts whiteouts) throws IOException {
        apply(whiteouts, tar -> {
            link(tar, "absolute", outside.toString());
            file(tar, "absolute/one");
            link(tar, "climbing", "../../../../../../../../.." + outside);
            file(tar, "climbing/two");
            link(tar, "self", "/proc/self/root");
            file(tar, "self/three");
        });
        assertThat(inside(outside.toString().substring(1) + "/one")).hasContent("evil");
        assertThat(inside(outside.toString().substring(1) + "/two")).hasContent("evil");
        assertThat(inside("proc/self/root/three")).hasContent("evil");
    }

    @ParameterizedTest
    @EnumSource(value = Whiteouts.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aMemberReplacesALinkAndIsNotWrittenThroughIt(Whiteouts whiteouts) throws IOException {
        apply(whiteouts, tar -> {
            link(tar, "f", outside + "/secret");
            file(tar, "f");
            link(tar, "d", outside.toString());
            tar.put(TarEntry.builder(Kind.DIRECTORY, "d/").mode(0777).build());
            link(tar, "fifo", outside + "/secret");
            tar.put(TarEntry.builder(Kind.FIFO, "fifo").mode(0666).owner(1, 1).build());
        });
        assertThat(inside("f")).hasContent("evil");
        assertThat(Files.isSymbolicLink(inside("d"))).isFalse();
        assertThat(Files.getAttribute(outside, "unix:mode")).isNotEqualTo(0040777);
    }

    @ParameterizedTest
    @EnumSource(Whiteouts.class)
    void aLinkIsReplacedByAnotherWhileItsOldTargetWasOpen(Whiteouts whiteouts) throws IOException {
        apply(whiteouts, tar -> {
            tar.put(TarEntry.builder(Kind.DIRECTORY, "real/").build());
            link(tar, "l", "real");
            file(tar, "l/one");
            link(tar, "l", "other");
            tar.put(TarEntry.builder(Kind.DIRECTORY, "other/").build());
            file(tar, "l/two");
        });
        assertThat(inside("real")).isDirectoryContaining("glob:**/one").isDirectoryNotContaining("glob:**/two");
        assertThat(inside("other/two")).hasContent("evil");
    }

    @Test
    void linksInACircleAreRefused() {
        assertThatThrownBy(() -> apply(Whiteouts.OVERLAY, tar -> {
            link(tar, "a", "b");
            link(tar, "b", "a");
            file(tar, "a/f");
        })).isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.INVALID));
    }

    @ParameterizedTest
    @EnumSource(Whiteouts.class)
    void aHardLinkReachesOnlyFilesOfTheTarget(Whiteouts whiteouts) throws IOException {
        for (String link : List.of(outside + "/secret", "out/secret", "nothing", "", "directory")) {
            assertThatThrownBy(() -> apply(whiteouts, tar -> {
                tar.put(TarEntry.builder(Kind.DIRECTORY, "directory/").build());
                link(tar, "out", outside.toString());
                tar.put(TarEntry.builder(Kind.HARD_LINK, "stolen").link(link).build());
            })).isInstanceOf(Fault.class).hasMessageContaining("which is no file of the layer");
        }
        assertThatThrownBy(() -> apply(whiteouts, tar ->
                tar.put(TarEntry.builder(Kind.HARD_LINK, "stolen").link("../outside/secret").build())))
                .isInstanceOf(Fault.class).hasMessageContaining("leads out");
    }

    @Test
    void aHardLinkToALinkLinksTheLinkItself() throws IOException {
        apply(Whiteouts.OVERLAY, tar -> {
            link(tar, "l", outside + "/secret");
            tar.put(TarEntry.builder(Kind.HARD_LINK, "m").link("l").build());
            tar.put(TarEntry.builder(Kind.FILE, "m").mode(0777).owner(5, 5).build());
        });
        assertThat(Files.isSymbolicLink(inside("l"))).isTrue();
        assertThat(Files.isRegularFile(inside("m"))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Whiteouts.class)
    void aHardLinkToItselfChangesNothing(Whiteouts whiteouts) throws IOException {
        apply(whiteouts, tar -> {
            file(tar, "f");
            tar.put(TarEntry.builder(Kind.HARD_LINK, "f").link("./f").build());
        });
        assertThat(inside("f")).hasContent("evil");
    }

    @ParameterizedTest
    @EnumSource(value = Whiteouts.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void whiteoutsStayInside(Whiteouts whiteouts) throws IOException {
        apply(whiteouts, tar -> {
            link(tar, "out", outside.toString());
            file(tar, "out/.wh.secret");
            file(tar, "out/.wh..wh..opq");
        });
        for (String name : List.of(".wh.", ".wh..", ".wh...")) {
            assertThatThrownBy(() -> apply(whiteouts, tar -> file(tar, name))).isInstanceOf(Fault.class)
                    .hasMessageContaining("a whiteout of no name");
        }
        assertThatThrownBy(() -> apply(whiteouts, tar -> file(tar, ".wh.d/f"))).isInstanceOf(Fault.class)
                .hasMessageContaining("a whiteout cannot hold members");
    }

    @ParameterizedTest
    @EnumSource(value = Whiteouts.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void theLastOfSeveralMembersOfOneNameStays(Whiteouts whiteouts) throws IOException {
        apply(whiteouts, tar -> {
            file(tar, "x");
            tar.put(TarEntry.builder(Kind.DIRECTORY, "x/").build());
            file(tar, "x/y");
            tar.put(TarEntry.builder(Kind.CHARACTER_DEVICE, "x").device(1, 3).build());
            link(tar, "x", "y");
            tar.put(TarEntry.builder(Kind.FIFO, "x").build());
            tar.put(TarEntry.builder(Kind.FILE, "x").size(4).mode(0600).build(),
                    new ByteArrayInputStream("last".getBytes(StandardCharsets.US_ASCII)));
        });
        assertThat(inside("x")).hasContent("last");
    }

    @Test
    void aFileIsNoParent() {
        assertThatThrownBy(() -> apply(Whiteouts.OVERLAY, tar -> {
            file(tar, "f");
            file(tar, "f/g");
        })).isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.INVALID));
    }

    @Test
    void theRootIsADirectory() {
        assertThatThrownBy(() -> apply(Whiteouts.OVERLAY, tar -> link(tar, "./", "/etc"))).isInstanceOf(Fault.class)
                .hasMessageContaining("the root of an archive is a directory");
    }

    @Test
    void attributesThatSteerOverlayfsAreNotTaken() throws IOException {
        apply(Whiteouts.OVERLAY, tar -> tar.put(TarEntry.builder(Kind.DIRECTORY, "d/").xattrs(List.of(
                new Xattr("trusted.overlay.redirect", "/../../etc".getBytes(StandardCharsets.US_ASCII)),
                new Xattr("trusted.overlay.opaque", new byte[] {'y'}),
                new Xattr("user.overlay.opaque", new byte[] {'y'}),
                new Xattr("user.kept", new byte[] {1}))).build()));
        assertThat(target.xattrs("d")).extracting(Xattr::name).containsExactly("user.kept");
    }

    @Test
    void devicesAreMadeAsNodesOfTheTargetAndNeverOpened() throws IOException {
        apply(Whiteouts.OVERLAY, tar -> {
            tar.put(TarEntry.builder(Kind.BLOCK_DEVICE, "disk").device(8, 0).build());
            tar.put(TarEntry.builder(Kind.FILE, "disk").size(4).build(),
                    new ByteArrayInputStream("evil".getBytes(StandardCharsets.US_ASCII)));
        });
        assertThat(target.stat("disk").orElseThrow().type()).isEqualTo(FileType.REGULAR);
    }

    @Test
    void aDeepTreeIsUnpackedAndRemoved() throws IOException {
        String deep = "d/".repeat(1500);
        apply(Whiteouts.OVERLAY, tar -> file(tar, deep + "f"));
        try (Directory bottom = target.within(deep).orElseThrow()) {
            assertThat(bottom.stat("f")).isPresent();
        }
    }

    private static Fault refused(byte[] archive, ArchiveLimits limits) {
        return refused(new ByteArrayInputStream(archive), limits);
    }

    private static Fault refused(InputStream archive, ArchiveLimits limits) {
        try {
            var reader = new TarReader(archive, limits);
            while (reader.next().isPresent()) {
                continue;
            }
        } catch (Fault fault) {
            return fault;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("not refused");
    }

    @Test
    void tooMuchOfAnythingIsRefusedBeforeItIsHeld() throws IOException {
        var limits = new ArchiveLimits(3, 100, 4096, 10, 1000);
        byte[] many = tar(tar -> {
            for (int i = 0; i < 4; i++) {
                file(tar, "f" + i);
            }
        });
        assertThat(refused(many, limits).kind()).isEqualTo(Fault.Kind.EXHAUSTED);
        byte[] longName = tar(tar -> file(tar, "x".repeat(101)));
        assertThat(refused(longName, limits)).hasMessageContaining("a path is longer than 100 bytes");
        byte[] bigHeader = tar(tar -> tar.put(TarEntry.builder(Kind.FILE, "f")
                .xattrs(List.of(new Xattr("user.x", new byte[5000]))).build()));
        assertThat(refused(bigHeader, limits)).hasMessageContaining("an extended header of");
        byte[] bigFile = tar(tar -> tar.put(TarEntry.builder(Kind.FILE, "f").size(1001).build(),
                new ByteArrayInputStream(new byte[1001])));
        assertThat(refused(bigFile, limits)).hasMessageContaining("its content exceeds 1000 bytes");
    }

    @Test
    void anEndlessStreamOfExtendedHeadersIsRefused() throws IOException {
        byte[] one = tar(tar -> tar.put(TarEntry.builder(Kind.FILE, "f").xattrs(List.of(new Xattr("user.x", new byte[100]))).build()));
        byte[] header = Arrays.copyOf(one, 1024);
        var endless = new SequenceInputStream(new java.util.Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return true;
            }

            @Override
            public InputStream nextElement() {
                return new ByteArrayInputStream(header);
            }
        });
        assertThat(refused(endless, new ArchiveLimits(1000, 4095, 1 << 20, 10, 1 << 20)).kind())
                .isEqualTo(Fault.Kind.EXHAUSTED);
    }

    @Test
    void aBombIsStoppedAtTheLimitOfContent() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            new TarWriter(gzip).put(TarEntry.builder(Kind.FILE, "zeros").size(64 << 20).build(), new InputStream() {
                @Override
                public int read() {
                    return 0;
                }

                @Override
                public int read(byte[] into, int from, int length) {
                    return length;
                }
            });
        }
        assertThat(packed.size()).isLessThan(100_000);
        var limits = new ArchiveLimits(100, 4095, 1 << 20, 10, 1 << 20);
        assertThatThrownBy(() -> new LayerReader(Whiteouts.OVERLAY, limits)
                .apply(new ByteArrayInputStream(packed.toByteArray()), target))
                .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.EXHAUSTED));
        assertThat(target.stat("zeros")).isEmpty();
    }

    @Test
    void aDamagedArchiveIsAFaultAndNothingElse() throws IOException {
        byte[] good = tar(tar -> {
            file(tar, "ä".repeat(100));
            tar.put(TarEntry.builder(Kind.FILE, "g").xattrs(List.of(new Xattr("user.x", new byte[600]))).build());
            link(tar, "l", "f".repeat(200));
        });
        var random = new Random(42);
        int faults = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] bad = good.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            byte[] cut = random.nextBoolean() ? bad : Arrays.copyOf(bad, random.nextInt(bad.length));
            try {
                var reader = new TarReader(new ByteArrayInputStream(cut), ArchiveLimits.DEFAULT);
                while (reader.next().isPresent()) {
                    continue;
                }
            } catch (Fault fault) {
                faults++;
            }
        }
        assertThat(faults).isGreaterThan(1000);
    }

    @Test
    void headersThatAreForgedWithARightChecksumAreAFaultAndNothingElse() throws IOException {
        byte[] good = tar(tar -> file(tar, "f"));
        var random = new Random(43);
        int read = 0;
        for (int i = 0; i < 5000; i++) {
            byte[] bad = good.clone();
            for (int j = random.nextInt(6); j >= 0; j--) {
                bad[random.nextInt(512)] = (byte) random.nextInt(256);
            }
            seal(bad);
            try {
                var reader = new TarReader(new ByteArrayInputStream(bad), ArchiveLimits.DEFAULT);
                while (reader.next().isPresent()) {
                    read++;
                }
            } catch (Fault refused) {
                assertThat(refused.getMessage()).startsWith("read archive");
            }
        }
        assertThat(read).isPositive();
    }

    private static void seal(byte[] block) {
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += block[i] & 0xFF;
        }
        byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, block, 148, 8);
    }

    /** Into a tree that is in use, nothing takes the place of a directory, nor a directory that of anything else. */
    @Test
    void aPlainArchiveReplacesNoDirectory() throws Exception {
        for (boolean directory : new boolean[] {true, false}) {
            Path below = Files.createDirectories(temporary.resolve("target").resolve("plain" + directory));
            if (directory) {
                Files.writeString(below.resolve("x"), "there");
            } else {
                Files.createDirectories(below.resolve("x/inner"));
            }
            var bytes = new ByteArrayOutputStream();
            var tar = new TarWriter(bytes);
            tar.put(TarEntry.builder(directory ? TarEntry.Kind.DIRECTORY : TarEntry.Kind.FILE, "x").build());
            tar.finish();
            try (Directory root = files.directory(below.toString())) {
                assertThatThrownBy(() -> new TreeReader(ArchiveLimits.DEFAULT).unpack(new ByteArrayInputStream(bytes.toByteArray()), root, Optional::of))
                        .hasMessageContaining("cannot overwrite");
            }
        }
    }
}
