package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;

/**
 * The programs that run at the points of a container's life, each list in order (runtime-spec
 * config.md#posix-platform-hooks).
 *
 * @param prestart deprecated: like {@code createRuntime}, and before it
 * @param createRuntime in the runtime's namespaces, after the container's are made and before its pivot_root
 * @param createContainer in the container's namespaces, before its pivot_root; paths are the runtime's
 * @param startContainer in the container, before its program
 * @param poststart in the runtime's namespaces, once the program is started
 * @param poststop in the runtime's namespaces, once the container is deleted
 */
public record Hooks(List<Hook> prestart, List<Hook> createRuntime, List<Hook> createContainer, List<Hook> startContainer,
        List<Hook> poststart, List<Hook> poststop) implements JsonForm {
    public Hooks {
        prestart = List.copyOf(prestart);
        createRuntime = List.copyOf(createRuntime);
        createContainer = List.copyOf(createContainer);
        startContainer = List.copyOf(startContainer);
        poststart = List.copyOf(poststart);
        poststop = List.copyOf(poststop);
    }

    public static Hooks parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md#posix-platform-hooks");
        return new Hooks(
                fields.objects("prestart", Hook::parse),
                fields.objects("createRuntime", Hook::parse),
                fields.objects("createContainer", Hook::parse),
                fields.objects("startContainer", Hook::parse),
                fields.objects("poststart", Hook::parse),
                fields.objects("poststop", Hook::parse));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .list("prestart", prestart)
                .list("createRuntime", createRuntime)
                .list("createContainer", createContainer)
                .list("startContainer", startContainer)
                .list("poststart", poststart)
                .list("poststop", poststop)
                .json();
    }

    /** Starts with everything absent. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.prestart = prestart;
        builder.createRuntime = createRuntime;
        builder.createContainer = createContainer;
        builder.startContainer = startContainer;
        builder.poststart = poststart;
        builder.poststop = poststop;
        return builder;
    }

    /** Collects the components of a {@link Hooks}; each method replaces what was set before. */
    public static final class Builder {
        private List<Hook> prestart = List.of();
        private List<Hook> createRuntime = List.of();
        private List<Hook> createContainer = List.of();
        private List<Hook> startContainer = List.of();
        private List<Hook> poststart = List.of();
        private List<Hook> poststop = List.of();

        private Builder() {}

        public Builder prestart(List<Hook> values) {
            prestart = values;
            return this;
        }

        public Builder createRuntime(List<Hook> values) {
            createRuntime = values;
            return this;
        }

        public Builder createContainer(List<Hook> values) {
            createContainer = values;
            return this;
        }

        public Builder startContainer(List<Hook> values) {
            startContainer = values;
            return this;
        }

        public Builder poststart(List<Hook> values) {
            poststart = values;
            return this;
        }

        public Builder poststop(List<Hook> values) {
            poststop = values;
            return this;
        }

        public Hooks build() {
            return new Hooks(prestart, createRuntime, createContainer, startContainer, poststart, poststop);
        }
    }
}
