package dev.carafe.transport.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * One file of credentials: docker's {@code config.json} and the {@code auth.json} of containers-auth.json(5), which share their
 * form. Fields that are not about credentials stay as they are; the file is replaced in one step and its user's alone (0600).
 */
final class CredentialFile {
    private static final int LONGEST = 16 << 20;
    private static final String AUTHS = "auths";

    private final Path path;
    private final Map<String, String> environment;

    CredentialFile(Path path, Map<String, String> environment) {
        this.path = path;
        this.environment = environment;
    }

    Path path() {
        return path;
    }

    /**
     * What the file, or a helper that it names, has for a registry or a repository in it.
     *
     * @param keys under which names to look, the closest first
     */
    Optional<Credentials> find(List<String> keys) {
        JsonObject content = read();
        for (String key : keys) {
            Optional<CredentialHelper> own = member(content, "credHelpers").flatMap(helpers -> helper(helpers.get(key)));
            if (own.isPresent()) {
                return own.get().get(server(key));
            }
        }
        Optional<CredentialHelper> common = helper(content.get("credsStore"));
        for (String key : keys) {
            if (common.isPresent() && key.indexOf('/') < 0) {
                Optional<Credentials> kept = common.get().get(server(key));
                if (kept.isPresent()) {
                    return kept;
                }
            }
            Optional<Credentials> here = member(content, AUTHS).flatMap(auths -> entry(auths, key));
            if (here.isPresent()) {
                return here;
            }
        }
        return Optional.empty();
    }

    private static Optional<Credentials> entry(JsonObject auths, String key) {
        for (Map.Entry<String, JsonElement> entry : auths.entrySet()) {
            if (entry.getValue() instanceof JsonObject object && plain(entry.getKey()).equals(key)) {
                Optional<Credentials> found = credentials(object);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Credentials> credentials(JsonObject object) {
        String token = text(object, "identitytoken");
        if (!token.isEmpty()) {
            return Optional.of(new Credentials("", "", Optional.of(token)));
        }
        String auth = text(object, "auth");
        if (auth.isEmpty()) {
            String user = text(object, "username");
            return user.isEmpty() ? Optional.empty() : Optional.of(Credentials.of(user, text(object, "password")));
        }
        try {
            String decoded = new String(Base64.getMimeDecoder().decode(auth), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            // Old clients padded the password with NUL.
            return colon < 0 ? Optional.empty()
                    : Optional.of(Credentials.of(decoded.substring(0, colon), decoded.substring(colon + 1).replaceAll("\0+$", "")));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static String text(JsonObject object, String name) {
        return object.get(name) instanceof com.google.gson.JsonPrimitive value && value.isString() ? value.getAsString() : "";
    }

    /** Keys may be addresses of old: {@code https://index.docker.io/v1/}. */
    static String plain(String key) {
        String host = key.startsWith("https://") ? key.substring(8) : key.startsWith("http://") ? key.substring(7) : key;
        if (!host.equals(key) || host.endsWith("/v1/") || host.endsWith("/v2/") || host.endsWith("/v1") || host.endsWith("/v2")) {
            int slash = host.indexOf('/');
            host = slash < 0 ? host : host.substring(0, slash);
        }
        host = host.endsWith("/") ? host.substring(0, host.length() - 1) : host;
        return host.equals("index.docker.io") || host.equals("registry-1.docker.io") ? "docker.io" : host;
    }

    /** What docker calls a registry towards helpers and in its file. */
    static String server(String key) {
        return key.equals("docker.io") ? "https://index.docker.io/v1/" : key;
    }

    private Optional<CredentialHelper> helper(@org.jspecify.annotations.Nullable JsonElement name) {
        return name != null && name.isJsonPrimitive() && !name.getAsString().isEmpty() ? Optional.of(new CredentialHelper(name.getAsString(), environment)) : Optional.empty();
    }

    /** Keeps credentials, with the helper that the file names for them, or in the file. */
    void store(String key, Credentials credentials) {
        Optional<CredentialHelper> helper = helperFor(read(), key);
        if (helper.isPresent()) {
            helper.get().store(server(key), credentials);
        }
        change(content -> {
            JsonObject auths = member(content, AUTHS).orElseGet(JsonObject::new);
            remove(auths, key);
            var entry = new JsonObject();
            if (helper.isEmpty() && credentials.identityToken().isPresent()) {
                entry.addProperty("auth", credentials.encoded());
                entry.addProperty("identitytoken", credentials.identityToken().get());
            } else if (helper.isEmpty()) {
                entry.addProperty("auth", credentials.encoded());
            }
            auths.add(server(key), entry);
            content.add(AUTHS, auths);
            return content;
        });
    }

    /** Forgets credentials; false when there were none. */
    boolean erase(String key) {
        JsonObject now = read();
        Optional<CredentialHelper> helper = helperFor(now, key);
        boolean had = helper.isPresent() && helper.get().erase(server(key));
        had |= member(now, AUTHS).filter(auths -> remove(auths.deepCopy(), key)).isPresent();
        if (had) {
            change(content -> {
                member(content, AUTHS).ifPresent(auths -> remove(auths, key));
                return content;
            });
        }
        return had;
    }

    /** The registries for which it has anything. */
    TreeSet<String> keys() {
        var keys = new TreeSet<String>();
        member(read(), AUTHS).ifPresent(auths -> auths.keySet().forEach(key -> keys.add(plain(key))));
        return keys;
    }

    private Optional<CredentialHelper> helperFor(JsonObject content, String key) {
        return member(content, "credHelpers").flatMap(helpers -> helper(helpers.get(key))).or(() -> helper(content.get("credsStore")));
    }

    private static boolean remove(JsonObject auths, String key) {
        boolean found = false;
        for (String name : List.copyOf(auths.keySet())) {
            if (plain(name).equals(key)) {
                auths.remove(name);
                found = true;
            }
        }
        return found;
    }

    private static Optional<JsonObject> member(JsonObject content, String name) {
        return content.get(name) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
    }

    /** Its whole content; empty when it is not there. */
    private JsonObject read() {
        try {
            if (Files.size(path) > LONGEST) {
                throw Fault.of(Fault.Kind.EXHAUSTED, "read", "\"" + path + "\"", "longer than " + LONGEST + " bytes");
            }
            byte[] bytes = Files.readAllBytes(path);
            return new String(bytes, StandardCharsets.UTF_8).isBlank() ? new JsonObject() : Json.parseObject("\"" + path + "\"", bytes);
        } catch (NoSuchFileException absent) {
            return new JsonObject();
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + path + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** Two that log in at once both stay: the file is read and replaced under a lock. */
    private void change(UnaryOperator<JsonObject> change) {
        try {
            Path directory = path.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            // A link may lead to where the file really is.
            Path real = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
            Path lock = real.resolveSibling("." + real.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock();
                JsonObject content = change.apply(read());
                Path draft = Files.createTempFile(real.getParent(), "." + real.getFileName(), "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(draft, Json.pretty(content, "\t") + "\n");
                Files.move(draft, real, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "\"" + path + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }
}
