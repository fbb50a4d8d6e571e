package dev.carafe.bootstrap;

import dev.carafe.archive.Compression;
import dev.carafe.base.Fault;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tukaani.xz.XZInputStream;

/** The file of a package (deb(5)): an ar archive with the version of the format, the control files, and the tar of what is installed. */
final class DebFile {
    private static final int HEAD = 60;
    private static final int NAME = 16;
    private static final int SIZE_AT = 48;
    private static final int SIZE = 10;
    private static final byte[] MAGIC = "!<arch>\n".getBytes(StandardCharsets.US_ASCII);

    private DebFile() {}

    /** What is installed, unpacked; closed by the caller. */
    static InputStream data(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        if (!java.util.Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
            throw fault(file, "no ar archive");
        }
        while (true) {
            byte[] head = in.readNBytes(HEAD);
            if (head.length < HEAD) {
                throw fault(file, "no data.tar in it");
            }
            String name = new String(head, 0, NAME, StandardCharsets.US_ASCII).strip();
            long size;
            try {
                size = Long.parseLong(new String(head, SIZE_AT, SIZE, StandardCharsets.US_ASCII).strip());
            } catch (NumberFormatException e) {
                throw fault(file, "a member without a size");
            }
            if (name.startsWith("data.tar")) {
                return name.contains(".xz") ? new XZInputStream(in) : Compression.detect(in).unpacked();
            }
            in.skipNBytes(size + size % 2);
        }
    }

    private static Fault fault(Path file, String reason) {
        return Fault.invalid("read package", "\"" + file.getFileName() + "\"", reason);
    }
}
