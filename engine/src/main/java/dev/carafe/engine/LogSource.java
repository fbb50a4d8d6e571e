package dev.carafe.engine;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** One file of a log, open: as its monitor writes it, or packed. */
final class LogSource implements AutoCloseable {
    static final String PACKED = ".gz";
    private static final int BUFFER = 1 << 16;

    private final FileChannel channel;
    private final @Nullable InputStream unpacked;
    private final Object key;
    private long position;
    private byte[] ahead = new byte[0];

    private LogSource(FileChannel channel, Object key, @Nullable InputStream unpacked) {
        this.channel = channel;
        this.key = key;
        this.unpacked = unpacked;
    }

    /** Opens that file as it is at this moment, whatever it is called later. */
    static LogSource open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file);
        Object key = inode(file);
        return new LogSource(channel, key, file.toString().endsWith(PACKED)
                ? new GZIPInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER), BUFFER) : null);
    }

    /** The monitor may give the name to another file in between; {@link LogFiles} looks for that. */
    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    boolean isSameAs(LogSource other) {
        return key.equals(other.key);
    }

    /** Whether that name stands for this file now. */
    boolean isAt(Path file) throws IOException {
        return Files.exists(file) && inode(file).equals(key);
    }

    long position() {
        return position;
    }

    /** Nanoseconds since 1970 of its first piece; of one that has none yet, the latest there is. */
    long first() throws IOException {
        ByteBuffer head = ByteBuffer.allocate(LogReader.HEAD).order(ByteOrder.nativeOrder());
        return position == 0 && peek(head) ? head.getLong(0) : Long.MAX_VALUE;
    }

    /** Fills the buffer with what comes next, which stays to be read. False: there is not so much. */
    boolean peek(ByteBuffer bytes) throws IOException {
        InputStream in = unpacked;
        if (in != null) {
            int wanted = bytes.capacity();
            if (ahead.length < wanted) {
                byte[] more = in.readNBytes(wanted - ahead.length);
                byte[] joined = java.util.Arrays.copyOf(ahead, ahead.length + more.length);
                System.arraycopy(more, 0, joined, ahead.length, more.length);
                ahead = joined;
            }
            if (ahead.length < wanted) {
                return false;
            }
            bytes.put(0, ahead, 0, wanted);
            return true;
        }
        long at = position;
        bytes.clear();
        while (bytes.hasRemaining()) {
            int n = channel.read(bytes, at);
            if (n < 0) {
                return false;
            }
            at += n;
        }
        return true;
    }

    /** Those bytes were taken; they have been peeked at. */
    void skip(int bytes) {
        position += bytes;
        if (unpacked != null) {
            ahead = java.util.Arrays.copyOfRange(ahead, bytes, ahead.length);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
