package dev.carafe.kernel;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * What statx(2) says of an inode (Linux 4.11).
 *
 * @param type what it is
 * @param mode permission bits with set-user-ID, set-group-ID and sticky: 12 bits, no type
 * @param links how many names it has
 * @param size bytes of content; for a symbolic link the length of its text
 * @param blocks 512-byte blocks that it occupies
 * @param modified when its content last changed
 * @param device the file system that holds it, as major shifted left by 32 plus minor
 * @param represents the device that a device node stands for, in the same form; 0 for anything else
 */
public record Stat(
        FileType type, int mode, int uid, int gid, long links, long inode, long size, long blocks, Instant modified,
        long device, long represents) {

    static final int BYTES = 256;

    /** STATX_BASIC_STATS. */
    static final int MASK = 0x7FF;

    static Stat read(ByteBuffer buffer, int at) {
        int mode = buffer.getShort(at + 28) & 0xFFFF;
        return new Stat(
                FileType.of(mode),
                mode & 07777,
                buffer.getInt(at + 20),
                buffer.getInt(at + 24),
                Integer.toUnsignedLong(buffer.getInt(at + 16)),
                buffer.getLong(at + 32),
                buffer.getLong(at + 40),
                buffer.getLong(at + 48),
                Instant.ofEpochSecond(buffer.getLong(at + 112), buffer.getInt(at + 120)),
                device(buffer.getInt(at + 136), buffer.getInt(at + 140)),
                device(buffer.getInt(at + 128), buffer.getInt(at + 132)));
    }

    /** A device number in the form that this record uses. */
    public static long device(int major, int minor) {
        return (long) major << 32 | Integer.toUnsignedLong(minor);
    }

    /** The major number of the device that a node stands for. */
    public int major() {
        return (int) (represents >>> 32);
    }

    /** The minor number of the device that a node stands for. */
    public int minor() {
        return (int) represents;
    }

    public boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }

    /** Whether overlayfs takes it for the absence of a lower file: a character device 0/0. */
    public boolean isWhiteout() {
        return type == FileType.CHARACTER_DEVICE && represents == 0;
    }
}
