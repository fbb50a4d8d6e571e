package dev.carafe.transport;

import dev.carafe.base.Fault;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One request to an engine that speaks Docker's API on a Unix or TCP socket, in HTTP/1.1 by hand (RFC 9112): the runtime's own client knows
 * no Unix sockets.
 */
final class DockerSocket implements AutoCloseable {
    private static final int LONGEST_LINE = 1 << 16;
    private static final int LONGEST_ERROR = 1 << 16;

    /** Writes the body of a request. */
    interface Body {
        void write(OutputStream out) throws IOException;
    }

    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;

    private DockerSocket(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    }

    /** @param host as DOCKER_HOST has it: {@code unix:///run/docker.sock} or {@code tcp://host:port} */
    static DockerSocket open(String host) {
        try {
            if (host.startsWith("unix://")) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                channel.connect(UnixDomainSocketAddress.of(Path.of(host.substring(7))));
                return new DockerSocket(channel);
            }
            URI uri = URI.create(host);
            if (!"tcp".equals(uri.getScheme()) && !"http".equals(uri.getScheme())) {
                throw Fault.of(Fault.Kind.UNSUPPORTED, "reach engine", "\"" + host + "\"", "expected unix:// or tcp://");
            }
            return new DockerSocket(SocketChannel.open(new InetSocketAddress(uri.getHost(), uri.getPort())));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "reach engine", "\"" + host + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** Sends a request with a body of unknown length; what is answered with success. */
    InputStream request(String method, String path, Body body) throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n";
        boolean sends = method.equals("POST");
        out.write((head + (sends ? "Content-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n" : "\r\n")).getBytes(StandardCharsets.US_ASCII));
        if (sends) {
            var chunks = new BufferedOutputStream(new Chunks(out), 1 << 16);
            body.write(chunks);
            chunks.flush();
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
        String[] status = line().split(" ", 3);
        if (status.length < 2) {
            throw new IOException("the engine does not answer in HTTP");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        InputStream answer = "chunked".equalsIgnoreCase(headers.get("transfer-encoding")) ? new Unchunked() : in;
        if (!status[1].startsWith("2")) {
            String text = new String(answer.readNBytes(headers.containsKey("content-length") ? Math.min(LONGEST_ERROR, Integer.parseInt(headers.get("content-length"))) : LONGEST_ERROR), StandardCharsets.UTF_8);
            throw Fault.of(status[1].equals("404") ? Fault.Kind.NOT_FOUND : Fault.Kind.UNAVAILABLE, "ask engine for", "\"" + path + "\"", text.replaceAll("\\p{Cntrl}", " ").strip() + " (HTTP " + status[1] + ")");
        }
        return answer;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.size() > LONGEST_LINE) {
                throw new EOFException("the answer ends in its head");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** Each write is a chunk. */
    private static final class Chunks extends OutputStream {
        private final OutputStream out;

        Chunks(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (length > 0) {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(bytes, from, length);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** Chunks as one stream. */
    private final class Unchunked extends InputStream {
        private long left;
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (left == 0 && !ended) {
                left = Long.parseLong(line().split(";")[0].strip(), 16);
                ended = left == 0;
            }
            if (ended) {
                return -1;
            }
            int got = in.read(into, from, (int) Math.min(length, left));
            if (got < 0) {
                throw new EOFException("the answer ends in a chunk");
            }
            left -= got;
            if (left == 0) {
                line();
            }
            return got;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException closed) {
            // It is of no use any more.
        }
    }
}
