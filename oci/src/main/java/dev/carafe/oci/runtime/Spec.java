package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.Json;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of a container: the {@code config.json} of a bundle (runtime-spec config.md).
 *
 * @param ociVersion the version of the runtime-spec that it follows
 * @param process what runs; needed to start
 * @param root the root file system
 * @param hostname the name of its UTS namespace
 * @param domainname the domain name of its UTS namespace
 * @param mounts beyond the root, in order
 * @param hooks programs that run at points of its life
 * @param annotations anything else, by reverse domain name
 * @param linux what it needs of Linux
 */
public record Spec(String ociVersion, Optional<Process> process, Optional<Root> root, Optional<String> hostname,
        Optional<String> domainname, List<Mount> mounts, Optional<Hooks> hooks, Map<String, String> annotations,
        Optional<Linux> linux) implements JsonForm {
    /** The newest version of the runtime-spec whose fields these records have. */
    public static final String VERSION = "1.3.0";

    public Spec {
        mounts = List.copyOf(mounts);
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    /** Reads a whole document, which faults call {@code config.json}. */
    public static Spec parse(String text) {
        return parse(Fields.of("config.json", Json.parseObject("config.json", text)));
    }

    /** Reads a whole document from UTF-8, which faults call {@code config.json}. */
    public static Spec parse(byte[] utf8) {
        return parse(Fields.of("config.json", Json.parseObject("config.json", utf8)));
    }

    public static Spec parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md");
        return new Spec(
                fields.string("ociVersion"),
                fields.optionalObject("process", Process::parse),
                fields.optionalObject("root", Root::parse),
                fields.optionalString("hostname"),
                fields.optionalString("domainname"),
                fields.objects("mounts", Mount::parse),
                fields.optionalObject("hooks", Hooks::parse),
                fields.stringMap("annotations"),
                fields.optionalObject("linux", Linux::parse));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("ociVersion", ociVersion)
                .optional("process", process)
                .optional("root", root)
                .optional("hostname", hostname)
                .optional("domainname", domainname)
                .list("mounts", mounts)
                .optional("hooks", hooks)
                .map("annotations", annotations)
                .optional("linux", linux)
                .json();
    }

    /** Starts with everything absent and {@link #VERSION}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.ociVersion = ociVersion;
        builder.process = process;
        builder.root = root;
        builder.hostname = hostname;
        builder.domainname = domainname;
        builder.mounts = mounts;
        builder.hooks = hooks;
        builder.annotations = annotations;
        builder.linux = linux;
        return builder;
    }

    /** Collects the components of a {@link Spec}; each method replaces what was set before. */
    public static final class Builder {
        private String ociVersion = VERSION;
        private Optional<Process> process = Optional.empty();
        private Optional<Root> root = Optional.empty();
        private Optional<String> hostname = Optional.empty();
        private Optional<String> domainname = Optional.empty();
        private List<Mount> mounts = List.of();
        private Optional<Hooks> hooks = Optional.empty();
        private Map<String, String> annotations = Map.of();
        private Optional<Linux> linux = Optional.empty();

        private Builder() {}

        public Builder ociVersion(String value) {
            ociVersion = value;
            return this;
        }

        public Builder process(Process value) {
            return process(Optional.of(value));
        }

        public Builder process(Optional<Process> value) {
            process = value;
            return this;
        }

        public Builder root(Root value) {
            return root(Optional.of(value));
        }

        public Builder root(Optional<Root> value) {
            root = value;
            return this;
        }

        public Builder hostname(String value) {
            return hostname(Optional.of(value));
        }

        public Builder hostname(Optional<String> value) {
            hostname = value;
            return this;
        }

        public Builder domainname(String value) {
            return domainname(Optional.of(value));
        }

        public Builder domainname(Optional<String> value) {
            domainname = value;
            return this;
        }

        public Builder mounts(List<Mount> values) {
            mounts = values;
            return this;
        }

        public Builder hooks(Hooks value) {
            return hooks(Optional.of(value));
        }

        public Builder hooks(Optional<Hooks> value) {
            hooks = value;
            return this;
        }

        public Builder annotations(Map<String, String> values) {
            annotations = values;
            return this;
        }

        public Builder linux(Linux value) {
            return linux(Optional.of(value));
        }

        public Builder linux(Optional<Linux> value) {
            linux = value;
            return this;
        }

        public Spec build() {
            return new Spec(ociVersion, process, root, hostname, domainname, mounts, hooks, annotations, linux);
        }
    }
}
