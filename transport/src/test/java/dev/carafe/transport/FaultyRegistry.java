package dev.carafe.transport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.carafe.base.Digest;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Json;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A registry in memory on the loopback that does the distribution-spec as far as needed, and wrong where it is told to. */
public final class FaultyRegistry implements AutoCloseable {
    /** Answers a request itself (true) or leaves it to the registry. */
    public interface Prank {
        boolean play(HttpExchange exchange, String path) throws IOException, InterruptedException;
    }

    private static final Prank NONE = (exchange, path) -> false;

    private final HttpServer server;
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile Prank prank = NONE;

    /** Every request, as {@code METHOD PATH}. */
    public final List<String> requests = new CopyOnWriteArrayList<>();
    /** The Authorization header of every request; empty for none. */
    public final List<String> authorizations = new CopyOnWriteArrayList<>();
    /** How many bytes of blobs have been sent. */
    public final AtomicLong sent = new AtomicLong();

    public FaultyRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public String domain() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public void prank(Prank value) {
        prank = value;
    }

    public byte[] blob(String digest) {
        return blobs.get(digest);
    }

    public byte[] manifest(String key) {
        return manifests.get(key);
    }

    public Descriptor put(String type, byte[] blob) {
        Descriptor descriptor = Descriptor.of(type, blob);
        blobs.put(descriptor.digest().toString(), blob);
        return descriptor;
    }

    /** Stores a manifest under a tag and its digest. */
    public Descriptor putManifest(String repository, String tag, String type, byte[] bytes) {
        manifests.put(repository + ":" + tag, bytes);
        manifests.put(repository + ":" + Digest.sha256(bytes), bytes);
        return Descriptor.of(type, bytes);
    }

    /** An image of layers of random bytes; its manifest's descriptor. */
    public Descriptor image(String repository, String tag, Platform platform, int... sizes) {
        var layers = new ArrayList<Descriptor>();
        var diffs = new ArrayList<Digest>();
        for (int size : sizes) {
            byte[] layer = new byte[size];
            new Random(size).nextBytes(layer);
            layers.add(put(MediaType.LAYER_TAR, layer));
            diffs.add(Digest.sha256(layer));
        }
        byte[] config = Json.compact(ImageConfig.builder(platform.architecture(), platform.os()).diffIds(diffs).build().json()).getBytes(StandardCharsets.UTF_8);
        Manifest manifest = Manifest.builder(put(MediaType.CONFIG, config)).mediaType(MediaType.MANIFEST).layers(layers).build();
        return putManifest(repository, tag, MediaType.MANIFEST, Json.compact(manifest.json()).getBytes(StandardCharsets.UTF_8));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path);
        authorizations.add(exchange.getRequestHeaders().getFirst("Authorization") == null ? "" : exchange.getRequestHeaders().getFirst("Authorization"));
        try (exchange) {
            if (!prank.play(exchange, path)) {
                serve(exchange, path);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(HttpExchange exchange, String path) throws IOException {
        String method = exchange.getRequestMethod();
        if (path.equals("/v2/")) {
            answer(exchange, 200, "{}");
        } else if (path.contains("/blobs/uploads/")) {
            upload(exchange, path, method);
        } else if (path.contains("/blobs/")) {
            blob(exchange, path.substring(path.lastIndexOf('/') + 1), method);
        } else if (path.contains("/manifests/")) {
            manifest(exchange, path, method);
        } else if (path.endsWith("/tags/list")) {
            tags(exchange, path);
        } else {
            answer(exchange, 404, "{}");
        }
    }

    private void blob(HttpExchange exchange, String digest, String method) throws IOException {
        byte[] blob = blobs.get(digest);
        if (blob == null) {
            answer(exchange, 404, error("BLOB_UNKNOWN", "blob unknown to registry"));
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"));
        if (from > 0) {
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (blob.length - 1) + "/" + blob.length);
        }
        if (method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(blob.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        send(exchange, from > 0 ? 206 : 200, Arrays.copyOfRange(blob, from, blob.length), blob.length - from);
    }

    /** Sends the head for a body of the announced length, and then these bytes, perhaps fewer. */
    public void send(HttpExchange exchange, int status, byte[] bytes, long announced) throws IOException {
        exchange.sendResponseHeaders(status, announced == 0 ? -1 : announced);
        OutputStream out = exchange.getResponseBody();
        for (int at = 0; at < bytes.length; at += 8192) {
            int size = Math.min(8192, bytes.length - at);
            out.write(bytes, at, size);
            sent.addAndGet(size);
        }
        out.flush();
    }

    private void manifest(HttpExchange exchange, String path, String method) throws IOException {
        String repository = path.substring(4, path.indexOf("/manifests/"));
        String reference = path.substring(path.lastIndexOf('/') + 1);
        if (method.equals("PUT")) {
            byte[] bytes = exchange.getRequestBody().readAllBytes();
            manifests.put(repository + ":" + reference, bytes);
            manifests.put(repository + ":" + Digest.sha256(bytes), bytes);
            exchange.getResponseHeaders().set("Docker-Content-Digest", Digest.sha256(bytes).toString());
            exchange.sendResponseHeaders(201, -1);
            return;
        }
        byte[] bytes = manifests.get(repository + ":" + reference);
        if (bytes == null) {
            answer(exchange, 404, error("MANIFEST_UNKNOWN", "manifest unknown"));
            return;
        }
        boolean index = new String(bytes, StandardCharsets.UTF_8).contains("\"manifests\"");
        exchange.getResponseHeaders().set("Content-Type", index ? MediaType.INDEX : MediaType.MANIFEST);
        exchange.getResponseHeaders().set("Docker-Content-Digest", Digest.sha256(bytes).toString());
        send(exchange, 200, bytes, bytes.length);
    }

    private void upload(HttpExchange exchange, String path, String method) throws IOException {
        String query = exchange.getRequestURI().getQuery() == null ? "" : exchange.getRequestURI().getQuery();
        String named = path.substring(path.lastIndexOf('/') + 1);
        String id = named.isEmpty() ? String.valueOf(numbers.incrementAndGet()) : named;
        ByteArrayOutputStream session = uploads.computeIfAbsent(id, k -> new ByteArrayOutputStream());
        if (method.equals("POST")) {
            if (query.startsWith("mount=") && blobs.containsKey(query.substring(6, query.indexOf('&')))) {
                exchange.sendResponseHeaders(201, -1);
                return;
            }
            exchange.getResponseHeaders().set("Location", path + id);
            exchange.sendResponseHeaders(202, -1);
            return;
        }
        receive(exchange, session);
        exchange.getResponseHeaders().set("Range", "0-" + (session.size() - 1));
        exchange.getResponseHeaders().set("Location", path);
        if (method.equals("PUT")) {
            byte[] bytes = session.toByteArray();
            String digest = query.substring(query.indexOf("digest=") + 7);
            boolean right = Digest.parse(digest).matches(bytes);
            if (right) {
                blobs.put(digest, bytes);
            }
            exchange.sendResponseHeaders(right ? 201 : 400, -1);
        } else {
            exchange.sendResponseHeaders(method.equals("PATCH") ? 202 : 204, -1);
        }
    }

    /** What arrived counts, even when the rest does not come. */
    private static void receive(HttpExchange exchange, ByteArrayOutputStream session) throws IOException {
        byte[] buffer = new byte[8192];
        for (int got = exchange.getRequestBody().read(buffer); got >= 0; got = exchange.getRequestBody().read(buffer)) {
            session.write(buffer, 0, got);
        }
    }

    /** What an upload has by now. */
    public ByteArrayOutputStream session(String id) {
        return uploads.get(id);
    }

    private void tags(HttpExchange exchange, String path) throws IOException {
        String repository = path.substring(4, path.length() - "/tags/list".length());
        List<String> all = manifests.keySet().stream().filter(key -> key.startsWith(repository + ":") && !key.contains(":sha256:"))
                .map(key -> key.substring(repository.length() + 1)).sorted().toList();
        String query = exchange.getRequestURI().getQuery() == null ? "" : exchange.getRequestURI().getQuery();
        int from = query.contains("last=") ? all.indexOf(query.substring(query.indexOf("last=") + 5)) + 1 : 0;
        List<String> page = all.subList(from, Math.min(all.size(), from + 2));
        if (from + 2 < all.size()) {
            exchange.getResponseHeaders().set("Link", "</v2/" + repository + "/tags/list?n=2&last=" + page.getLast() + ">; rel=\"next\"");
        }
        answer(exchange, 200, "{\"name\":\"" + repository + "\",\"tags\":[" + String.join(",", page.stream().map(tag -> "\"" + tag + "\"").toList()) + "]}");
    }

    public static String error(String code, String message) {
        return "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}";
    }

    public static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
