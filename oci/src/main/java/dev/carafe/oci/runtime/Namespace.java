package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Locale;
import java.util.Optional;

/**
 * A namespace that the container gets for itself, or joins (runtime-spec config-linux.md#namespaces).
 *
 * @param type which
 * @param path the namespace to join, absolute; absent: a new one
 */
public record Namespace(Type type, Optional<String> path) implements JsonForm {
    /** The kinds of namespaces; namespaces(7). */
    public enum Type {
        PID, NETWORK, MOUNT, IPC, UTS, USER, CGROUP, TIME;

        /** The spec's word, such as {@code network}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Namespace parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#namespaces");
        var parsed = new Namespace(
                fields.oneOf("type", Type.values()),
                fields.optionalString("path"));
        if (parsed.path.isPresent() && !parsed.path.get().startsWith("/")) {
            throw fields.fault("path", "expected an absolute path, found \"" + parsed.path.get() + "\"");
        }
        return parsed;
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("type", type)
                .optional("path", path)
                .json();
    }

    /** A new namespace. */
    public static Namespace of(Type type) {
        return new Namespace(type, Optional.empty());
    }

    /** The namespace at a path, which the container joins. */
    public static Namespace join(Type type, String path) {
        return new Namespace(type, Optional.of(path));
    }
}
