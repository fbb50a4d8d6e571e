package dev.carafe.bootstrap;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tukaani.xz.XZInputStream;

/** Archives of packages: signed releases, their indexes, and the files of packages; whatever is read has the hash that the release leads to. */
final class PackageArchive implements AutoCloseable {
    private static final int LONGEST_RELEASE = 16 << 20;
    private static final int ATTEMPTS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What a suite has. @param date of its release, which everything of an image is dated to */
    record Suite(Instant date, List<DebPackage> packages) {}

    private final HttpClient client;

    PackageArchive(ProxySelector proxies) {
        client = HttpClient.newBuilder().proxy(proxies).followRedirects(HttpClient.Redirect.NORMAL).connectTimeout(Duration.ofSeconds(20)).build();
    }

    /** Reads a suite, whose release must be signed by one of the keys. */
    Suite suite(AptSource source, String architecture, OpenPgp keys) {
        URI directory = source.archive().resolve("dists/" + source.suite() + "/");
        String object = "\"" + directory.resolve("InRelease") + "\"";
        String release = keys.verified(new String(read(directory.resolve("InRelease"), LONGEST_RELEASE), StandardCharsets.UTF_8), object);
        Map<String, String> fields = Stanzas.parse(release).getFirst();
        if (fields.containsKey("valid-until") && date(fields.get("valid-until"), object).isBefore(Instant.now())) {
            throw Fault.of(Fault.Kind.CONFLICT, "read release", object, "it was valid until " + fields.get("valid-until"));
        }
        Map<String, String[]> hashes = new HashMap<>();
        for (String line : fields.getOrDefault("sha256", "").split("\n")) {
            String[] words = line.strip().split("\\s+");
            if (words.length == 3) {
                hashes.put(words[2], words);
            }
        }
        var packages = new ArrayList<DebPackage>();
        for (String component : source.components()) {
            String index = component + "/binary-" + architecture + "/Packages";
            String packed = hashes.containsKey(index + ".xz") ? index + ".xz" : index + ".gz";
            String[] hash = hashes.get(packed);
            if (hash == null) {
                throw Fault.notFound("read release", object, "it has no " + index);
            }
            byte[] bytes = read(directory.resolve(packed), Integer.parseInt(hash[1]) + 1);
            check(bytes, hash[0], "\"" + directory.resolve(packed) + "\"");
            try (InputStream in = packed.endsWith(".xz") ? new XZInputStream(new ByteArrayInputStream(bytes)) : new java.util.zip.GZIPInputStream(new ByteArrayInputStream(bytes))) {
                for (Map<String, String> each : Stanzas.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8))) {
                    packages.add(DebPackage.of(each, source.archive()));
                }
            } catch (IOException e) {
                throw Fault.of(Fault.Kind.CORRUPT, "read", "\"" + directory.resolve(packed) + "\"", String.valueOf(e.getMessage())).cause(e);
            }
        }
        return new Suite(date(fields.getOrDefault("date", ""), object), packages);
    }

    private static Instant date(String text, String object) {
        try {
            return ZonedDateTime.parse(text.replace(" UTC", " GMT"), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeParseException e) {
            throw Fault.invalid("read release", object, "no date in \"" + text + "\"");
        }
    }

    private static void check(byte[] bytes, String sha256, String object) {
        if (!Digest.sha256(bytes).hex().equals(sha256)) {
            throw Fault.of(Fault.Kind.CORRUPT, "read", object, "it has another hash than the release says");
        }
    }

    /** The file of a package, in that directory; one that is there with the right hash is not fetched. */
    Path fetch(DebPackage wanted, Path directory, List<Path> caches) {
        Path target = directory.resolve(wanted.name() + ".deb");
        String pool = wanted.file().getPath();
        // As apt names what it has fetched: with the version's colon escaped, and the architecture as in the archive.
        String cached = wanted.name() + "_" + wanted.version().text().replace(":", "%3a") + pool.substring(Math.max(0, pool.lastIndexOf('_')));
        try {
            for (Path cache : caches) {
                Path file = cache.resolve(cached);
                if (Files.isReadable(file) && Files.size(file) == wanted.size()) {
                    byte[] bytes = Files.readAllBytes(file);
                    if (Digest.sha256(bytes).hex().equals(wanted.sha256())) {
                        return Files.write(target, bytes);
                    }
                }
            }
            byte[] bytes = read(wanted.file(), (int) Math.min(Integer.MAX_VALUE - 8, wanted.size() + 1));
            check(bytes, wanted.sha256(), "\"" + wanted.file() + "\"");
            Path draft = directory.resolve(wanted.name() + ".part");
            Files.write(draft, bytes);
            return Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "keep package", "\"" + target + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private byte[] read(URI uri, int limit) {
        String object = "\"" + uri + "\"";
        for (int attempt = 1; ; attempt++) {
            try {
                if (uri.getScheme().equals("file")) {
                    return Files.readAllBytes(Path.of(uri));
                }
                HttpResponse<InputStream> response = client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).header("User-Agent", "carafe/0.1").build(), HttpResponse.BodyHandlers.ofInputStream());
                try (InputStream in = response.body()) {
                    if (response.statusCode() == 404) {
                        throw Fault.notFound("fetch", object, "the archive does not have it (HTTP 404)");
                    }
                    byte[] bytes = in.readNBytes(limit);
                    if (response.statusCode() == 200) {
                        return bytes;
                    }
                }
                if (attempt == ATTEMPTS || response.statusCode() < 500) {
                    throw Fault.of(Fault.Kind.UNAVAILABLE, "fetch", object, "the archive answers with HTTP " + response.statusCode());
                }
            } catch (IOException e) {
                if (attempt == ATTEMPTS || uri.getScheme().equals("file")) {
                    throw Fault.of(Fault.Kind.UNAVAILABLE, "fetch", object, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()).cause(e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.of(Fault.Kind.CANCELLED, "fetch", object, "interrupted");
            }
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
