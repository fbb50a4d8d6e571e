package dev.carafe.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream a little ahead in a thread of its own, so that unpacking bytes and writing files keep two processors busy.
 *
 * <p>Four buffers go round: full ones to the reader, empty ones back. A fault of the stream reaches the reader behind the bytes
 * that came before it. Closing stops the thread, waits for it, and leaves the stream below open.
 */
final class ReadAhead extends InputStream {
    private static final int BUFFERS = 4;
    private static final int BUFFER_BYTES = 128 * 1024;

    /** Up to {@code length} bytes, or the end of the stream (-1), perhaps by a failure. */
    private record Piece(byte[] bytes, int length, @Nullable Throwable failure) {}

    private final ArrayBlockingQueue<Piece> full = new ArrayBlockingQueue<>(BUFFERS + 1);
    private final ArrayBlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(BUFFERS);
    private final Thread thread;
    private Piece current = new Piece(new byte[0], 0, null);
    private int at;

    private ReadAhead(InputStream in) {
        for (int i = 0; i < BUFFERS; i++) {
            empty.add(new byte[BUFFER_BYTES]);
        }
        thread = Thread.ofPlatform().daemon().name("read-ahead").unstarted(() -> pump(in));
    }

    static ReadAhead of(InputStream in) {
        var ahead = new ReadAhead(in);
        ahead.thread.start();
        return ahead;
    }

    private void pump(InputStream in) {
        try {
            while (true) {
                byte[] buffer = empty.take();
                int got;
                try {
                    got = in.readNBytes(buffer, 0, buffer.length);
                } catch (IOException | RuntimeException | Error failure) {
                    full.put(new Piece(buffer, -1, failure));
                    return;
                }
                full.put(new Piece(buffer, got == 0 ? -1 : got, null));
                if (got == 0) {
                    return;
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int read() throws IOException {
        return more() ? current.bytes()[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int count = Math.min(length, current.length() - at);
        System.arraycopy(current.bytes(), at, into, from, count);
        at += count;
        return count;
    }

    private boolean more() throws IOException {
        while (current.length() >= 0 && at == current.length()) {
            try {
                if (current.length() > 0) {
                    empty.put(current.bytes());
                }
                current = full.take();
                at = 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new java.io.InterruptedIOException("interrupted while reading ahead");
            }
        }
        switch (current.failure()) {
            case null -> {
                return current.length() > 0;
            }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IOException(e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
