package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A pull that is killed in the middle of a layer, whichever process that hits, goes on where it stopped; the store is whole all the time. */
class BrokenPullTest extends CommandSuite {
    private static final int SLICE = 64 << 10;

    private final AtomicLong sent = new AtomicLong();
    private volatile long stop;

    /** Sends the busybox image of the installation, its layer only up to where it stops. */
    private HttpServer serve(Path layout) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                if (path.equals("/v2/")) {
                    exchange.sendResponseHeaders(200, -1);
                } else if (path.contains("/manifests/")) {
                    String index = Files.readString(layout.resolve("index.json"));
                    byte[] manifest = Files.readAllBytes(layout.resolve("blobs/sha256/" + index.replaceAll("(?s).*?sha256:([0-9a-f]{64}).*", "$1")));
                    exchange.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
                    exchange.sendResponseHeaders(200, manifest.length);
                    exchange.getResponseBody().write(manifest);
                } else {
                    blob(exchange, Files.readAllBytes(layout.resolve("blobs/sha256/" + path.substring(path.lastIndexOf(':') + 1))));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        return server;
    }

    private void blob(HttpExchange exchange, byte[] blob) throws IOException, InterruptedException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"));
        if (from > 0) {
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (blob.length - 1) + "/" + blob.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, blob.length - from);
        OutputStream out = exchange.getResponseBody();
        for (int at = from; at < blob.length; at += SLICE) {
            while (at >= stop && blob.length > SLICE) {
                Thread.sleep(20);
            }
            int size = Math.min(SLICE, blob.length - at);
            out.write(blob, at, size);
            out.flush();
            sent.addAndGet(size);
        }
    }

    @Test
    void goesOnWhereItWasKilled() throws IOException {
        Path layout = Carafe.program().getParent().getParent().resolve("share/busybox");
        // Its blobs are not to be there yet.
        carafe.check("rmi", "-f", "busybox");
        HttpServer server = serve(layout);
        try {
            String name = "127.0.0.1:" + server.getAddress().getPort() + "/slow:1";
            long whole = 0;
            try (var blobs = Files.list(layout.resolve("blobs/sha256"))) {
                whole = blobs.mapToLong(path -> path.toFile().length()).max().orElseThrow();
            }
            stop = whole / 2;
            Running first = carafe.start("pull", name);
            assertThat(Tools.await(() -> partial() >= stop - SLICE)).as("half of the layer arrives").isTrue();
            carafe.killEngine();
            // Cold, the Java of this one command is the client's child.
            ProcessHandle.of(first.pid()).ifPresent(client -> {
                client.descendants().toList().forEach(ProcessHandle::destroyForcibly);
                client.destroyForcibly();
            });
            Tools.await(() -> !first.isAlive());
            assertThat(carafe.check("system", "check")).contains("all whole");
            assertThat(carafe.call("image", "exists", name).status()).isEqualTo(1);
            stop = Long.MAX_VALUE;
            carafe.check("pull", name);
            assertThat(carafe.check("run", "--rm", name, "echo", "went on")).isEqualTo("went on\n");
            assertThat(sent.get()).as("bytes sent in all, of " + whole).isLessThan(whole + whole / 10);
            assertThat(carafe.check("system", "check")).contains("all whole");
            carafe.check("rmi", "-f", name);
        } finally {
            server.stop(0);
            carafe.check("run", "--rm", "busybox", "true");
            carafe.mark();
        }
    }

    private static long partial() {
        var files = carafe.root().resolve("content/ingests").toFile().listFiles();
        long most = 0;
        for (var file : files == null ? new java.io.File[0] : files) {
            most = Math.max(most, file.length());
        }
        return most;
    }

    @Test
    void aDamagedBlobIsFoundAndItsImageTakenAway() throws IOException {
        Path blobs = carafe.root().resolve("content/blobs/sha256");
        carafe.check("run", "--rm", "busybox", "true");
        Path largest;
        try (var all = Files.list(blobs)) {
            largest = all.max(java.util.Comparator.comparingLong(path -> path.toFile().length())).orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(largest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(largest, bytes);
        Outcome found = carafe.call("system", "check");
        assertThat(found.status()).isEqualTo(1);
        assertThat(found.out()).contains(largest.getFileName().toString()).contains("damaged");
        assertThat(carafe.check("system", "check", "--repair")).contains("removed blob", "removed image", "all whole");
        assertThat(carafe.check("run", "--rm", "busybox", "echo", "again")).isEqualTo("again\n");
        carafe.mark();
    }
}
