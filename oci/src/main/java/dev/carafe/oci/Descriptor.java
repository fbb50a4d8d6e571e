package dev.carafe.oci;

import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What names some content: its type, digest and size (image-spec descriptor.md#properties).
 *
 * @param mediaType the type of the content
 * @param digest the digest of the content
 * @param size its length in bytes, not negative
 * @param urls where else it may be had
 * @param annotations anything else, by reverse domain name
 * @param data the content itself in Base64; {@link #content()} is it decoded
 * @param platform for manifests: what the image runs on
 * @param artifactType for manifests: what sort of artifact
 */
public record Descriptor(String mediaType, Digest digest, long size, List<String> urls, Map<String, String> annotations,
        Optional<String> data, Optional<Platform> platform, Optional<String> artifactType) implements JsonForm {
    public Descriptor {
        urls = List.copyOf(urls);
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    public static Descriptor parse(Fields in) {
        Fields fields = in.section("image-spec descriptor.md#properties");
        var parsed = new Descriptor(
                fields.string("mediaType"),
                fields.digest("digest"),
                fields.int64("size"),
                fields.strings("urls"),
                fields.stringMap("annotations"),
                fields.optionalString("data"),
                fields.optionalObject("platform", Platform::parse),
                fields.optionalString("artifactType"));
        if (parsed.size < 0) {
            throw fields.fault("size", "negative");
        }
        if (parsed.data.isPresent()) {
            try {
                Base64.getDecoder().decode(parsed.data.get());
            } catch (IllegalArgumentException e) {
                throw fields.fault("data", "not Base64").cause(e);
            }
        }
        return parsed;
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("mediaType", mediaType)
                .put("digest", digest)
                .put("size", size)
                .list("urls", urls)
                .map("annotations", annotations)
                .optional("data", data)
                .optional("platform", platform)
                .optional("artifactType", artifactType)
                .json();
    }

    /** With nothing but these. */
    public static Descriptor of(String mediaType, Digest digest, long size) {
        return builder(mediaType, digest, size).build();
    }

    /** The descriptor of these bytes, by SHA-256. */
    public static Descriptor of(String mediaType, byte[] content) {
        return of(mediaType, Digest.sha256(content), content.length);
    }

    /** Whether these bytes have its size and its digest. */
    public boolean describes(byte[] content) {
        return content.length == size && digest.matches(content);
    }

    /** The embedded content, checked; what does not have the size and digest is a fault of kind {@code CORRUPT}. */
    public Optional<byte[]> content() {
        if (data.isEmpty()) {
            return Optional.empty();
        }
        byte[] content = Base64.getDecoder().decode(data.get());
        if (!describes(content)) {
            throw Fault.of(Fault.Kind.CORRUPT, "descriptor", digest.toString(), "the embedded data is other content");
        }
        return Optional.of(content);
    }

    /** Starts with everything absent but these. */
    public static Builder builder(String mediaType, Digest digest, long size) {
        return new Builder(mediaType, digest, size);
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder(mediaType, digest, size);
        builder.urls = urls;
        builder.annotations = annotations;
        builder.data = data;
        builder.platform = platform;
        builder.artifactType = artifactType;
        return builder;
    }

    /** Collects the components of a {@link Descriptor}; each method replaces what was set before. */
    public static final class Builder {
        private String mediaType;
        private Digest digest;
        private long size;
        private List<String> urls = List.of();
        private Map<String, String> annotations = Map.of();
        private Optional<String> data = Optional.empty();
        private Optional<Platform> platform = Optional.empty();
        private Optional<String> artifactType = Optional.empty();

        private Builder(String mediaType, Digest digest, long size) {
            this.mediaType = mediaType;
            this.digest = digest;
            this.size = size;
        }

        public Builder mediaType(String value) {
            mediaType = value;
            return this;
        }

        public Builder digest(Digest value) {
            digest = value;
            return this;
        }

        public Builder size(long value) {
            size = value;
            return this;
        }

        public Builder urls(List<String> values) {
            urls = values;
            return this;
        }

        public Builder annotations(Map<String, String> values) {
            annotations = values;
            return this;
        }

        public Builder data(String value) {
            return data(Optional.of(value));
        }

        public Builder data(Optional<String> value) {
            data = value;
            return this;
        }

        public Builder platform(Platform value) {
            return platform(Optional.of(value));
        }

        public Builder platform(Optional<Platform> value) {
            platform = value;
            return this;
        }

        public Builder artifactType(String value) {
            return artifactType(Optional.of(value));
        }

        public Builder artifactType(Optional<String> value) {
            artifactType = value;
            return this;
        }

        public Descriptor build() {
            return new Descriptor(mediaType, digest, size, urls, annotations, data, platform, artifactType);
        }
    }
}
