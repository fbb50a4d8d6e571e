package dev.carafe.docker.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A connection that has left HTTP behind. What the client sent behind its request is read first. */
public final class Hijacked {
    private final Transport transport;
    private final Wire wire;

    Hijacked(Transport transport, Wire wire) {
        this.transport = transport;
        this.wire = wire;
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
