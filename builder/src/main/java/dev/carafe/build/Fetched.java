package dev.carafe.build;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Files of the web, each fetched once in a build. Certificates are checked; a redirection from https to http is not followed. */
final class Fetched {
    private static final Duration TIME = Duration.ofMinutes(10);
    private static final long LONGEST = 1L << 29;

    private final BuildLease lease;
    private final Map<String, File> files = new HashMap<>();

    Fetched(BuildLease lease) {
        this.lease = lease;
    }

    /** @param name the last part of the address's path */
    record File(Path path, String name, Digest digest) {
        byte[] read() {
            try {
                return Files.readAllBytes(path);
            } catch (IOException e) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + path + "\"", String.valueOf(e.getMessage())).cause(e);
            }
        }
    }

    static boolean isAddress(String source) {
        return source.startsWith("http://") || source.startsWith("https://");
    }

    synchronized File get(String address, Optional<String> checksum) {
        File file = files.get(address);
        if (file == null) {
            file = fetch(address);
            files.put(address, file);
        }
        if (checksum.isPresent() && !checksum.get().equals(file.digest().toString())) {
            throw Fault.of(Fault.Kind.CORRUPT, "fetch", "\"" + address + "\"", "digest mismatch " + file.digest() + ": " + checksum.get());
        }
        return file;
    }

    private File fetch(String address) {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException e) {
            throw Fault.invalid("fetch", "\"" + address + "\"", "it is no address").cause(e);
        }
        Path path = lease.directory().resolve("file");
        try (HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).proxy(ProxySelector.getDefault()).connectTimeout(Duration.ofSeconds(30)).build()) {
            HttpResponse<InputStream> answer = client.send(HttpRequest.newBuilder(uri).timeout(TIME).build(), HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                answer.body().close();
                throw Fault.of(answer.statusCode() == 404 ? Fault.Kind.NOT_FOUND : Fault.Kind.UNAVAILABLE, "fetch", "\"" + address + "\"", "invalid response status " + answer.statusCode());
            }
            MessageDigest hasher = Digest.hasher();
            try (InputStream in = answer.body(); OutputStream out = Files.newOutputStream(path)) {
                byte[] buffer = new byte[1 << 16];
                long size = 0;
                for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                    size += got;
                    if (size > LONGEST) {
                        throw Fault.of(Fault.Kind.EXHAUSTED, "fetch", "\"" + address + "\"", "it has more than " + LONGEST + " bytes");
                    }
                    hasher.update(buffer, 0, got);
                    out.write(buffer, 0, got);
                }
            }
            String whole = uri.getPath() == null ? "" : uri.getPath();
            return new File(path, whole.substring(whole.lastIndexOf('/') + 1), Digest.of(Digest.Algorithm.SHA256, hasher.digest()));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "fetch", "\"" + address + "\"", String.valueOf(e.getMessage())).cause(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(Fault.Kind.CANCELLED, "fetch", "\"" + address + "\"", "interrupted");
        }
    }
}
