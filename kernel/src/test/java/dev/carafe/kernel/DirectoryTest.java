package dev.carafe.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTest {
    @TempDir
    Path temporary;

    private FileSystem files;
    private Directory root;

    @BeforeEach
    void open() throws IOException {
        files = new FileSystem(new NativeKernel());
        root = files.directory(Files.createDirectory(temporary.resolve("root")).toString());
    }

    @AfterEach
    void close() {
        root.close();
        files.close();
    }

    @Test
    void aNameIsOneComponent() {
        for (String name : new String[] {"", ".", "..", "a/b", "/etc"}) {
            assertThatThrownBy(() -> root.mkdir(name, 0755)).isInstanceOf(Fault.class)
                    .hasMessageContaining("not a name within a directory");
        }
        assertThatThrownBy(() -> root.mkdir("a\0b", 0755)).isInstanceOf(Fault.class).hasMessageContaining("NUL");
    }

    @Test
    void linksAreFollowedWithinTheRootAndNeverOut() throws IOException {
        Files.createDirectory(temporary.resolve("outside"));
        root.mkdir("etc", 0755);
        root.symlink("/etc", "absolute");
        root.symlink("../../../../../../etc", "climbing");
        root.symlink(temporary.resolve("outside").toString(), "out");
        long etc = root.stat("etc").orElseThrow().inode();
        for (String path : new String[] {"absolute", "climbing", "etc", "/etc", "../etc", "climbing/../absolute"}) {
            try (Directory found = root.within(path).orElseThrow()) {
                assertThat(found.stat().inode()).isEqualTo(etc);
            }
        }
        assertThat(root.within("out")).isEmpty();
    }

    @Test
    void aPathWithoutLinksMayNotMeetOne() {
        root.mkdir("etc", 0755);
        root.symlink("etc", "link");
        assertThatThrownBy(() -> root.beneath("link")).isInstanceOf(Fault.class).hasMessageContaining("ELOOP");
        assertThatThrownBy(() -> root.beneath("..")).isInstanceOf(Fault.class).hasMessageContaining("EXDEV");
        root.beneath("etc").orElseThrow().close();
    }

    @Test
    void everyKindOfInodeIsMadeAndSeen() {
        assertThat(root.mkdir("d", 0755)).isTrue();
        assertThat(root.mkdir("d", 0755)).isFalse();
        assertThat(root.mknod("fifo", FileType.FIFO, 0600, 0, 0)).isTrue();
        assertThat(root.symlink("nowhere", "l")).isTrue();
        root.create("f", 0600).orElseThrow().close();
        assertThat(root.create("f", 0600)).isEmpty();
        assertThat(root.link(root, "f", "g")).isTrue();
        assertThat(root.stat("f").orElseThrow().links()).isEqualTo(2);
        assertThat(root.stat("l").orElseThrow().type()).isEqualTo(FileType.SYMBOLIC_LINK);
        assertThat(root.readlink("l")).isEqualTo("nowhere");
        assertThat(root.entries()).extracting(DirectoryEntry::name).containsExactlyInAnyOrder("d", "fifo", "l", "f", "g");
        assertThat(root.stat("none")).isEmpty();
    }

    @Test
    void timesAreKeptToTheNanosecondAlsoOfLinks() {
        Instant time = Instant.ofEpochSecond(-5, 123_456_789);
        root.symlink("nowhere", "l");
        root.modified("l", time);
        assertThat(root.stat("l").orElseThrow().modified()).isEqualTo(time);
    }

    @Test
    void modesIncludeSetUserId() {
        root.create("f", 0600).orElseThrow().close();
        root.chmod("f", 06755);
        assertThat(root.stat("f").orElseThrow().mode()).isEqualTo(06755);
    }

    @Test
    void attributesHoldAnyBytes() {
        byte[] value = {0, 1, (byte) 0xFF, 0};
        root.create("f", 0600).orElseThrow().close();
        root.setXattr("f", new Xattr("user.bytes", value));
        assertThat(root.xattr("f", "user.bytes")).contains(new Xattr("user.bytes", value));
        assertThat(root.xattr("f", "user.none")).isEmpty();
        assertThat(root.xattrs("f")).contains(new Xattr("user.bytes", value));
        root.symlink("f", "l");
        assertThat(root.xattrs("l")).isEmpty();
    }

    @Test
    void contentIsWrittenAndReadInPiecesOfAnySize() {
        byte[] bytes = new byte[200_000];
        new java.util.Random(1).nextBytes(bytes);
        try (OpenFile file = root.create("f", 0600).orElseThrow()) {
            file.write(bytes, 0, bytes.length);
            file.seek(0);
            byte[] back = new byte[bytes.length];
            int done = 0;
            for (int got = file.read(back, 0, back.length); got > 0; got = file.read(back, done, back.length - done)) {
                done += got;
            }
            assertThat(back).isEqualTo(bytes);
        }
    }

    @Test
    void anExclusiveLockKeepsOthersOut() {
        try (OpenFile first = root.openOrCreate("lock", 0600)) {
            first.lock(Opened.Lock.EXCLUSIVE);
            try (OpenFile second = root.openOrCreate("lock", 0600)) {
                assertThat(second.tryLock(Opened.Lock.SHARED)).isFalse();
            }
        }
        try (OpenFile third = root.openOrCreate("lock", 0600)) {
            assertThat(third.tryLock(Opened.Lock.SHARED)).isTrue();
        }
    }

    @Test
    void removalTakesATreeDeeperThanItsDescriptorsAndFollowsNoLink() throws IOException {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("kept"), "kept", StandardCharsets.UTF_8);
        root.mkdir("tree", 0755);
        Directory here = root.open("tree");
        for (int i = 0; i < 300; i++) {
            here.mkdir("d", 0755);
            here.symlink(outside.toString(), "l");
            here.create("f", 0600).orElseThrow().close();
            Directory below = here.open("d");
            here.close();
            here = below;
        }
        here.close();
        root.removeTree("tree");
        root.removeTree("tree");
        try (Stream<Path> left = Files.list(outside)) {
            assertThat(left).hasSize(1);
        }
        assertThat(root.entries()).isEmpty();
    }

    @Test
    void aFaultNamesTheCallThePathAndTheError() {
        assertThatThrownBy(() -> root.read("none")).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.errno()).contains(Errno.ENOENT);
            assertThat(fault.getMessage()).isEqualTo(
                    "open \"" + temporary.resolve("root/none") + "\": no such file or directory (ENOENT)");
        });
    }
}
