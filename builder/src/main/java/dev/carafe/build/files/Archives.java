package dev.carafe.build.files;

import dev.carafe.archive.Compression;
import dev.carafe.base.Fault;
import dev.carafe.kernel.OpenFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells archives from other files, as ADD has to. */
public final class Archives {
    private static final int BLOCK = 512;
    private static final int SUM_AT = 148;
    private static final int SUM_LENGTH = 8;

    private Archives() {
    }

    /**
     * Whether a file is a tar archive, packed or not: the first block of what is in it has the right sum. The file's offset is anywhere afterwards.
     *
     * @throws Fault UNSUPPORTED for one that is packed by bzip2 or xz
     */
    public static boolean isArchive(OpenFile file) {
        byte[] first = new byte[6];
        file.seek(0);
        int got = file.read(first, 0, first.length);
        if (got >= 6 && (first[0] & 0xFF) == 0xFD && first[1] == '7' && first[2] == 'z' && first[3] == 'X' && first[4] == 'Z') {
            throw unpackable(file, "xz");
        }
        if (got >= 4 && first[0] == 'B' && first[1] == 'Z' && first[2] == 'h' && first[3] >= '1' && first[3] <= '9') {
            throw unpackable(file, "bzip2");
        }
        file.seek(0);
        try (InputStream unpacked = Compression.detect(new BufferedInputStream(file.input())).unpacked()) {
            return isHeader(unpacked.readNBytes(BLOCK));
        } catch (IOException notPacked) {
            return false;
        }
    }

    private static Fault unpackable(OpenFile file, String form) {
        return Fault.of(Fault.Kind.UNSUPPORTED, "unpack", "\"" + file.path() + "\"", "it is packed by " + form).hint("pack it by gzip or zstd, or copy it with COPY");
    }

    static boolean isHeader(byte[] block) {
        if (block.length < BLOCK) {
            return false;
        }
        int sum = 0;
        for (int k = 0; k < BLOCK; k++) {
            sum += k >= SUM_AT && k < SUM_AT + SUM_LENGTH ? ' ' : block[k] & 0xFF;
        }
        String said = new String(block, SUM_AT, SUM_LENGTH, java.nio.charset.StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
        try {
            return !said.isEmpty() && Integer.parseInt(said, 8) == sum && sum != SUM_LENGTH * ' ';
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
