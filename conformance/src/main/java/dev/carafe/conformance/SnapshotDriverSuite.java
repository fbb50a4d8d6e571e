package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carafe.archive.TarEntry;
import dev.carafe.archive.TarEntry.Kind;
import dev.carafe.archive.TarReader;
import dev.carafe.archive.TarWriter;
import dev.carafe.archive.ArchiveLimits;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.kernel.Xattr;
import dev.carafe.oci.ChainId;
import dev.carafe.snapshot.Snapshot;
import dev.carafe.snapshot.SnapshotDriver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link SnapshotDriver} does, shown on the real kernel: extend it, and answer with a driver. Needs root, since it
 * mounts; without, it is skipped.
 */
public abstract class SnapshotDriverSuite {
    @TempDir
    private Path temporary;

    private FileSystem files;
    private SnapshotDriver driver;

    /** A driver, new to that empty directory, or opened again on it. */
    protected abstract SnapshotDriver open(FileSystem fileSystem, Path directory);

    /** Ends the use of a driver; what it keeps stays. */
    protected abstract void close(SnapshotDriver opened);

    @BeforeEach
    void open() {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        files = new FileSystem(new NativeKernel());
        driver = open(files, temporary.resolve("snapshots"));
    }

    @AfterEach
    void close() throws IOException {
        if (files != null) {
            close(driver);
            files.directory(temporary.toString()).removeTree("snapshots");
            files.close();
        }
    }

    private interface Look {
        void at(Path root) throws IOException;
    }

    private void mounted(Snapshot snapshot, Look look) throws IOException {
        Path target = Files.createTempDirectory(temporary, "m");
        try (var mount = TestMount.at(files.kernel(), snapshot.mounts(), target)) {
            look.at(target);
        }
        Files.delete(target);
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

    private static void file(TarWriter tar, String path, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        tar.put(TarEntry.builder(Kind.FILE, path).size(bytes.length).build(), new ByteArrayInputStream(bytes));
    }

    private static void directory(TarWriter tar, String path, int mode) throws IOException {
        tar.put(TarEntry.builder(Kind.DIRECTORY, path).mode(mode).build());
    }

    private Digest apply(Optional<Digest> parent, byte[] layer) {
        Digest diffId = Digest.sha256(layer);
        Snapshot snapshot = driver.apply(parent, diffId, new ByteArrayInputStream(layer));
        Digest chainId = parent.map(p -> ChainId.extend(p, diffId)).orElse(diffId);
        assertThat(snapshot.name()).isEqualTo(chainId.toString());
        assertThat(snapshot.state()).isEqualTo(Snapshot.State.COMMITTED);
        return chainId;
    }

    private Digest base() throws IOException {
        return apply(Optional.empty(), tar(tar -> {
            directory(tar, "./", 0755);
            directory(tar, "etc/", 0755);
            file(tar, "etc/passwd", "root");
            file(tar, "etc/old", "old");
            directory(tar, "var/", 0755);
            directory(tar, "var/cache/", 0700);
            file(tar, "var/cache/a", "a");
            file(tar, "var/cache/b", "b");
            directory(tar, "tmp/", 01777);
            tar.put(TarEntry.builder(Kind.SYMBOLIC_LINK, "lib").link("usr/lib").build());
            directory(tar, "usr/lib/", 0755);
        }));
    }

    @Test
    void anActiveSnapshotWithoutParentIsEmptyAndCanBeWritten() throws IOException {
        Snapshot active = driver.prepare("scratch", Optional.empty());
        assertThat(active.state()).isEqualTo(Snapshot.State.ACTIVE);
        mounted(active, root -> {
            assertThat(root).isEmptyDirectory();
            Files.writeString(root.resolve("f"), "written");
        });
        mounted(driver.find("scratch").orElseThrow(), root -> assertThat(root.resolve("f")).hasContent("written"));
    }

    @Test
    void anActiveSnapshotShowsItsParentAndKeepsChangesToItself() throws IOException {
        Digest base = base();
        mounted(driver.prepare("one", Optional.of(base)), root -> {
            assertThat(root.resolve("etc/passwd")).hasContent("root");
            Files.writeString(root.resolve("etc/passwd"), "changed");
            Files.delete(root.resolve("etc/old"));
        });
        mounted(driver.prepare("two", Optional.of(base)), root -> {
            assertThat(root.resolve("etc/passwd")).hasContent("root");
            assertThat(root.resolve("etc/old")).hasContent("old");
        });
    }

    @Test
    void theRootLooksLikeTheParents() throws IOException {
        Digest base = apply(Optional.empty(), tar(tar -> {
            tar.put(TarEntry.builder(Kind.DIRECTORY, "./").mode(0711).owner(7, 8).build());
            file(tar, "f", "f");
        }));
        Digest second = apply(Optional.of(base), tar(tar -> file(tar, "g", "g")));
        mounted(driver.prepare("c", Optional.of(second)), root -> {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root))).isEqualTo("rwx--x--x");
            assertThat(Files.getAttribute(root, "unix:uid")).isEqualTo(7);
            assertThat(Files.getAttribute(root, "unix:gid")).isEqualTo(8);
        });
    }

    @Test
    void whiteoutsOfALayerHideWhatLiesBelow() throws IOException {
        Digest base = base();
        Digest top = apply(Optional.of(base), tar(tar -> {
            directory(tar, "etc/", 0755);
            file(tar, "etc/.wh.old", "");
            directory(tar, "var/cache/", 0755);
            file(tar, "var/cache/c", "c");
            file(tar, "var/cache/.wh..wh..opq", "");
            file(tar, ".wh.nothing-there", "");
        }));
        mounted(driver.prepare("c", Optional.of(top)), root -> {
            assertThat(names(root.resolve("etc"))).containsExactly("passwd");
            assertThat(names(root.resolve("var/cache"))).containsExactly("c");
        });
        mounted(driver.view("v", Optional.of(base)), root ->
                assertThat(names(root.resolve("var/cache"))).containsExactly("a", "b"));
    }

    @Test
    void aWhiteoutDoesNotConcernItsOwnLayer() throws IOException {
        Digest base = base();
        Digest top = apply(Optional.of(base), tar(tar -> {
            file(tar, "etc/.wh.old", "");
            file(tar, "etc/old", "new");
            file(tar, "etc/passwd", "own");
            file(tar, "etc/.wh.passwd", "");
            directory(tar, "var/", 0755);
            file(tar, ".wh.var", "");
            file(tar, "var/own", "own");
        }));
        mounted(driver.prepare("c", Optional.of(top)), root -> {
            assertThat(root.resolve("etc/old")).hasContent("new");
            assertThat(root.resolve("etc/passwd")).hasContent("own");
            assertThat(names(root.resolve("var"))).containsExactly("own");
        });
    }

    @Test
    void aDirectoryThatReplacesAnOlderOneHidesItsContent() throws IOException {
        Digest base = base();
        Digest top = apply(Optional.of(base), tar(tar -> {
            file(tar, "var/.wh.cache", "");
            directory(tar, "var/cache/", 0755);
            file(tar, "var/cache/new", "new");
        }));
        mounted(driver.prepare("c", Optional.of(top)), root ->
                assertThat(names(root.resolve("var/cache"))).containsExactly("new"));
    }

    @Test
    void aParentThatALayerLeavesOutIsTheOneBelow() throws IOException {
        Digest base = base();
        Digest top = apply(Optional.of(base), tar(tar -> {
            file(tar, "tmp/f", "f");
            file(tar, "lib/so", "so");
        }));
        mounted(driver.prepare("c", Optional.of(top)), root -> {
            assertThat(Files.getAttribute(root.resolve("tmp"), "unix:mode")).isEqualTo(0041777);
            assertThat(Files.readSymbolicLink(root.resolve("lib"))).hasToString("usr/lib");
            assertThat(root.resolve("usr/lib/so")).hasContent("so");
        });
    }

    @Test
    void aFileReplacesADirectoryAndADirectoryAFile() throws IOException {
        Digest base = base();
        Digest top = apply(Optional.of(base), tar(tar -> {
            file(tar, "var", "file");
            directory(tar, "etc/passwd/", 0755);
            file(tar, "etc/passwd/f", "f");
        }));
        mounted(driver.prepare("c", Optional.of(top)), root -> {
            assertThat(root.resolve("var")).hasContent("file");
            assertThat(root.resolve("etc/passwd/f")).hasContent("f");
        });
    }

    @Test
    void aViewCannotBeWritten() throws IOException {
        Digest base = base();
        Digest top = apply(Optional.of(base), tar(tar -> file(tar, "g", "g")));
        for (Digest parent : List.of(base, top)) {
            Snapshot view = driver.view("v", Optional.of(parent));
            assertThat(view.state()).isEqualTo(Snapshot.State.VIEW);
            mounted(view, root -> {
                assertThat(root.resolve("etc/passwd")).hasContent("root");
                assertThatThrownBy(() -> Files.writeString(root.resolve("f"), "x")).hasMessageContaining("Read-only");
            });
            assertThatThrownBy(() -> driver.commit("v", Digest.EMPTY)).isInstanceOf(Fault.class).hasMessageContaining("view");
            driver.remove("v");
        }
    }

    @Test
    void theChangesOfASnapshotMakeTheSameTreeAgain() throws IOException {
        Digest base = base();
        mounted(driver.prepare("c", Optional.of(base)), root -> {
            Files.writeString(root.resolve("etc/passwd"), "longer than before");
            Files.delete(root.resolve("etc/old"));
            Files.delete(root.resolve("var/cache/a"));
            Files.delete(root.resolve("var/cache/b"));
            Files.delete(root.resolve("var/cache"));
            Files.createDirectory(root.resolve("var/cache"));
            Files.writeString(root.resolve("var/cache/new"), "new");
            Files.createLink(root.resolve("var/linked"), root.resolve("var/cache/new"));
            Files.createSymbolicLink(root.resolve("dangling"), Path.of("/nowhere"));
        });
        var layer = new ByteArrayOutputStream();
        driver.diff("c", layer);
        assertThat(members(layer.toByteArray())).contains("etc/.wh.old", "etc/passwd", "var/cache/new", "var/linked", "dangling")
                .doesNotContain("tmp/", "lib");
        Digest top = apply(Optional.of(base), layer.toByteArray());
        mounted(driver.view("v", Optional.of(top)), root -> {
            assertThat(names(root.resolve("etc"))).containsExactly("passwd");
            assertThat(root.resolve("etc/passwd")).hasContent("longer than before");
            assertThat(names(root.resolve("var/cache"))).containsExactly("new");
            assertThat(Files.getAttribute(root.resolve("var/linked"), "unix:nlink")).isEqualTo(2);
            assertThat(Files.isSymbolicLink(root.resolve("dangling"))).isTrue();
        });
    }

    @Test
    void theSameChangesGiveTheSameBytes() throws IOException {
        Digest base = base();
        mounted(driver.prepare("c", Optional.of(base)), root -> {
            for (String name : new String[] {"z", "a", "ä", "M"}) {
                Files.writeString(root.resolve(name), name);
            }
        });
        var first = new ByteArrayOutputStream();
        var second = new ByteArrayOutputStream();
        driver.diff("c", first);
        driver.diff("c", second);
        assertThat(first.toByteArray()).isEqualTo(second.toByteArray());
        assertThat(members(first.toByteArray())).containsExactly("M", "a", "z", "ä");
    }

    @Test
    void aCommittedSnapshotIsAParentLikeAnyOther() throws IOException {
        Digest base = base();
        mounted(driver.prepare("c", Optional.of(base)), root -> Files.writeString(root.resolve("f"), "committed"));
        Digest chainId = Digest.sha256("any".getBytes(StandardCharsets.UTF_8));
        Snapshot committed = driver.commit("c", chainId);
        assertThat(committed.name()).isEqualTo(chainId.toString());
        assertThat(committed.parent()).contains(base);
        assertThat(driver.find("c")).isEmpty();
        mounted(driver.prepare("d", Optional.of(chainId)), root -> {
            assertThat(root.resolve("f")).hasContent("committed");
            assertThat(root.resolve("etc/passwd")).hasContent("root");
        });
    }

    @Test
    void committingTwiceUnderOneChainIdKeepsTheFirst() throws IOException {
        Digest chainId = Digest.sha256("any".getBytes(StandardCharsets.UTF_8));
        driver.prepare("one", Optional.empty());
        driver.prepare("two", Optional.empty());
        driver.commit("one", chainId);
        assertThatThrownBy(() -> driver.commit("two", chainId)).isInstanceOfSatisfying(Fault.class, fault ->
                assertThat(fault.kind()).isEqualTo(Fault.Kind.ALREADY_EXISTS));
        assertThat(driver.find("two")).isPresent();
    }

    @Test
    void aKeyIsUsedOnce() {
        driver.prepare("key", Optional.empty());
        assertThatThrownBy(() -> driver.prepare("key", Optional.empty())).isInstanceOfSatisfying(Fault.class, fault ->
                assertThat(fault.kind()).isEqualTo(Fault.Kind.ALREADY_EXISTS));
        assertThat(driver.list()).hasSize(1);
        assertThat(driver.recover()).isZero();
    }

    @Test
    void aKeyIsNoPath() {
        for (String key : new String[] {"", ".", "..", "a/b", "/etc", ".hidden", "a\nb", "x".repeat(201)}) {
            assertThatThrownBy(() -> driver.prepare(key, Optional.empty())).isInstanceOf(Fault.class)
                    .hasMessageContaining("expected 1 to 200 letters");
        }
    }

    @Test
    void aParentThatIsNotThereIsNotFound() {
        assertThatThrownBy(() -> driver.prepare("c", Optional.of(Digest.EMPTY))).isInstanceOfSatisfying(Fault.class, fault ->
                assertThat(fault.kind()).isEqualTo(Fault.Kind.NOT_FOUND));
        assertThat(driver.list()).isEmpty();
    }

    @Test
    void aParentIsNotRemovedBeforeItsChildren() throws IOException {
        Digest base = base();
        driver.prepare("child", Optional.of(base));
        assertThatThrownBy(() -> driver.remove(base.toString())).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.kind()).isEqualTo(Fault.Kind.CONFLICT);
            assertThat(fault.getMessage()).contains("\"child\"");
        });
        assertThat(driver.remove("child")).isTrue();
        assertThat(driver.remove(base.toString())).isTrue();
        assertThat(driver.remove(base.toString())).isFalse();
        assertThat(driver.list()).isEmpty();
    }

    @Test
    void aLayerOfAnotherDigestIsRefusedAndLeavesNothing() throws IOException {
        byte[] layer = tar(tar -> file(tar, "f", "f"));
        Digest other = Digest.sha256(new byte[] {1});
        assertThatThrownBy(() -> driver.apply(Optional.empty(), other, new ByteArrayInputStream(layer)))
                .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.CORRUPT));
        assertThat(driver.list()).isEmpty();
        assertThat(driver.recover()).isZero();
    }

    @Test
    void aLayerIsUnpackedOnceHoweverManyWantIt() throws Exception {
        byte[] layer = tar(tar -> {
            for (int i = 0; i < 200; i++) {
                file(tar, "f" + i, "content " + i);
            }
        });
        Digest diffId = Digest.sha256(layer);
        try (var threads = Executors.newFixedThreadPool(8)) {
            var calls = new ArrayList<Callable<Snapshot>>();
            for (int i = 0; i < 8; i++) {
                calls.add(() -> driver.apply(Optional.empty(), diffId, new ByteArrayInputStream(layer)));
            }
            for (Future<Snapshot> call : threads.invokeAll(calls)) {
                assertThat(call.get().name()).isEqualTo(diffId.toString());
            }
        }
        assertThat(driver.list()).hasSize(1);
        assertThat(driver.recover()).isZero();
    }

    @Test
    void manyPrepareAndRemoveAtOnce() throws Exception {
        Digest base = base();
        try (var threads = Executors.newFixedThreadPool(8)) {
            var calls = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < 64; i++) {
                String key = "c" + i;
                calls.add(() -> {
                    driver.prepare(key, Optional.of(base));
                    driver.recover();
                    return driver.remove(key);
                });
            }
            for (Future<Boolean> call : threads.invokeAll(calls)) {
                assertThat(call.get()).isTrue();
            }
        }
        assertThat(driver.list()).hasSize(1);
        mounted(driver.prepare("c", Optional.of(base)), root -> assertThat(root.resolve("etc/passwd")).hasContent("root"));
    }

    @Test
    void whatIsThereIsFoundAgainByAnother() throws IOException {
        Digest base = base();
        driver.prepare("c", Optional.of(base));
        SnapshotDriver other = open(files, temporary.resolve("snapshots"));
        try {
            assertThat(other.list()).containsExactlyInAnyOrderElementsOf(driver.list());
            assertThat(other.find("c")).isEqualTo(driver.find("c"));
            assertThat(other.remove("c")).isTrue();
            assertThat(driver.find("c")).isEmpty();
        } finally {
            close(other);
        }
    }

    @Test
    void attributesOfInodesSurvive() throws IOException {
        var capability = new Xattr("security.capability", new byte[] {
            1, 0, 0, 2, (byte) 0x80, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        Digest base = apply(Optional.empty(), tar(tar -> {
            tar.put(TarEntry.builder(Kind.FILE, "ping").mode(04755).owner(3, 70_000).xattrs(List.of(capability))
                    .modified(Instant.ofEpochSecond(1_000_000_000L, 123_456_789)).build());
            tar.put(TarEntry.builder(Kind.CHARACTER_DEVICE, "tty").mode(0620).device(5, 0).build());
            tar.put(TarEntry.builder(Kind.BLOCK_DEVICE, "disk").mode(0600).device(8, 300).build());
            tar.put(TarEntry.builder(Kind.FIFO, "fifo").build());
            tar.put(TarEntry.builder(Kind.HARD_LINK, "pong").link("ping").build());
        }));
        Digest second = apply(Optional.of(base), tar(tar -> file(tar, "unrelated", "x")));
        mounted(driver.prepare("c", Optional.of(second)), root -> {
            try (var top = files.directory(root.toString())) {
                var ping = top.stat("ping").orElseThrow();
                assertThat(ping.mode()).isEqualTo(04755);
                assertThat(ping.uid()).isEqualTo(3);
                assertThat(ping.gid()).isEqualTo(70_000);
                assertThat(ping.links()).isEqualTo(2);
                assertThat(ping.modified()).isEqualTo(Instant.ofEpochSecond(1_000_000_000L, 123_456_789));
                assertThat(top.xattr("ping", "security.capability")).contains(capability);
                assertThat(top.stat("tty").orElseThrow().major()).isEqualTo(5);
                assertThat(top.stat("disk").orElseThrow().minor()).isEqualTo(300);
                assertThat(top.stat("fifo").orElseThrow().mode()).isEqualTo(0644);
            }
        });
    }

    @Test
    void usageCountsWhatIsItsOwn() throws IOException {
        Digest base = base();
        driver.prepare("c", Optional.of(base));
        long before = driver.usage("c").bytes();
        mounted(driver.find("c").orElseThrow(), root -> {
            Files.write(root.resolve("big"), new byte[1 << 20]);
            Files.createLink(root.resolve("same"), root.resolve("big"));
        });
        assertThat(driver.usage("c").bytes() - before).isBetween(1L << 20, 3L << 19);
    }

    @Test
    void anImageOf128LayersMounts() throws IOException {
        Optional<Digest> parent = Optional.empty();
        for (int i = 0; i < 128; i++) {
            String name = "f" + i;
            parent = Optional.of(apply(parent, tar(tar -> file(tar, name, name))));
        }
        mounted(driver.prepare("deep", parent), root -> {
            assertThat(names(root)).hasSize(128);
            assertThat(root.resolve("f0")).hasContent("f0");
        });
    }

    @Test
    void anArchiveThatWantsOutIsRefusedOrStaysInside() throws IOException {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        byte[] layer = tar(tar -> {
            tar.put(TarEntry.builder(Kind.SYMBOLIC_LINK, "out").link(outside.toString()).build());
            file(tar, "out/f", "planted");
        });
        Digest chainId = apply(Optional.empty(), layer);
        assertThat(outside).isEmptyDirectory();
        driver.remove(chainId.toString());
        byte[] climbing = tar(tar -> file(tar, "../../outside/f", "planted"));
        assertThatThrownBy(() -> apply(Optional.empty(), climbing)).isInstanceOf(Fault.class)
                .hasMessageContaining("leads out of the archive's root");
        assertThat(outside).isEmptyDirectory();
        assertThat(driver.list()).isEmpty();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static List<String> members(byte[] layer) throws IOException {
        var reader = new TarReader(new ByteArrayInputStream(layer), ArchiveLimits.DEFAULT);
        var names = new ArrayList<String>();
        for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            names.add(entry.get().path());
        }
        return names;
    }
}
