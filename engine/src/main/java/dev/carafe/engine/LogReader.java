package dev.carafe.engine;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Reads the framed log that a monitor writes: for each piece of output a head of 16 bytes (nanoseconds since 1970, length, stream: 1
 * output, 2 error; native order), then the bytes as they came. A reader never hinders the writer. A frame that is not whole yet, or
 * never became so because the monitor was killed, is the end.
 *
 * <p>A log that was moved aside when it was long is read in all its files, the oldest first, packed or not ({@link LogFiles}); a reader that has begun has them
 * open, and goes on in those that come later. Pieces that were dropped before it came to them are missing.
 */
public final class LogReader implements AutoCloseable {
    static final int HEAD = 16;
    private static final int LONGEST = 1 << 24;
    private static final int SLICE_MILLIS = 25;

    /** A piece of output. */
    public record Piece(long time, boolean error, byte[] bytes) {
    }

    private final LogFiles files;
    private final Deque<LogSource> sources;
    private long last = Long.MIN_VALUE;

    private LogReader(LogFiles files, Deque<LogSource> sources) {
        this.files = files;
        this.sources = sources;
    }

    /** Opens the log; empty when the container has never written one. */
    static Optional<LogReader> open(Path file) {
        var files = new LogFiles(file);
        var sources = new ArrayDeque<>(files.open());
        return sources.isEmpty() ? Optional.empty() : Optional.of(new LogReader(files, sources));
    }

    /** The next piece; empty at the end of what is there now. */
    public Optional<Piece> next() {
        try {
            while (true) {
                Optional<Piece> piece = frame(sources.getFirst());
                if (piece.isPresent()) {
                    last = piece.get().time();
                    return piece;
                }
                if (sources.size() == 1 && !moveOn()) {
                    return Optional.empty();
                }
                if (sources.size() > 1) {
                    // It was moved aside before that could be seen, so what it has is all.
                    piece = frame(sources.getFirst());
                    if (piece.isPresent()) {
                        last = piece.get().time();
                        return piece;
                    }
                    sources.remove().close();
                }
            }
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "log", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private static Optional<Piece> frame(LogSource source) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.nativeOrder());
        if (!source.peek(head)) {
            return Optional.empty();
        }
        int size = head.getInt(8);
        int stream = head.getInt(12);
        if (size < 0 || size > LONGEST || stream != 1 && stream != 2) {
            throw Fault.of(Fault.Kind.CORRUPT, "read", "log", "no frame at byte " + source.position());
        }
        ByteBuffer whole = ByteBuffer.allocate(HEAD + size);
        if (!source.peek(whole)) {
            return Optional.empty();
        }
        source.skip(HEAD + size);
        byte[] bytes = new byte[size];
        whole.get(HEAD, bytes);
        return Optional.of(new Piece(head.getLong(0), stream == 2, bytes));
    }

    /** Whether the file that is being read is not the newest any more; then those behind it are to be read as well. */
    private boolean moveOn() throws IOException {
        if (files.isNewest(sources.getFirst())) {
            return false;
        }
        boolean seen = false;
        var later = new ArrayDeque<LogSource>();
        for (LogSource source : files.open()) {
            if (seen || source.first() > last && !source.isSameAs(sources.getFirst())) {
                later.add(source);
                seen = true;
            } else {
                source.close();
            }
        }
        sources.addAll(later);
        return !later.isEmpty();
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
                Thread.sleep(SLICE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    @Override
    public void close() {
        sources.forEach(LogSource::close);
    }
}
