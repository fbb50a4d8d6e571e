package dev.carafe.transport.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A body that may be slow but not silent: after the given patience without a byte it is closed, and reading fails. */
final class Patient extends FilterInputStream {
    private final Duration patience;
    private final AtomicBoolean silent = new AtomicBoolean();
    private final Thread guard;
    private volatile long latest = System.nanoTime();
    private volatile boolean waiting;

    Patient(InputStream in, Duration patience) {
        super(in);
        this.patience = patience;
        this.guard = Thread.ofVirtual().name("patience").start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                long left = patience.toNanos() - (System.nanoTime() - latest);
                if (left > 0 || !waiting) {
                    Thread.sleep(Duration.ofNanos(Math.max(left, patience.toNanos() / 8 + 1)));
                } else {
                    silent.set(true);
                    in.close();
                    return;
                }
            }
        } catch (InterruptedException | IOException over) {
            // The body has ended.
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        latest = System.nanoTime();
        waiting = true;
        try {
            int got = in.read(into, from, length);
            if (silent.get()) {
                throw silence(null);
            }
            return got;
        } catch (IOException e) {
            throw silent.get() ? silence(e) : e;
        } finally {
            waiting = false;
        }
    }

    private HttpTimeoutException silence(@org.jspecify.annotations.Nullable IOException cause) {
        var timeout = new HttpTimeoutException("nothing came for " + patience.toSeconds() + " s");
        if (cause != null) {
            timeout.initCause(cause);
        }
        return timeout;
    }

    @Override
    public void close() throws IOException {
        guard.interrupt();
        in.close();
    }
}
