package dev.carafe.oci;

import com.google.gson.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One image for one platform, or an artifact: its configuration and its layers (image-spec manifest.md).
 *
 * @param mediaType its own type, where it tells
 * @param artifactType what sort of artifact
 * @param config the configuration
 * @param layers the layers, base layer first
 * @param subject the manifest that this one is about
 * @param annotations anything else, by reverse domain name
 */
public record Manifest(Optional<String> mediaType, Optional<String> artifactType, Descriptor config, List<Descriptor> layers,
        Optional<Descriptor> subject, Map<String, String> annotations) implements JsonForm {
    /** The only version of the document. */
    public static final int SCHEMA_VERSION = 2;

    public Manifest {
        layers = List.copyOf(layers);
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    /** Reads a whole document, which faults call {@code manifest}. */
    public static Manifest parse(String text) {
        return parse(Fields.of("manifest", Json.parseObject("manifest", text)));
    }

    /** Reads a whole document from UTF-8, which faults call {@code manifest}. */
    public static Manifest parse(byte[] utf8) {
        return parse(Fields.of("manifest", Json.parseObject("manifest", utf8)));
    }

    public static Manifest parse(Fields in) {
        Fields fields = in.section("image-spec manifest.md");
        Documents.check(fields, "manifest", "layers", MediaType::isManifest, "manifests", "fsLayers");
        return new Manifest(
                fields.optionalString("mediaType"),
                fields.optionalString("artifactType"),
                fields.object("config", Descriptor::parse),
                fields.objects("layers", Descriptor::parse),
                fields.optionalObject("subject", Descriptor::parse),
                fields.stringMap("annotations"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("schemaVersion", SCHEMA_VERSION)
                .optional("mediaType", mediaType)
                .optional("artifactType", artifactType)
                .put("config", config)
                .array("layers", layers)
                .optional("subject", subject)
                .map("annotations", annotations)
                .json();
    }

    /** Its own type, which is {@link MediaType#MANIFEST} when it does not tell. */
    public String type() {
        return mediaType.orElse(MediaType.MANIFEST);
    }

    /** Starts with everything absent but these. */
    public static Builder builder(Descriptor config) {
        return new Builder(config);
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder(config);
        builder.mediaType = mediaType;
        builder.artifactType = artifactType;
        builder.layers = layers;
        builder.subject = subject;
        builder.annotations = annotations;
        return builder;
    }

    /** Collects the components of a {@link Manifest}; each method replaces what was set before. */
    public static final class Builder {
        private Optional<String> mediaType = Optional.empty();
        private Optional<String> artifactType = Optional.empty();
        private Descriptor config;
        private List<Descriptor> layers = List.of();
        private Optional<Descriptor> subject = Optional.empty();
        private Map<String, String> annotations = Map.of();

        private Builder(Descriptor config) {
            this.config = config;
        }

        public Builder mediaType(String value) {
            return mediaType(Optional.of(value));
        }

        public Builder mediaType(Optional<String> value) {
            mediaType = value;
            return this;
        }

        public Builder artifactType(String value) {
            return artifactType(Optional.of(value));
        }

        public Builder artifactType(Optional<String> value) {
            artifactType = value;
            return this;
        }

        public Builder config(Descriptor value) {
            config = value;
            return this;
        }

        public Builder layers(List<Descriptor> values) {
            layers = values;
            return this;
        }

        public Builder subject(Descriptor value) {
            return subject(Optional.of(value));
        }

        public Builder subject(Optional<Descriptor> value) {
            subject = value;
            return this;
        }

        public Builder annotations(Map<String, String> values) {
            annotations = values;
            return this;
        }

        public Manifest build() {
            return new Manifest(mediaType, artifactType, config, layers, subject, annotations);
        }
    }
}
