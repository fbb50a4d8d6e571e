package dev.carafe.docker.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;

/** A connection that has left HTTP behind. What the client sent behind its request is read first. */
public final class Hijacked {
    private static final long PAUSE_NANOS = 100_000_000;

    private final Transport transport;
    private final Wire wire;
    /** By System.nanoTime, when the first byte may be sent; 0: at once. */
    private volatile long patience;

    /** @param pause whether the client needs a moment before the first byte comes */
    Hijacked(Transport transport, Wire wire, boolean pause) {
        this.transport = transport;
        this.wire = wire;
        this.patience = pause ? System.nanoTime() + PAUSE_NANOS | 1 : 0;
    }

    private void pause() {
        if (patience != 0) {
            long left = patience - System.nanoTime();
            while (left > 0) {
                LockSupport.parkNanos(left);
                left = patience - System.nanoTime();
            }
            patience = 0;
        }
    }

    public InputStream in() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return length == 0 ? 0 : wire.read(into, offset, length);
            }
        };
    }

    public OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                pause();
                transport.write(from, offset, length);
            }
        };
    }

    /** Tells the client that nothing more comes; what it sends is still read. */
    public void endOutput() throws IOException {
        transport.shutdownOutput();
    }

    /** Wakes whoever reads or writes. */
    public void close() {
        transport.close();
    }
}
