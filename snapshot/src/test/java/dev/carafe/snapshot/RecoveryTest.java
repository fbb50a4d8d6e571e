package dev.carafe.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.TarEntry;
import dev.carafe.archive.TarWriter;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.kernel.SystemCall;
import dev.carafe.kernel.Xattr;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that dies at any point leaves, and what becomes of it. */
class RecoveryTest {
    @TempDir
    Path temporary;

    private FileSystem files;
    private OverlayDriver driver;
    private Path root;

    @BeforeEach
    void open() {
        assumeTrue("root".equals(System.getProperty("user.name")), "trusted attributes need root");
        files = new FileSystem(new NativeKernel());
        root = temporary.resolve("overlay");
        start();
    }

    private void start() {
        driver = new OverlayDriver(files, root.toString(), ArchiveLimits.DEFAULT, InstantSource.fixed(Instant.EPOCH));
    }

    @AfterEach
    void close() {
        if (files != null) {
            driver.close();
            files.close();
        }
    }

    /** What there is once the process has ended in order, and so given up its spares. */
    private List<String> directories() throws IOException {
        driver.close();
        start();
        try (Stream<Path> entries = Files.list(root)) {
            return entries.map(path -> path.getFileName().toString()).filter(name -> Character.isDigit(name.charAt(0))
                    || name.startsWith(".")).toList();
        }
    }

    private static byte[] layer() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var tar = new TarWriter(bytes);
        tar.put(TarEntry.builder(TarEntry.Kind.DIRECTORY, "d/").build());
        tar.finish();
        return bytes.toByteArray();
    }

    @Test
    void aDirectoryWithoutARecordIsRemoved() throws IOException {
        driver.prepare("kept", Optional.empty());
        Files.createDirectories(root.resolve("123456/fs/deep"));
        Files.createDirectories(root.resolve(".gone-654321/fs/deep"));
        assertThat(driver.recover()).isEqualTo(2);
        assertThat(directories()).hasSize(1);
        assertThat(driver.recover()).isZero();
        assertThat(driver.find("kept")).isPresent();
    }

    @Test
    void aRecordThatIsCutOffIsRemovedWithItsDirectory() throws IOException {
        driver.prepare("cut", Optional.empty());
        driver.prepare("empty", Optional.empty());
        Path record = root.resolve("active/cut");
        String text = Files.readString(record);
        for (int length = 0; length < text.length(); length++) {
            Files.writeString(record, text.substring(0, length));
            assertThat(driver.find("cut")).as(text.substring(0, length)).isEmpty();
        }
        Files.writeString(root.resolve("active/empty"), "");
        Files.writeString(root.resolve("active/.temporary"), text);
        assertThat(driver.recover()).isEqualTo(5);
        assertThat(driver.list()).isEmpty();
        assertThat(directories()).isEmpty();
    }

    @Test
    void anUnpackingThatDiedIsBegunAgain() throws IOException {
        byte[] layer = layer();
        Digest diffId = Digest.sha256(layer);
        String key = SnapshotRecords.unpackKey(diffId);
        driver.prepare(key, Optional.empty());
        Files.createFile(root.resolve("unpacking/sha256-" + diffId.hex()));
        assertThat(driver.apply(Optional.empty(), diffId, new ByteArrayInputStream(layer)).state())
                .isEqualTo(Snapshot.State.COMMITTED);
        assertThat(driver.recover()).isZero();
    }

    @Test
    void anUnpackingThatDiedIsRemovedAndOneAtWorkIsSpared() throws IOException {
        byte[] layer = layer();
        Digest diffId = Digest.sha256(layer);
        var found = new ArrayList<Integer>();
        driver.prepare(SnapshotRecords.unpackKey(Digest.EMPTY), Optional.empty());
        Files.createFile(root.resolve("unpacking/sha256-" + Digest.EMPTY.hex()));
        var meanwhile = new InputStream() {
            private final InputStream in = new ByteArrayInputStream(layer);

            @Override
            public int read() throws IOException {
                if (found.isEmpty()) {
                    found.add(driver.recover());
                }
                return in.read();
            }
        };
        driver.apply(Optional.empty(), diffId, meanwhile);
        assertThat(found).containsExactly(1);
        assertThat(driver.find(diffId.toString())).isPresent();
        assertThat(directories()).hasSize(1);
    }

    @Test
    void aReaderThatFailsLeavesNothing() throws IOException {
        byte[] layer = layer();
        var broken = new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                if (at == 700) {
                    throw new IOException("connection reset");
                }
                return layer[at++] & 0xFF;
            }
        };
        assertThatThrownBy(() -> driver.apply(Optional.empty(), Digest.sha256(layer), broken)).isInstanceOf(Fault.class)
                .hasMessageContaining("connection reset");
        assertThat(driver.list()).isEmpty();
        assertThat(directories()).isEmpty();
        assertThat(driver.recover()).isZero();
    }

    @Test
    void whatAVolatileOverlayLeavesIsRemoved() throws IOException {
        Snapshot active = driver.prepare("c", Optional.empty());
        Path work = Path.of(active.mounts().getFirst().source().orElseThrow()).resolveSibling("work");
        Files.createDirectories(work.resolve("work"));
        Files.createDirectories(work.resolve("incompat/volatile"));
        Files.createFile(work.resolve("incompat/volatile/dirty"));
        Files.setPosixFilePermissions(work.resolve("work"), java.util.Set.of());
        assertThat(driver.remove("c")).isTrue();
        assertThat(directories()).isEmpty();
    }

    @Test
    void theDirectoryOfARemovedSnapshotServesTheNextAndShowsNothingOfTheFirst() throws IOException {
        Snapshot first = driver.prepare("first", Optional.empty());
        Path content = Path.of(first.mounts().getFirst().source().orElseThrow());
        Files.createDirectories(content.resolve("a/b"));
        Files.setAttribute(content, "unix:mode", 0700);
        Files.setAttribute(content, "unix:uid", 9);
        files.directory(content.toString()).setXattr(new Xattr("trusted.overlay.impure", new byte[] {'y'}));
        driver.remove("first");
        Snapshot second = driver.prepare("second", Optional.empty());
        assertThat(second.mounts()).isEqualTo(first.mounts());
        assertThat(content).isEmptyDirectory();
        assertThat(content.resolveSibling("work")).isEmptyDirectory();
        assertThat(content.resolveSibling("record")).doesNotExist();
        assertThat(Files.getAttribute(content, "unix:mode")).isEqualTo(0040755);
        assertThat(Files.getAttribute(content, "unix:uid")).isEqualTo(0);
        assertThat(files.directory(content.toString()).xattrs()).isEmpty();
    }

    @Test
    void aSpareThatAnotherTookAwayIsNotUsed() {
        Snapshot first = driver.prepare("first", Optional.empty());
        driver.remove("first");
        try (var other = new OverlayDriver(files, root.toString(), ArchiveLimits.DEFAULT, InstantSource.system())) {
            other.recover();
        }
        Snapshot second = driver.prepare("second", Optional.empty());
        assertThat(Path.of(second.mounts().getFirst().source().orElseThrow())).isEmptyDirectory();
        assertThat(Path.of(first.mounts().getFirst().source().orElseThrow())).doesNotExist();
    }

    @Test
    void removalStopsAtAMountAndGoesOnOnceItIsGone() throws IOException {
        Snapshot active = driver.prepare("c", Optional.empty());
        Path content = Path.of(active.mounts().getFirst().source().orElseThrow());
        Path foreign = Files.createDirectory(temporary.resolve("foreign"));
        Files.writeString(foreign.resolve("kept"), "kept");
        Path point = Files.createDirectory(content.resolve("mnt"));
        mount(foreign, point);
        try {
            assertThatThrownBy(() -> driver.remove("c")).isInstanceOf(Fault.class)
                    .hasMessageContaining("EBUSY").hasMessageContaining("something is mounted there");
        } finally {
            unmount(foreign);
        }
        assertThat(foreign.resolve("kept")).hasContent("kept");
        assertThat(driver.recover()).isEqualTo(1);
        assertThat(directories()).isEmpty();
    }

    private void mount(Path source, Path target) {
        try (Memory from = files.kernel().string(source.toString());
                Memory to = files.kernel().string(target.toString())) {
            assertThat(files.kernel().call(SystemCall.MOUNT, from.address(), to.address(), 0, 0x1000, 0)).isZero();
        }
    }

    /** The mount point was renamed with the directory that it is in, so the table of mounts tells where it is. */
    private void unmount(Path source) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String[] fields = line.split(" ");
            if (fields[3].endsWith(source.toString()) && fields[4].startsWith(root.toString())) {
                try (Memory at = files.kernel().string(fields[4])) {
                    assertThat(files.kernel().call(SystemCall.UMOUNT2, at.address(), 2)).isZero();
                }
            }
        }
    }

    @Test
    void mountsNameEveryDirectoryTopFirst() throws IOException {
        byte[] layer = layer();
        Digest base = Digest.sha256(layer);
        driver.apply(Optional.empty(), base, new ByteArrayInputStream(layer));
        driver.prepare("one", Optional.of(base));
        Digest second = Digest.sha256(new byte[] {2});
        driver.commit("one", second);
        var options = driver.prepare("two", Optional.of(second)).mounts().getFirst().options();
        String prefix = root + "/";
        assertThat(options).hasSize(7);
        assertThat(options.get(0)).matches("lowerdir\\+=" + prefix + "\\d{6}/fs");
        assertThat(options.get(1)).matches("lowerdir\\+=" + prefix + "\\d{6}/fs");
        assertThat(options.get(2)).matches("upperdir=" + prefix + "\\d{6}/fs");
        assertThat(options.get(3)).isEqualTo(options.get(2).replace("upperdir=", "workdir=").replace("/fs", "/work"));
        assertThat(options.subList(4, 7)).containsExactly("redirect_dir=off", "metacopy=off", "index=off");
        assertThat(Path.of(options.get(1).substring("lowerdir+=".length())).resolve("d")).isDirectory();
        assertThat(driver.view("three", Optional.of(base)).mounts().getFirst().options()).containsExactly("rbind", "ro");
    }
}
