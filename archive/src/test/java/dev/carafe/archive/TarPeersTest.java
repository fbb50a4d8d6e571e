package dev.carafe.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.archive.TarEntry.Extent;
import dev.carafe.archive.TarEntry.Kind;
import dev.carafe.kernel.Xattr;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

/** Reads what another implementation writes, and has it read what is written here. */
class TarPeersTest {
    private static final String LONG = "directory/".repeat(30) + "größe-" + "x".repeat(120);

    private static byte[] write(int longFiles, int bigNumbers) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(longFiles);
            tar.setBigNumberMode(bigNumbers);
            var file = new TarArchiveEntry(LONG);
            file.setSize(3);
            file.setUserId(3_000_000);
            file.setGroupId(4_000_000);
            file.setMode(04755);
            file.setModTime(java.nio.file.attribute.FileTime.from(Instant.ofEpochSecond(1_234_567_890)));
            tar.putArchiveEntry(file);
            tar.write("abc".getBytes(StandardCharsets.US_ASCII));
            tar.closeArchiveEntry();
            var link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
            link.setLinkName(LONG);
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
            var device = new TarArchiveEntry("null", TarConstants.LF_CHR);
            device.setDevMajor(1);
            device.setDevMinor(3);
            tar.putArchiveEntry(device);
            tar.closeArchiveEntry();
            var directory = new TarArchiveEntry("d/");
            tar.putArchiveEntry(directory);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static List<TarEntry> read(byte[] archive) throws IOException {
        var reader = new TarReader(new ByteArrayInputStream(archive), ArchiveLimits.DEFAULT);
        var entries = new ArrayList<TarEntry>();
        for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            entries.add(entry.get());
        }
        return entries;
    }

    @Test
    void paxAndGnuHeadersOfAnotherWriterAreRead() throws IOException {
        var pax = read(write(TarArchiveOutputStream.LONGFILE_POSIX, TarArchiveOutputStream.BIGNUMBER_POSIX));
        var gnu = read(write(TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.BIGNUMBER_STAR));
        for (List<TarEntry> entries : List.of(pax, gnu)) {
            assertThat(entries).extracting(TarEntry::kind)
                    .containsExactly(Kind.FILE, Kind.SYMBOLIC_LINK, Kind.CHARACTER_DEVICE, Kind.DIRECTORY);
            TarEntry file = entries.getFirst();
            assertThat(file.path()).isEqualTo(LONG);
            assertThat(file.size()).isEqualTo(3);
            assertThat(file.uid()).isEqualTo(3_000_000);
            assertThat(file.gid()).isEqualTo(4_000_000);
            assertThat(file.mode()).isEqualTo(04755);
            assertThat(file.modified()).isEqualTo(Instant.ofEpochSecond(1_234_567_890));
            assertThat(entries.get(1).link()).isEqualTo(LONG);
            assertThat(entries.get(2).major()).isEqualTo(1);
            assertThat(entries.get(2).minor()).isEqualTo(3);
        }
    }

    @Test
    void anotherReaderReadsWhatIsWrittenHere() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var tar = new TarWriter(bytes);
        Instant time = Instant.ofEpochSecond(1_700_000_000L, 987_654_321);
        tar.put(TarEntry.builder(Kind.FILE, LONG).size(3).mode(02644).owner(3_000_000, 7).modified(time)
                .xattrs(List.of(new Xattr("user.text", "value".getBytes(StandardCharsets.US_ASCII)))).build(),
                new ByteArrayInputStream("abc".getBytes(StandardCharsets.US_ASCII)));
        tar.put(TarEntry.builder(Kind.HARD_LINK, "hard").link(LONG).build());
        tar.put(TarEntry.builder(Kind.BLOCK_DEVICE, "disk").device(8, 1).build());
        tar.finish();
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(bytes.toByteArray()), "UTF-8")) {
            TarArchiveEntry file = in.getNextEntry();
            assertThat(file.getName()).isEqualTo(LONG);
            assertThat(file.getMode() & 07777).isEqualTo(02644);
            assertThat(file.getLongUserId()).isEqualTo(3_000_000);
            assertThat(file.getLastModifiedTime().toInstant()).isEqualTo(time);
            assertThat(file.getExtraPaxHeaders()).containsEntry("SCHILY.xattr.user.text", "value");
            assertThat(in.readAllBytes()).asString().isEqualTo("abc");
            TarArchiveEntry hard = in.getNextEntry();
            assertThat(hard.isLink()).isTrue();
            assertThat(hard.getLinkName()).isEqualTo(LONG);
            assertThat(in.getNextEntry().getDevMajor()).isEqualTo(8);
            assertThat(in.getNextEntry()).isNull();
        }
    }

    @Test
    void everythingWrittenIsReadBack() throws IOException {
        var entries = List.of(
                TarEntry.builder(Kind.DIRECTORY, "./").mode(01777).build(),
                TarEntry.builder(Kind.FILE, "n\udce4hm").owner(-2, 0x7FFF_FFFF).modified(Instant.ofEpochSecond(-2, 500_000_000))
                        .xattrs(List.of(new Xattr("security.capability", new byte[] {1, 0, 0, 2, (byte) 0x80, (byte) 0xFF, '\n', 0})))
                        .build(),
                TarEntry.builder(Kind.SYMBOLIC_LINK, "l").link("ü".repeat(80)).modified(Instant.ofEpochSecond(1L << 40)).build(),
                TarEntry.builder(Kind.FIFO, "fifo").mode(0).build(),
                TarEntry.builder(Kind.BLOCK_DEVICE, "disk").device(259, 65_537).build());
        var bytes = new ByteArrayOutputStream();
        var tar = new TarWriter(bytes);
        for (TarEntry entry : entries) {
            tar.put(entry);
        }
        tar.finish();
        assertThat(read(bytes.toByteArray())).isEqualTo(entries);
    }

    @Test
    void sparseFilesOfGnuTarAreReadInEveryFormat() throws Exception {
        var directory = java.nio.file.Files.createTempDirectory("sparse");
        try {
            var file = directory.resolve("holes");
            try (var out = new java.io.RandomAccessFile(file.toFile(), "rw")) {
                for (int i = 0; i < 40; i++) {
                    out.seek(i * 1_000_000L);
                    out.write("data".getBytes(StandardCharsets.US_ASCII));
                }
                out.setLength(50_000_000);
            }
            for (String format : List.of("--format=gnu", "--format=posix --sparse-version=0.0",
                    "--format=posix --sparse-version=0.1", "--format=posix --sparse-version=1.0")) {
                byte[] archive = gnuTar(directory, format);
                var reader = new TarReader(new ByteArrayInputStream(archive), ArchiveLimits.DEFAULT);
                TarEntry entry = reader.next().orElseThrow();
                assertThat(entry.path()).as(format).isEqualTo("holes");
                assertThat(entry.size()).as(format).isEqualTo(50_000_000);
                assertThat(entry.sparse()).isTrue();
                assertThat(entry.extents()).hasSize(40);
                Extent second = entry.extents().get(1);
                byte[] stored = reader.content().readAllBytes();
                assertThat(stored.length).isEqualTo((int) entry.stored());
                int at = (int) (entry.extents().getFirst().length() + 1_000_000L - second.offset());
                assertThat(new String(stored, at, 4, StandardCharsets.US_ASCII)).isEqualTo("data");
                assertThat(reader.next()).isEmpty();
            }
        } finally {
            java.nio.file.Files.delete(directory.resolve("holes"));
            java.nio.file.Files.delete(directory);
        }
    }

    private static byte[] gnuTar(java.nio.file.Path directory, String options) throws IOException, InterruptedException {
        var command = new ArrayList<String>(List.of("tar", "-C", directory.toString(), "-cS"));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-f", "-", "holes"));
        Process tar = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        byte[] archive = tar.getInputStream().readAllBytes();
        assertThat(tar.waitFor()).isZero();
        return archive;
    }
}
