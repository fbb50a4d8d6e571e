package dev.carafe.docker.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to one request: whole, as a stream, or by leaving HTTP behind. It is given once, by the thread of the connection. */
public final class Exchange {
    private final Request request;
    private final Transport transport;
    private final Wire wire;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable ChunkedOutput stream;
    private boolean answered;
    private boolean closes;
    private boolean upgraded;
    private volatile boolean gone;

    Exchange(Request request, Transport transport, Wire wire) {
        this.request = request;
        this.transport = transport;
        this.wire = wire;
        this.closes = !request.keepsConnection();
    }

    public Request request() {
        return request;
    }

    /** A field of the answer's head. */
    public Exchange header(String name, String value) {
        headers.put(name, clean(value));
        return this;
    }

    /** Nothing that a caller says may begin another line. */
    private static String clean(String value) {
        return value.indexOf('\r') < 0 && value.indexOf('\n') < 0 ? value : value.replace('\r', ' ').replace('\n', ' ');
    }

    /** Whether the head of an answer has been sent. */
    public boolean isAnswered() {
        return answered;
    }

    /** An answer without a body. */
    public void empty(int status) throws IOException {
        whole(status, new byte[0]);
    }

    /** An answer that is there as a whole. */
    public void answer(int status, String type, byte[] body) throws IOException {
        header("Content-Type", type);
        whole(status, body);
    }

    private void whole(int status, byte[] body) throws IOException {
        if (status != 204 && status != 304) {
            header("Content-Length", Integer.toString(body.length));
        }
        byte[] head = head(status);
        boolean bodiless = request.method().equals("HEAD") || status == 204 || status == 304;
        byte[] all = java.util.Arrays.copyOf(head, head.length + (bodiless ? 0 : body.length));
        if (!bodiless) {
            System.arraycopy(body, 0, all, head.length, body.length);
        }
        transport.write(all, 0, all.length);
    }

    /**
     * An answer whose length nobody knows yet; each write goes out at once. To be closed when it is complete: a client takes one that is not closed
     * for cut short.
     */
    public OutputStream stream(int status, String type) throws IOException {
        header("Content-Type", type);
        boolean chunks = request.minor() == 1;
        if (chunks) {
            header("Transfer-Encoding", "chunked");
        } else {
            closes = true;
        }
        byte[] head = head(status);
        transport.write(head, 0, head.length);
        var out = new ChunkedOutput(transport, chunks, request.method().equals("HEAD"));
        stream = out;
        return out;
    }

    /**
     * Watches for the client's going while a stream is written to which nothing may have to be written for long. The connection ends with this
     * exchange.
     *
     * @param then called once, by another thread
     */
    public void watch(Runnable then) {
        closes = true;
        Thread.ofVirtual().start(() -> {
            try {
                if (wire.awaitMore()) {
                    // Another request behind this one, which is not going to be answered.
                    return;
                }
            } catch (IOException e) {
                // Gone as well.
            }
            gone = true;
            then.run();
        });
    }

    /** Whether a watched client has gone. */
    public boolean isGone() {
        return gone;
    }

    /**
     * Leaves HTTP behind: from now on both sides send what they like, when they like.
     *
     * @param type of what this side sends
     */
    public Hijacked hijack(String type) throws IOException {
        upgraded = true;
        closes = true;
        boolean upgrades = request.upgrades();
        header("Content-Type", type);
        if (upgrades) {
            header("Upgrade", request.headers().get("upgrade").orElse("tcp"));
        }
        byte[] head = head(upgrades ? 101 : 200);
        transport.write(head, 0, head.length);
        return new Hijacked(transport, wire, request.headers().get("user-agent").filter(Exchange::losesWhatComesWithTheHead).isPresent());
    }

    /** Docker's library for Python reads the head through a buffer, which it then forgets: dockerd is too slow to fill that. */
    private static boolean losesWhatComesWithTheHead(String agent) {
        return agent.contains("docker-sdk-python") || agent.contains("docker-compose/1.");
    }

    private byte[] head(int status) {
        if (answered) {
            throw new IllegalStateException("answered already");
        }
        answered = true;
        var text = new StringBuilder("HTTP/1.1 ").append(status).append(' ').append(Reason.of(status)).append("\r\n");
        headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        if (upgraded && status == 101) {
            text.append("Connection: Upgrade\r\n");
        } else if (closes) {
            text.append("Connection: close\r\n");
        }
        return Wire.ascii(text.append("\r\n").toString());
    }

    /** Whether another request may follow; called once the handler is done. */
    boolean complete() throws IOException {
        if (closes) {
            return false;
        }
        ChunkedOutput open = stream;
        if (open != null && !open.isClosed()) {
            return false;
        }
        return ((RequestBody) request.body()).isRead() || drained();
    }

    /** A body that the handler did not want is read to its end, if that is not far. */
    private boolean drained() throws IOException {
        if (request.headers().get("expect").isPresent()) {
            return false;
        }
        var dump = new byte[8192];
        for (int k = 0; k < 32; k++) {
            if (request.body().read(dump, 0, dump.length) < 0) {
                return true;
            }
        }
        return false;
    }
}
