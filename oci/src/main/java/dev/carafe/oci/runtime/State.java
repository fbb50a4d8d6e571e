package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.Json;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The state of a container, as {@code state} prints it and hooks read it (runtime-spec runtime.md#state).
 *
 * @param ociVersion the version of the runtime-spec
 * @param id the container's id, unique on the host
 * @param status where in its life it is
 * @param pid its process, where there is one
 * @param bundle the absolute path of its bundle
 * @param annotations those of its configuration
 */
public record State(String ociVersion, String id, Status status, Optional<Integer> pid, String bundle,
        Map<String, String> annotations) implements JsonForm {
    /** Where in its life a container is; {@link #PAUSED} is the one that runtimes add. */
    public enum Status {
        CREATING, CREATED, RUNNING, STOPPED, PAUSED;

        /** The spec's word. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public State {
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    /** Reads a whole document, which faults call {@code state.json}. */
    public static State parse(String text) {
        return parse(Fields.of("state.json", Json.parseObject("state.json", text)));
    }

    /** Reads a whole document from UTF-8, which faults call {@code state.json}. */
    public static State parse(byte[] utf8) {
        return parse(Fields.of("state.json", Json.parseObject("state.json", utf8)));
    }

    public static State parse(Fields in) {
        Fields fields = in.section("runtime-spec runtime.md#state");
        return new State(
                fields.string("ociVersion"),
                fields.string("id"),
                fields.oneOf("status", Status.values()),
                fields.optionalRange("pid", 0, Integer.MAX_VALUE),
                fields.string("bundle"),
                fields.stringMap("annotations"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("ociVersion", ociVersion)
                .put("id", id)
                .put("status", status)
                .optional("pid", pid)
                .put("bundle", bundle)
                .map("annotations", annotations)
                .json();
    }

    /** Starts with everything absent but these. */
    public static Builder builder(String ociVersion, String id, Status status, String bundle) {
        return new Builder(ociVersion, id, status, bundle);
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder(ociVersion, id, status, bundle);
        builder.pid = pid;
        builder.annotations = annotations;
        return builder;
    }

    /** Collects the components of a {@link State}; each method replaces what was set before. */
    public static final class Builder {
        private String ociVersion;
        private String id;
        private Status status;
        private Optional<Integer> pid = Optional.empty();
        private String bundle;
        private Map<String, String> annotations = Map.of();

        private Builder(String ociVersion, String id, Status status, String bundle) {
            this.ociVersion = ociVersion;
            this.id = id;
            this.status = status;
            this.bundle = bundle;
        }

        public Builder ociVersion(String value) {
            ociVersion = value;
            return this;
        }

        public Builder id(String value) {
            id = value;
            return this;
        }

        public Builder status(Status value) {
            status = value;
            return this;
        }

        public Builder pid(int value) {
            return pid(Optional.of(value));
        }

        public Builder pid(Optional<Integer> value) {
            pid = value;
            return this;
        }

        public Builder bundle(String value) {
            bundle = value;
            return this;
        }

        public Builder annotations(Map<String, String> values) {
            annotations = values;
            return this;
        }

        public State build() {
            return new State(ociVersion, id, status, pid, bundle, annotations);
        }
    }
}
