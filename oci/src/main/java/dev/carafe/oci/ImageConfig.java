package dev.carafe.oci;

import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The configuration of an image: what it runs on, how, and the layers of which its root file system is made (image-spec
 * config.md#properties).
 *
 * @param created when it was made
 * @param author who made it
 * @param architecture the CPU, in Go's words: {@code amd64}
 * @param os the operating system, in Go's words: {@code linux}
 * @param osVersion the version of the operating system, for Windows
 * @param osFeatures what the operating system must have
 * @param variant the variant of the CPU: {@code v8}
 * @param config how a container of it is run
 * @param diffIds the digest of each layer's tar bytes, base layer first; the document's {@code rootfs.diff_ids}
 * @param history how it was built, first step first
 */
public record ImageConfig(Optional<Instant> created, Optional<String> author, String architecture, String os,
        Optional<String> osVersion, List<String> osFeatures, Optional<String> variant, ContainerConfig config,
        List<Digest> diffIds, List<History> history) implements JsonForm {
    public ImageConfig {
        osFeatures = List.copyOf(osFeatures);
        diffIds = List.copyOf(diffIds);
        history = List.copyOf(history);
    }

    /** Reads a whole document, which faults call {@code image config}. */
    public static ImageConfig parse(String text) {
        return parse(Fields.of("image config", Json.parseObject("image config", text)));
    }

    /** Reads a whole document from UTF-8, which faults call {@code image config}. */
    public static ImageConfig parse(byte[] utf8) {
        return parse(Fields.of("image config", Json.parseObject("image config", utf8)));
    }

    public static ImageConfig parse(Fields in) {
        Fields fields = in.section("image-spec config.md#properties");
        return new ImageConfig(
                fields.optionalTime("created"),
                fields.optionalString("author"),
                fields.string("architecture"),
                fields.string("os"),
                fields.optionalString("os.version"),
                fields.strings("os.features"),
                fields.optionalString("variant"),
                fields.optionalObject("config", ContainerConfig::parse).orElse(ContainerConfig.EMPTY),
                fields.object("rootfs", ImageConfig::diffIds),
                fields.objects("history", History::parse));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .time("created", created)
                .optional("author", author)
                .put("architecture", architecture)
                .put("os", os)
                .optional("os.version", osVersion)
                .list("os.features", osFeatures)
                .optional("variant", variant)
                .put("config", config)
                .put("rootfs", new JsonFields().put("type", "layers").array("diff_ids", diffIds).json())
                .list("history", history)
                .json();
    }

    private static List<Digest> diffIds(Fields rootfs) {
        String type = rootfs.string("type");
        if (!type.equals("layers")) {
            throw rootfs.fault("type", "unknown value \"" + type + "\", expected layers");
        }
        return rootfs.digests("diff_ids");
    }

    /** What it runs on. */
    public Platform platform() {
        return new Platform(os, architecture, variant, osVersion, osFeatures);
    }

    /** The chain id of all its layers; absent for an image without any. */
    public Optional<Digest> chainId() {
        return diffIds.isEmpty() ? Optional.empty() : Optional.of(ChainId.of(diffIds));
    }

    /** Starts with everything absent but these. */
    public static Builder builder(String architecture, String os) {
        return new Builder(architecture, os);
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder(architecture, os);
        builder.created = created;
        builder.author = author;
        builder.osVersion = osVersion;
        builder.osFeatures = osFeatures;
        builder.variant = variant;
        builder.config = config;
        builder.diffIds = diffIds;
        builder.history = history;
        return builder;
    }

    /** Collects the components of a {@link ImageConfig}; each method replaces what was set before. */
    public static final class Builder {
        private Optional<Instant> created = Optional.empty();
        private Optional<String> author = Optional.empty();
        private String architecture;
        private String os;
        private Optional<String> osVersion = Optional.empty();
        private List<String> osFeatures = List.of();
        private Optional<String> variant = Optional.empty();
        private ContainerConfig config = ContainerConfig.EMPTY;
        private List<Digest> diffIds = List.of();
        private List<History> history = List.of();

        private Builder(String architecture, String os) {
            this.architecture = architecture;
            this.os = os;
        }

        public Builder created(Instant value) {
            return created(Optional.of(value));
        }

        public Builder created(Optional<Instant> value) {
            created = value;
            return this;
        }

        public Builder author(String value) {
            return author(Optional.of(value));
        }

        public Builder author(Optional<String> value) {
            author = value;
            return this;
        }

        public Builder architecture(String value) {
            architecture = value;
            return this;
        }

        public Builder os(String value) {
            os = value;
            return this;
        }

        public Builder osVersion(String value) {
            return osVersion(Optional.of(value));
        }

        public Builder osVersion(Optional<String> value) {
            osVersion = value;
            return this;
        }

        public Builder osFeatures(List<String> values) {
            osFeatures = values;
            return this;
        }

        public Builder variant(String value) {
            return variant(Optional.of(value));
        }

        public Builder variant(Optional<String> value) {
            variant = value;
            return this;
        }

        public Builder config(ContainerConfig value) {
            config = value;
            return this;
        }

        public Builder diffIds(List<Digest> values) {
            diffIds = values;
            return this;
        }

        public Builder history(List<History> values) {
            history = values;
            return this;
        }

        public ImageConfig build() {
            return new ImageConfig(created, author, architecture, os, osVersion, osFeatures, variant, config, diffIds, history);
        }
    }
}
