package dev.carafe.kernel;

/** What an inode is: the S_IFMT bits of inode(7). */
public enum FileType {
    FIFO(0010000),
    CHARACTER_DEVICE(0020000),
    DIRECTORY(0040000),
    BLOCK_DEVICE(0060000),
    REGULAR(0100000),
    SYMBOLIC_LINK(0120000),
    SOCKET(0140000);

    private static final int MASK = 0170000;

    private final int bits;

    FileType(int bits) {
        this.bits = bits;
    }

    /** The bits as they stand in {@code st_mode}. */
    public int bits() {
        return bits;
    }

    /** The type within a whole {@code st_mode}; the kernel never gives bits that are none of these. */
    public static FileType of(int mode) {
        for (FileType type : values()) {
            if (type.bits == (mode & MASK)) {
                return type;
            }
        }
        throw new IllegalArgumentException("mode 0" + Integer.toOctalString(mode));
    }
}
