package dev.carafe.docker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class HttpServerTest {
    @TempDir
    Path directory;
    HttpServer server;
    final CountDownLatch gone = new CountDownLatch(1);

    @BeforeEach
    void open() {
        server = new HttpServer(this::answer);
        server.listen(new Endpoint.Unix(directory.resolve("s"), Optional.empty(), 0640));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private void answer(Exchange exchange) throws IOException {
        Request request = exchange.request();
        switch (request.path()) {
            case "/echo" -> exchange.answer(200, "text/plain", request.body().readAllBytes());
            case "/ignore" -> exchange.empty(204);
            case "/stream" -> {
                try (OutputStream out = exchange.stream(200, "text/plain")) {
                    out.write("one".getBytes(StandardCharsets.US_ASCII));
                    out.write("two".getBytes(StandardCharsets.US_ASCII));
                }
            }
            case "/wait" -> {
                exchange.watch(gone::countDown);
                try (OutputStream out = exchange.stream(200, "text/plain")) {
                    out.write('.');
                    gone.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            case "/hijack" -> {
                Hijacked connection = exchange.hijack("raw");
                // Upper case until the client ends, then a last word.
                connection.out().write(new String(connection.in().readAllBytes(), StandardCharsets.US_ASCII).toUpperCase(java.util.Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
                connection.out().write("!".getBytes(StandardCharsets.US_ASCII));
                connection.close();
            }
            default -> exchange.answer(404, "text/plain", new byte[0]);
        }
    }

    /** Sends it, ends its own side, and takes what comes until the server ends its own. */
    private String talk(String text) throws IOException {
        return talk(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String talk(byte[] bytes) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("s")))) {
            try {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.shutdownOutput();
            } catch (IOException refused) {
                // The server has answered and gone before all was sent.
            }
            return read(channel);
        }
    }

    private static String read(SocketChannel channel) throws IOException {
        var text = new StringBuilder();
        var buffer = ByteBuffer.allocate(8192);
        try {
            while (channel.read(buffer) >= 0) {
                text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
                buffer.clear();
            }
        } catch (IOException reset) {
            // What was not read is lost.
        }
        return text.toString();
    }

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: d\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void answersOneRequestAfterTheOtherOnOneConnection() throws IOException {
        assertThat(talk(post("/echo", "one") + post("/ignore", "unread") + post("/echo", "two")))
                .isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\none" + "HTTP/1.1 204 No Content\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\ntwo");
    }

    @Test
    void readsChunks() throws IOException {
        assertThat(talk("POST /echo HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n" + post("/echo", "next")))
                .contains("\r\n\r\nabc0123456789HTTP/1.1").endsWith("next");
    }

    @Test
    void writesChunksOrEndsTheConnection() throws IOException {
        assertThat(talk("GET /stream HTTP/1.1\r\nHost: d\r\n\r\n")).endsWith("Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
        assertThat(talk("GET /stream HTTP/1.0\r\n\r\n")).contains("Connection: close").endsWith("\r\n\r\nonetwo");
    }

    @Test
    void tellsAClientThatWaitsToGoOn() throws IOException {
        assertThat(talk("POST /echo HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi")).startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK").endsWith("hi");
    }

    @Test
    void leavesHttpBehindAndKeepsWhatCameWithTheRequest() throws IOException {
        String answer = talk("POST /hijack HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\nearly bird");
        assertThat(answer).startsWith("HTTP/1.1 101 UPGRADED\r\nContent-Type: raw\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n").endsWith("\r\n\r\nEARLY BIRD!");
        assertThat(talk("POST /hijack HTTP/1.1\r\nHost: d\r\n\r\nold client")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("OLD CLIENT!");
    }

    @Test
    void noticesThatAClientHasGone() throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("s")))) {
            channel.write(ByteBuffer.wrap("GET /wait HTTP/1.1\r\nHost: d\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            channel.read(ByteBuffer.allocate(1));
            assertThat(gone.getCount()).isOne();
        }
        gone.await();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET  /echo HTTP/1.1~Host: d~~ | 400
            GET /echo~~ | 400
            GET /echo HTTP/2.0~Host: d~~ | 505
            GET echo HTTP/1.1~Host: d~~ | 400
            GET /e^cho HTTP/1.1~Host : d~~ | 400
            GET /echo HTTP/1.1~~ | 400
            GET /echo HTTP/1.1~Host: d~Host: e~~ | 400
            GET /echo HTTP/1.1~Host: d~ folded: x~~ | 400
            GET /echo HTTP/1.1~Host: d~no colon~~ | 400
            G@T /echo HTTP/1.1~Host: d~~ | 400
            POST /echo HTTP/1.1~Host: d~Content-Length: 1~Content-Length: 1~~a | 400
            POST /echo HTTP/1.1~Host: d~Content-Length: 1~Transfer-Encoding: chunked~~0~~ | 400
            POST /echo HTTP/1.1~Host: d~Content-Length: +1~~a | 400
            POST /echo HTTP/1.1~Host: d~Content-Length: 0x1~~a | 400
            POST /echo HTTP/1.1~Host: d~Content-Length: 99999999999999999999~~a | 400
            POST /echo HTTP/1.1~Host: d~Transfer-Encoding: gzip, chunked~~0~~ | 501
            POST /echo HTTP/1.0~Transfer-Encoding: chunked~~0~~ | 400
            POST /echo HTTP/1.1~Host: d~Transfer-Encoding: chunked~~x~a~0~~ | 400
            POST /echo HTTP/1.1~Host: d~Transfer-Encoding: chunked~~-1~a~0~~ | 400
            POST /echo HTTP/1.1~Host: d~Transfer-Encoding: chunked~~1~abc~0~~ | 400
            POST /echo HTTP/1.1~Host: d~Transfer-Encoding: chunked~~FFFFFFFFFFFFFFFF~a | 400
            POST /echo HTTP/1.1~Host: d~Expect: miracles~~ | 417
            """)
    void refusesWhatTwoReadersMightUnderstandDifferently(String head, int status) throws IOException {
        String answer = talk(head.replace("~", "\r\n") + post("/echo", "smuggled"));
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").doesNotContain("smuggled");
    }

    @Test
    void refusesLineFeedsAlone() throws IOException {
        assertThat(talk("GET /echo HTTP/1.1\nHost: d\n\n")).startsWith("HTTP/1.1 400 ");
        assertThat(talk("GET /echo HTTP/1.1\r\nHost: d\0\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void limitsHeads() throws IOException {
        assertThat(talk("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: d\r\n\r\n")).startsWith("HTTP/1.1 414 ");
        assertThat(talk("GET /echo HTTP/1.1\r\nHost: d\r\nX: " + "a".repeat(70_000) + "\r\n\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(talk("GET /echo HTTP/1.1\r\nHost: d\r\n" + "X: y\r\n".repeat(200) + "\r\n")).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void staysWhateverItIsSent() throws IOException {
        var random = new Random(1);
        byte[] good = ("POST /echo HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n3\r\nabc\r\n0\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        for (int turn = 0; turn < 500; turn++) {
            byte[] bad = good.clone();
            for (int k = 0; k <= turn % 7; k++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            talk(java.util.Arrays.copyOf(bad, 1 + random.nextInt(bad.length)));
        }
        assertThat(talk(post("/echo", "alive"))).endsWith("alive");
        long end = System.nanoTime() + 20_000_000_000L;
        while (server.connections() > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(server.connections()).isZero();
    }

    @Test
    void hasASocketOfItsModeAndTakesTheAbandonedOnesPlace() throws IOException {
        Path socket = directory.resolve("s");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-r-----");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(socket);
        }
        Path abandoned = directory.resolve("abandoned");
        try (var channel = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(abandoned));
        }
        server.listen(new Endpoint.Unix(abandoned, Optional.empty(), 0600));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(abandoned))).isEqualTo("rw-------");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> server.listen(new Endpoint.Unix(socket, Optional.empty(), 0600))).hasMessageContaining("somebody listens there already");
    }
}
