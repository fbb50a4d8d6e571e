package dev.carafe.engine;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Reads the framed log that a monitor writes: for each piece of output a head of 16 bytes (nanoseconds since 1970, length, stream: 1
 * output, 2 error; native order), then the bytes as they came. A reader never hinders the writer. A frame that is not whole yet, or
 * never became so because the monitor was killed, is the end.
 */
public final class LogReader implements AutoCloseable {
    private static final int HEAD = 16;
    private static final int LONGEST = 1 << 24;

    /** A piece of output. */
    public record Piece(long time, boolean error, byte[] bytes) {
    }

    private final FileChannel channel;
    private long position;

    private LogReader(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the log; empty when the container has never written one. */
    static Optional<LogReader> open(Path file) {
        try {
            return Optional.of(new LogReader(FileChannel.open(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw StateFile.fault("read", file, e);
        }
    }

    /** The next piece; empty at the end of what is there now. */
    public Optional<Piece> next() {
        try {
            ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.nativeOrder());
            if (!fill(head, position)) {
                return Optional.empty();
            }
            int size = head.getInt(8);
            int stream = head.getInt(12);
            if (size < 0 || size > LONGEST || stream != 1 && stream != 2) {
                throw Fault.of(Fault.Kind.CORRUPT, "read", "log", "no frame at byte " + position);
            }
            ByteBuffer bytes = ByteBuffer.allocate(size);
            if (!fill(bytes, position + HEAD)) {
                return Optional.empty();
            }
            position += HEAD + size;
            return Optional.of(new Piece(head.getLong(0), stream == 2, bytes.array()));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "log", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** As {@link #next}, but waits at the end for as long as more may come; empty once it may not. */
    public Optional<Piece> next(BooleanSupplier moreMayCome) {
        while (true) {
            boolean more = moreMayCome.getAsBoolean();
            Optional<Piece> piece = next();
            if (piece.isPresent() || !more) {
                return piece;
            }
            try {
                Thread.sleep(25);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    private boolean fill(ByteBuffer bytes, long from) throws IOException {
        long at = from;
        while (bytes.hasRemaining()) {
            int n = channel.read(bytes, at);
            if (n < 0) {
                return false;
            }
            at += n;
        }
        return true;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "close", "log", String.valueOf(e.getMessage())).cause(e);
        }
    }
}
