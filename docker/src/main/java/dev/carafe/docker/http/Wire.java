package dev.carafe.docker.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The incoming side of a connection, by lines and by bytes. For one thread at a time. */
final class Wire {
    private static final int SIZE = 16384;

    private final Transport transport;
    private final byte[] buffer = new byte[SIZE];
    private int at;
    private int end;

    Wire(Transport transport) {
        this.transport = transport;
    }

    /** Waits for the first byte of what comes next; false when nothing more does. */
    boolean awaitMore() throws IOException {
        return at < end || fill();
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, transport.read(buffer, 0, SIZE));
        return end > 0;
    }

    /**
     * A line that ends with CR and LF, without these.
     *
     * @param atMost how many bytes it may have
     * @param status of the refusal when it has more
     */
    String line(int atMost, int status) throws IOException {
        var text = new StringBuilder();
        while (true) {
            if (!awaitMore()) {
                throw new EOFException();
            }
            int c = buffer[at++] & 0xff;
            if (c == '\r') {
                if (!awaitMore()) {
                    throw new EOFException();
                }
                if (buffer[at++] != '\n') {
                    throw new BadRequest(400, "a carriage return without a line feed");
                }
                return text.toString();
            }
            if (c == '\n' || c < ' ' && c != '\t' || c == 0x7f) {
                throw new BadRequest(400, "a control character in the head");
            }
            if (text.length() == atMost) {
                throw new BadRequest(status, "the head is too long");
            }
            text.append((char) c);
        }
    }

    /** As many bytes as there are, at most so many; -1 at the end. */
    int read(byte[] into, int offset, int length) throws IOException {
        if (at == end && length >= SIZE) {
            return transport.read(into, offset, length);
        }
        if (!awaitMore()) {
            return -1;
        }
        int count = Math.min(length, end - at);
        System.arraycopy(buffer, at, into, offset, count);
        at += count;
        return count;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
