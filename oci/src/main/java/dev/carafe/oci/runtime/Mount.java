package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;
import java.util.Optional;

/**
 * One mount of a container, done in the order of the list (runtime-spec config.md#mounts).
 *
 * @param destination where, in the container
 * @param type the file system's type; a dummy for bind mounts
 * @param source a device, a file or directory on the host for bind mounts (relative to the bundle unless absolute), or a
 *     dummy
 * @param options as for mount(8)
 * @param uidMappings an id-mapped mount's user ids
 * @param gidMappings an id-mapped mount's group ids
 */
public record Mount(String destination, Optional<String> type, Optional<String> source, List<String> options,
        List<IdMapping> uidMappings, List<IdMapping> gidMappings) implements JsonForm {
    public Mount {
        options = List.copyOf(options);
        uidMappings = List.copyOf(uidMappings);
        gidMappings = List.copyOf(gidMappings);
    }

    public static Mount parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md#mounts");
        Fields idMapped = in.section("runtime-spec config.md#posix-platform-mounts");
        var parsed = new Mount(
                fields.string("destination"),
                fields.optionalString("type"),
                fields.optionalString("source"),
                fields.strings("options"),
                idMapped.objects("uidMappings", IdMapping::parse),
                idMapped.objects("gidMappings", IdMapping::parse));
        if (parsed.uidMappings.isEmpty() != parsed.gidMappings.isEmpty()) {
            throw idMapped.fault("uidMappings and gidMappings must be given together");
        }
        return parsed;
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("destination", destination)
                .optional("type", type)
                .optional("source", source)
                .list("options", options)
                .list("uidMappings", uidMappings)
                .list("gidMappings", gidMappings)
                .json();
    }

    /** A mount without id mappings. */
    public static Mount of(String destination, String type, String source, String... options) {
        return builder(destination).type(type).source(source).options(List.of(options)).build();
    }

    /** Starts with everything absent but these. */
    public static Builder builder(String destination) {
        return new Builder(destination);
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder(destination);
        builder.type = type;
        builder.source = source;
        builder.options = options;
        builder.uidMappings = uidMappings;
        builder.gidMappings = gidMappings;
        return builder;
    }

    /** Collects the components of a {@link Mount}; each method replaces what was set before. */
    public static final class Builder {
        private String destination;
        private Optional<String> type = Optional.empty();
        private Optional<String> source = Optional.empty();
        private List<String> options = List.of();
        private List<IdMapping> uidMappings = List.of();
        private List<IdMapping> gidMappings = List.of();

        private Builder(String destination) {
            this.destination = destination;
        }

        public Builder destination(String value) {
            destination = value;
            return this;
        }

        public Builder type(String value) {
            return type(Optional.of(value));
        }

        public Builder type(Optional<String> value) {
            type = value;
            return this;
        }

        public Builder source(String value) {
            return source(Optional.of(value));
        }

        public Builder source(Optional<String> value) {
            source = value;
            return this;
        }

        public Builder options(List<String> values) {
            options = values;
            return this;
        }

        public Builder uidMappings(List<IdMapping> values) {
            uidMappings = values;
            return this;
        }

        public Builder gidMappings(List<IdMapping> values) {
            gidMappings = values;
            return this;
        }

        public Mount build() {
            return new Mount(destination, type, source, options, uidMappings, gidMappings);
        }
    }
}
