package dev.carafe.kernel;

import dev.carafe.base.Fault;
import java.nio.ByteBuffer;

/**
 * Memory for the arguments of one file call at a time: two paths, a structure, and a page of data.
 *
 * <p>Shared arenas of the JDK are dear to close, and file calls come by the hundred thousand, so {@link FileSystem} keeps a
 * few of these and lends them.
 */
final class Scratch implements AutoCloseable {
    /** Longest path that the kernel takes, with its NUL (PATH_MAX). */
    static final int PATH_MAX = 4096;

    /** Longest value of an extended attribute (XATTR_SIZE_MAX), also the unit of reads and writes. */
    static final int DATA_BYTES = 65536;

    private static final int SECOND = PATH_MAX;
    private static final int STRUCT = 2 * PATH_MAX;
    private static final int DATA = STRUCT + 512;

    private final FileSystem owner;
    private final Memory memory;
    private final ByteBuffer bytes;

    Scratch(FileSystem owner, Memory memory) {
        this.owner = owner;
        this.memory = memory;
        this.bytes = memory.bytes();
    }

    static int size() {
        return DATA + DATA_BYTES;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    Memory memory() {
        return memory;
    }

    /** Where the path now stands, NUL-terminated. */
    long first(String path) {
        return put(path, 0);
    }

    /** As {@link #first}, in another place. */
    long second(String path) {
        return put(path, SECOND);
    }

    private long put(String path, int at) {
        byte[] encoded = ByteText.encode(path);
        if (encoded.length >= PATH_MAX) {
            throw Fault.invalid("use", quote(path), "the path is longer than " + (PATH_MAX - 1) + " bytes");
        }
        for (byte b : encoded) {
            if (b == 0) {
                throw Fault.invalid("use", quote(path), "the path contains a NUL byte");
            }
        }
        bytes.put(at, encoded);
        bytes.put(at + encoded.length, (byte) 0);
        return memory.address() + at;
    }

    /** Offset of the place for a structure of at most 512 bytes. */
    int structAt() {
        return STRUCT;
    }

    long structAddress() {
        return memory.address() + STRUCT;
    }

    /** Offset of the place for {@link #DATA_BYTES} bytes. */
    int dataAt() {
        return DATA;
    }

    long dataAddress() {
        return memory.address() + DATA;
    }

    static String quote(String path) {
        String shown = path.length() > 256 ? path.substring(0, 250) + "…" : path;
        return "\"" + shown.replace('\0', '?').replace('\n', '?') + "\"";
    }

    /** Gives it back to be lent again. */
    @Override
    public void close() {
        owner.giveBack(this);
    }
}
