package dev.carafe.archive;

import dev.carafe.base.Fault;
import dev.carafe.kernel.ByteText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The fixed fields of a tar header block: where they are, and how numbers and names are written in them. */
final class TarFields {
    static final int BLOCK = 512;

    static final int NAME = 0;
    static final int NAME_LENGTH = 100;
    static final int MODE = 100;
    static final int UID = 108;
    static final int GID = 116;
    static final int SIZE = 124;
    static final int MODIFIED = 136;
    static final int CHECKSUM = 148;
    static final int TYPE = 156;
    static final int LINK = 157;
    static final int MAGIC = 257;
    static final int MAJOR = 329;
    static final int MINOR = 337;
    static final int PREFIX = 345;
    static final int PREFIX_LENGTH = 155;
    static final int STAR_PREFIX_LENGTH = 131;
    static final int STAR_TRAILER = 508;
    static final int GNU_SPARSE = 386;
    static final int GNU_SPARSE_MORE = 482;
    static final int GNU_REAL_SIZE = 483;

    private TarFields() {}

    /** The text up to the first NUL. */
    static String text(byte[] block, int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return ByteText.decode(block, at, end);
    }

    /** A number: octal digits among blanks, or, when the first bit is set, base 256 (GNU, star). */
    static long number(byte[] block, int at, int length) {
        return (block[at] & 0x80) != 0 ? binary(block, at, length) : octal(block, at, length);
    }

    private static long octal(byte[] block, int at, int length) {
        long value = 0;
        int i = at;
        while (i < at + length && (block[i] == ' ' || block[i] == 0)) {
            i++;
        }
        for (; i < at + length && block[i] != ' ' && block[i] != 0; i++) {
            if (block[i] < '0' || block[i] > '7') {
                throw corrupt("a number in a header is not octal");
            }
            value = value << 3 | block[i] - '0';
        }
        return value;
    }

    private static long binary(byte[] block, int at, int length) {
        boolean negative = (block[at] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = at; i < at + length; i++) {
            int b = block[i] & 0xFF;
            int digit = i == at ? (negative ? b : b & 0x7F) : b;
            if (value >> 55 != (negative ? -1 : 0)) {
                throw corrupt("a number in a header is beyond 64 bits");
            }
            value = value << 8 | digit;
        }
        return value;
    }

    static boolean magic(byte[] block, String magic) {
        for (int i = 0; i < magic.length(); i++) {
            if (block[MAGIC + i] != magic.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static boolean isZero(byte[] block) {
        var words = ByteBuffer.wrap(block).order(ByteOrder.nativeOrder());
        for (int i = 0; i < BLOCK; i += 8) {
            if (words.getLong(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the stored sum is that of the block with the sum's own field blank; old writers summed signed bytes. */
    static boolean checksumMatches(byte[] block) {
        long stored = 0;
        for (int i = CHECKSUM; i < CHECKSUM + 8; i++) {
            boolean digit = block[i] >= '0' && block[i] <= '7';
            if (!digit && block[i] != ' ' && block[i] != 0) {
                return false;
            }
            stored = digit ? stored << 3 | block[i] - '0' : stored;
        }
        int unsigned = 0;
        int signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : block[i];
            unsigned += b & 0xFF;
            signed += b;
        }
        return stored == unsigned || stored == signed;
    }

    static Fault corrupt(String reason) {
        return Fault.of(Fault.Kind.CORRUPT, "read archive", "", reason);
    }
}
