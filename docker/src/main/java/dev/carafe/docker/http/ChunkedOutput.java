package dev.carafe.docker.http;

import java.io.IOException;
import java.io.OutputStream;

/** The body of an answer whose length is not known: a chunk for each write (RFC 9112, 7.1), or plain bytes up to the end of the connection. */
final class ChunkedOutput extends OutputStream {
    private static final byte[] LAST = Wire.ascii("0\r\n\r\n");

    private final Transport transport;
    private final boolean chunks;
    private final boolean silent;
    private boolean closed;

    ChunkedOutput(Transport transport, boolean chunks, boolean silent) {
        this.transport = transport;
        this.chunks = chunks;
        this.silent = silent;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] from, int offset, int length) throws IOException {
        if (length == 0 || silent) {
            return;
        }
        if (!chunks) {
            transport.write(from, offset, length);
            return;
        }
        byte[] head = Wire.ascii(Integer.toHexString(length) + "\r\n");
        var all = new byte[head.length + length + 2];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(from, offset, all, head.length, length);
        all[all.length - 2] = '\r';
        all[all.length - 1] = '\n';
        transport.write(all, 0, all.length);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            if (chunks && !silent) {
                transport.write(LAST, 0, LAST.length);
            }
        }
    }
}
