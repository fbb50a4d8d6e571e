package dev.carafe.docker.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Serves one connection, request after request, until one side has had enough. */
final class HttpConnection implements Runnable {
    private static final long HEAD_NANOS = 30_000_000_000L;
    private static final byte[] GO_ON = Wire.ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private final Transport transport;
    private final HttpHandler handler;
    private final Wire wire;
    /** When a head that has begun must have ended, by System.nanoTime; 0: none has. */
    private volatile long deadline;

    HttpConnection(Transport transport, HttpHandler handler) {
        this.transport = transport;
        this.handler = handler;
        this.wire = new Wire(transport);
    }

    @Override
    public void run() {
        try (transport) {
            while (wire.awaitMore() && serveOne()) {
                // The next one.
            }
        } catch (EOFException cutShort) {
            // The client has gone in the middle of a request.
        } catch (IOException gone) {
            // The client has gone while it was answered.
        }
    }

    private boolean serveOne() throws IOException {
        Request request;
        deadline = System.nanoTime() + HEAD_NANOS | 1;
        try {
            request = RequestReader.read(wire, this::goOn);
        } catch (BadRequest bad) {
            refuse(bad);
            return false;
        } finally {
            deadline = 0;
        }
        var exchange = new Exchange(request, transport, wire);
        try {
            handler.handle(exchange);
            return exchange.complete();
        } catch (BadRequest bad) {
            if (!exchange.isAnswered()) {
                refuse(bad);
            }
            return false;
        }
    }

    private void goOn() {
        try {
            transport.write(GO_ON, 0, GO_ON.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refuse(BadRequest bad) throws IOException {
        byte[] text = (bad.status() + " " + Reason.of(bad.status()) + ": " + bad.getMessage()).getBytes(StandardCharsets.UTF_8);
        byte[] head = Wire.ascii("HTTP/1.1 " + bad.status() + " " + Reason.of(bad.status())
                + "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: " + text.length + "\r\n\r\n");
        transport.write(head, 0, head.length);
        transport.write(text, 0, text.length);
        transport.shutdownOutput();
        // What is still on its way is taken, or the answer may be lost with the connection (RFC 9112, 9.6).
        deadline = System.nanoTime() + 1_000_000_000L | 1;
        var dump = new byte[8192];
        for (int k = 0; k < 64 && wire.read(dump, 0, dump.length) >= 0; k++) {
            continue;
        }
    }

    /** Closes a connection whose client begins a request and does not end it. */
    void closeIfLate(long now) {
        long late = deadline;
        if (late != 0 && now - late > 0) {
            transport.close();
        }
    }

    void close() {
        transport.close();
    }
}
