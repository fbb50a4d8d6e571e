package dev.carafe.cli.sync;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The file that {@code sync --src yaml} reads, as skopeo-sync(1) has it: for each registry, what to copy from it.
 *
 * @param registries in the order of the file
 */
public record SyncFile(List<Registry> registries) {
    private static final Set<String> KNOWN = Set.of("images", "images-by-tag-regex", "images-by-semver", "credentials", "tls-verify", "cert-dir");

    /** @param user name and password, separated by a colon; to be used instead of any others */
    public record Registry(String domain, List<Repository> repositories, Optional<String> user, Optional<Boolean> tlsVerify, Optional<String> certificates) {}

    /**
     * Images of one repository.
     *
     * @param references tags and digests; none, if the registry is to be asked for its tags
     * @param tags which of those
     */
    public record Repository(String path, List<String> references, Predicate<String> tags) {}

    /** Reads a file. @param name by which faults call it */
    public static SyncFile parse(String name, String text) {
        Object top;
        try {
            top = new Load(LoadSettings.builder().setLabel(name).setMaxAliasesForCollections(10).build()).loadFromString(text);
        } catch (YamlEngineException e) {
            throw Fault.invalid("read", "\"" + name + "\"", String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip());
        }
        var registries = new ArrayList<Registry>();
        new Node(name, "", top == null ? Map.of() : top).map().forEach((domain, node) -> registries.add(registry(domain, node)));
        return new SyncFile(registries);
    }

    private static Registry registry(String domain, Node node) {
        Map<String, Node> parts = node.map();
        for (Map.Entry<String, Node> part : parts.entrySet()) {
            if (!KNOWN.contains(part.getKey())) {
                throw part.getValue().fault("no such field; expected one of " + String.join(", ", KNOWN.stream().sorted().toList()));
            }
        }
        var repositories = new ArrayList<Repository>();
        parts.getOrDefault("images", node.nothing()).map().forEach((path, references) -> repositories.add(new Repository(path, references.texts(), tag -> true)));
        parts.getOrDefault("images-by-tag-regex", node.nothing()).map().forEach((path, pattern) -> repositories.add(new Repository(path, List.of(), regex(pattern))));
        parts.getOrDefault("images-by-semver", node.nothing()).map().forEach((path, range) -> repositories.add(new Repository(path, List.of(), versions(range))));
        Optional<String> user = Optional.empty();
        if (parts.containsKey("credentials")) {
            Map<String, Node> credentials = parts.get("credentials").map();
            user = Optional.of(credentials.getOrDefault("username", node.nothing()).text() + ":" + credentials.getOrDefault("password", node.nothing()).text());
        }
        return new Registry(domain, repositories, user, Optional.ofNullable(parts.get("tls-verify")).map(Node::truth), Optional.ofNullable(parts.get("cert-dir")).map(Node::text));
    }

    private static Predicate<String> regex(Node node) {
        try {
            Pattern pattern = Pattern.compile(node.text());
            return tag -> pattern.matcher(tag).find();
        } catch (PatternSyntaxException e) {
            throw node.fault("no regular expression: " + e.getDescription());
        }
    }

    private static Predicate<String> versions(Node node) {
        var ranges = new ArrayList<VersionRange>();
        for (String text : node.texts()) {
            try {
                ranges.add(VersionRange.parse(text));
            } catch (Fault fault) {
                throw node.fault(fault.reason());
            }
        }
        return tag -> ranges.stream().anyMatch(range -> range.holds(tag));
    }

    /** A value with the place where it stands, for faults. */
    private record Node(String file, String place, Object value) {
        Node nothing() {
            return new Node(file, place, Map.of());
        }

        Map<String, Node> map() {
            if (!(value instanceof Map<?, ?> map)) {
                throw fault("expected fields");
            }
            var fields = new LinkedHashMap<String, Node>();
            map.forEach((key, inner) -> fields.put(String.valueOf(key), new Node(file, place.isEmpty() ? String.valueOf(key) : place + " " + key, inner == null ? List.of() : inner)));
            return fields;
        }

        String text() {
            if (value instanceof Map<?, ?> || value instanceof List<?>) {
                throw fault("expected a text");
            }
            return String.valueOf(value);
        }

        /** Several texts, or one alone. */
        List<String> texts() {
            if (!(value instanceof List<?> list)) {
                return List.of(text());
            }
            return list.stream().map(each -> new Node(file, place, each == null ? "" : each).text()).toList();
        }

        boolean truth() {
            if (!(value instanceof Boolean truth)) {
                throw fault("expected true or false");
            }
            return truth;
        }

        Fault fault(String reason) {
            return Fault.invalid("read", "\"" + file + "\"", (place.isEmpty() ? "" : place + ": ") + reason);
        }
    }
}
