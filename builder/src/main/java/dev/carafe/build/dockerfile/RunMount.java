package dev.carafe.build.dockerfile;

import dev.carafe.base.ByteSize;
import dev.carafe.base.Fault;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What {@code RUN --mount} asks for (Dockerfile reference, "RUN --mount"), variables replaced. Targets may be relative to the working directory. */
public sealed interface RunMount {
    /** How builds that use one cache at a time get along. */
    enum Sharing {
        SHARED, PRIVATE, LOCKED
    }

    /** Files of the context, a stage or an image. @param writable whether the command may write there; what it writes is lost */
    record Bind(Optional<String> from, String source, String target, boolean writable) implements RunMount {
    }

    /** A directory that outlives the build. @param from what it begins with */
    record Cache(String id, String target, boolean readOnly, Sharing sharing, Optional<String> from, String source, int mode, int uid, int gid) implements RunMount {
    }

    /** A file system in memory. */
    record Tmpfs(String target, Optional<Long> bytes) implements RunMount {
    }

    /** A secret, as a file or a variable. @param required whether a build without it fails */
    record Secret(String id, Optional<String> target, Optional<String> variable, boolean required, int mode, int uid, int gid) implements RunMount {
    }

    /** The socket of an agent that holds keys. */
    record Ssh(String id, Optional<String> target, boolean required, int mode, int uid, int gid) implements RunMount {
    }

    /** @param line for faults */
    static RunMount parse(String text, int line) {
        return new Reader(text, line).mount();
    }

    /** The pairs of one mount, parted at commas. */
    final class Reader {
        private static final List<String> KNOWN = List.of("type", "from", "source", "src", "target", "dst", "destination", "readonly", "ro", "readwrite", "rw", "id", "sharing",
                "required", "size", "mode", "uid", "gid", "env");

        private final int line;
        private final Map<String, String> pairs = new HashMap<>();

        private Reader(String text, int line) {
            this.line = line;
            for (String field : CommaFields.of(text)) {
                int equals = field.indexOf('=');
                String name = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
                if (!KNOWN.contains(name)) {
                    throw refused("unexpected key '" + name + "' in '" + field + "'" + Nearest.suggestion(name, KNOWN, ""));
                }
                if (equals < 0 && !List.of("readonly", "ro", "readwrite", "rw", "required").contains(name)) {
                    throw refused("invalid field '" + field + "' must be a key=value pair");
                }
                pairs.put(switch (name) {
                    case "src" -> "source";
                    case "dst", "destination" -> "target";
                    case "ro" -> "readonly";
                    case "rw" -> "readwrite";
                    default -> name;
                }, equals < 0 ? "true" : field.substring(equals + 1));
            }
        }

        private Fault refused(String reason) {
            return ParseFault.at(line, reason);
        }

        private Optional<String> text(String name) {
            return Optional.ofNullable(pairs.get(name));
        }

        private boolean on(String name) {
            String value = pairs.getOrDefault(name, "false");
            if (!value.equals("true") && !value.equals("false")) {
                throw refused("invalid value for " + name + ": " + value);
            }
            return value.equals("true");
        }

        private int number(String name, int radix, int usual) {
            try {
                return text(name).map(text -> Integer.parseUnsignedInt(text, radix)).orElse(usual);
            } catch (NumberFormatException e) {
                throw refused("invalid value " + pairs.get(name) + " for " + name);
            }
        }

        private void only(String type, List<String> allowed) {
            for (String name : pairs.keySet()) {
                if (!name.equals("type") && !allowed.contains(name)) {
                    throw refused("unexpected key '" + name + "' for mount type '" + type + "'");
                }
            }
        }

        private String target() {
            return text("target").filter(t -> !t.isEmpty()).orElseThrow(() -> refused("\"" + pairs.getOrDefault("type", "bind") + "\" mount target is required"));
        }

        private RunMount mount() {
            String type = pairs.getOrDefault("type", "bind").toLowerCase(Locale.ROOT);
            return switch (type) {
                case "bind" -> {
                    only(type, List.of("from", "source", "target", "readonly", "readwrite"));
                    yield new Bind(text("from"), pairs.getOrDefault("source", "/"), target(), on("readwrite") || pairs.getOrDefault("readonly", "true").equals("false"));
                }
                case "cache" -> cache(type);
                case "tmpfs" -> {
                    only(type, List.of("target", "size"));
                    yield new Tmpfs(target(), text("size").map(size -> ByteSize.parse(size).bytes()));
                }
                case "secret" -> {
                    only(type, List.of("id", "source", "target", "env", "required", "mode", "uid", "gid"));
                    Optional<String> named = text("id").or(() -> text("source"));
                    Optional<String> target = text("target");
                    if (named.isEmpty() && target.isEmpty()) {
                        throw refused("one of source, target required");
                    }
                    String id = named.orElseGet(() -> target.get().substring(target.get().lastIndexOf('/') + 1));
                    yield new Secret(id, target.or(() -> text("env").isPresent() ? Optional.empty() : Optional.of("/run/secrets/" + id)), text("env"), on("required"),
                            number("mode", 8, 0400), number("uid", 10, 0), number("gid", 10, 0));
                }
                case "ssh" -> {
                    only(type, List.of("id", "source", "target", "required", "mode", "uid", "gid"));
                    yield new Ssh(text("id").or(() -> text("source")).orElse("default"), text("target"), on("required"), number("mode", 8, 0600), number("uid", 10, 0),
                            number("gid", 10, 0));
                }
                default -> throw refused("unsupported mount type \"" + type + "\"" + Nearest.suggestion(type, List.of("bind", "cache", "tmpfs", "secret", "ssh"), ""));
            };
        }

        private RunMount cache(String type) {
            only(type, List.of("id", "from", "source", "target", "readonly", "readwrite", "sharing", "mode", "uid", "gid"));
            String target = target();
            Sharing sharing = switch (pairs.getOrDefault("sharing", "shared").toLowerCase(Locale.ROOT)) {
                case "shared" -> Sharing.SHARED;
                case "private" -> Sharing.PRIVATE;
                case "locked" -> Sharing.LOCKED;
                default -> throw refused("unsupported sharing value \"" + pairs.get("sharing") + "\"");
            };
            return new Cache(text("id").orElse(target), target, on("readonly"), sharing, text("from"), pairs.getOrDefault("source", "/"), number("mode", 8, 0755),
                    number("uid", 10, 0), number("gid", 10, 0));
        }
    }
}
