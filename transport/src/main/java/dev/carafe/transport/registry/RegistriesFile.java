package dev.carafe.transport.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Reference;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What containers-registries.conf(5) says: where short names are looked for, and for each prefix of names whether it is blocked,
 * where it really is, how it is spoken to, and which mirrors are asked first.
 *
 * @param search registries for short names, in order
 * @param aliases what short names stand for
 * @param rules by prefix
 */
record RegistriesFile(List<String> search, Map<String, String> aliases, Map<String, Rule> rules) {
    /** When a mirror may be asked. */
    enum PullFrom { ALL, DIGEST_ONLY, TAG_ONLY }

    /** Another place of the same images. */
    record Mirror(String location, boolean insecure, PullFrom pull) {}

    /**
     * What holds for names that begin with a prefix.
     *
     * @param location what stands in the prefix' place; empty for the prefix itself
     */
    record Rule(String prefix, String location, boolean insecure, boolean blocked, List<Mirror> mirrors) {}

    /** The user's file or else the machine's, then what lies in their directories, by name; what comes later goes before. */
    static RegistriesFile load(RegistrySettings settings) {
        var search = new ArrayList<String>();
        var aliases = new LinkedHashMap<String, String>();
        var rules = new TreeMap<String, Rule>();
        Path own = settings.variable("XDG_CONFIG_HOME").map(Path::of).orElseGet(() -> settings.home(".config")).resolve("containers");
        Path machine = Path.of("/etc/containers");
        Path main = settings.variable("CONTAINERS_REGISTRIES_CONF").map(Path::of)
                .orElseGet(() -> own.resolve("registries.conf").toFile().exists() ? own.resolve("registries.conf") : machine.resolve("registries.conf"));
        var files = new ArrayList<Path>();
        if (Files.exists(main)) {
            files.add(main);
        }
        Optional<Path> only = settings.variable("CONTAINERS_REGISTRIES_CONF_DIR").map(Path::of);
        for (Path directory : only.map(List::of).orElseGet(() -> List.of(machine.resolve("registries.conf.d"), own.resolve("registries.conf.d")))) {
            files.addAll(parts(directory));
        }
        for (Path file : files) {
            JsonObject content;
            try {
                content = Toml.parse("\"" + file + "\"", Files.readString(file));
            } catch (IOException e) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
            }
            read(content, file, search, aliases, rules);
        }
        return new RegistriesFile(List.copyOf(search), aliases, rules);
    }

    private static List<Path> parts(Path directory) {
        var parts = new ArrayList<Path>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.conf")) {
                found.forEach(parts::add);
            } catch (IOException e) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + directory + "\"", String.valueOf(e.getMessage())).cause(e);
            }
        }
        parts.sort(null);
        return parts;
    }

    private static void read(JsonObject content, Path file, List<String> search, Map<String, String> aliases, Map<String, Rule> rules) {
        if (content.has("registries") && content.get("registries").isJsonObject()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "read", "\"" + file + "\"", "it is in version 1 of the form, with a table \"registries\"")
                    .hint("use [[registry]] and unqualified-search-registries");
        }
        if (content.get("unqualified-search-registries") instanceof JsonArray list) {
            search.clear();
            list.forEach(each -> search.add(each.getAsString()));
        }
        if (content.get("aliases") instanceof JsonObject table) {
            table.entrySet().forEach(alias -> aliases.put(alias.getKey(), alias.getValue().getAsString()));
        }
        if (content.get("registry") instanceof JsonArray list) {
            for (JsonElement each : list) {
                Rule rule = rule(each.getAsJsonObject(), file);
                rules.put(rule.prefix(), rule);
            }
        }
    }

    private static Rule rule(JsonObject table, Path file) {
        String location = text(table, "location");
        String prefix = text(table, "prefix");
        prefix = prefix.isEmpty() ? location : prefix;
        if (prefix.isEmpty()) {
            throw Fault.invalid("read", "\"" + file + "\"", "a [[registry]] has neither prefix nor location");
        }
        boolean byDigest = flag(table, "mirror-by-digest-only");
        var mirrors = new ArrayList<Mirror>();
        if (table.get("mirror") instanceof JsonArray list) {
            for (JsonElement each : list) {
                JsonObject mirror = each.getAsJsonObject();
                PullFrom pull = switch (text(mirror, "pull-from-mirror")) {
                    case "" -> byDigest ? PullFrom.DIGEST_ONLY : PullFrom.ALL;
                    case "all" -> PullFrom.ALL;
                    case "digest-only" -> PullFrom.DIGEST_ONLY;
                    case "tag-only" -> PullFrom.TAG_ONLY;
                    default -> throw Fault.invalid("read", "\"" + file + "\"", "pull-from-mirror is all, digest-only or tag-only");
                };
                mirrors.add(new Mirror(text(mirror, "location"), flag(mirror, "insecure"), pull));
            }
        }
        return new Rule(prefix, location, flag(table, "insecure"), flag(table, "blocked"), mirrors);
    }

    private static String text(JsonObject table, String name) {
        String value = table.has(name) ? table.get(name).getAsString() : "";
        return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
    }

    private static boolean flag(JsonObject table, String name) {
        return table.has(name) && table.get(name).getAsBoolean();
    }

    /** The rule with the longest prefix of a name. */
    Optional<Rule> rule(Reference reference) {
        String name = reference.toString();
        Optional<Rule> best = Optional.empty();
        for (Rule rule : rules.values()) {
            if (matched(rule.prefix(), name) > 0 && (best.isEmpty() || rule.prefix().length() > best.get().prefix().length())) {
                best = Optional.of(rule);
            }
        }
        return best;
    }

    /** How much of a name a prefix stands for: {@code *.a.b} stands for one host below {@code a.b}; 0 for nothing. */
    static int matched(String prefix, String name) {
        if (prefix.startsWith("*.")) {
            int slash = name.indexOf('/');
            return Endpoint.host(name.substring(0, slash)).endsWith(prefix.substring(1)) ? slash : 0;
        }
        boolean whole = name.startsWith(prefix) && (name.length() == prefix.length() || "/:@".indexOf(name.charAt(prefix.length())) >= 0);
        return whole ? prefix.length() : 0;
    }
}
