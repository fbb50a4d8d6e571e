package dev.carafe.oci;

import com.google.gson.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A list of manifests, mostly of one image for several platforms (image-spec image-index.md).
 *
 * @param mediaType its own type, where it tells
 * @param artifactType what sort of artifact
 * @param manifests manifests and nested indexes; the earlier of two that fit is preferred
 * @param subject the manifest that this index is about
 * @param annotations anything else, by reverse domain name
 */
public record Index(Optional<String> mediaType, Optional<String> artifactType, List<Descriptor> manifests,
        Optional<Descriptor> subject, Map<String, String> annotations) implements JsonForm {
    public Index {
        manifests = List.copyOf(manifests);
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    /** Reads a whole document, which faults call {@code index}. */
    public static Index parse(String text) {
        return parse(Fields.of("index", Json.parseObject("index", text)));
    }

    /** Reads a whole document from UTF-8, which faults call {@code index}. */
    public static Index parse(byte[] utf8) {
        return parse(Fields.of("index", Json.parseObject("index", utf8)));
    }

    public static Index parse(Fields in) {
        Fields fields = in.section("image-spec image-index.md");
        Documents.check(fields, "index", "manifests", MediaType::isIndex, "config", "layers", "fsLayers");
        return new Index(
                fields.optionalString("mediaType"),
                fields.optionalString("artifactType"),
                fields.objects("manifests", Descriptor::parse),
                fields.optionalObject("subject", Descriptor::parse),
                fields.stringMap("annotations"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("schemaVersion", Manifest.SCHEMA_VERSION)
                .optional("mediaType", mediaType)
                .optional("artifactType", artifactType)
                .array("manifests", manifests)
                .optional("subject", subject)
                .map("annotations", annotations)
                .json();
    }

    /** Of these manifests and with nothing else. */
    public static Index of(List<Descriptor> manifests) {
        return new Index(Optional.of(MediaType.INDEX), Optional.empty(), manifests, Optional.empty(), Map.of());
    }

    /** Its own type, which is {@link MediaType#INDEX} when it does not tell. */
    public String type() {
        return mediaType.orElse(MediaType.INDEX);
    }

    /**
     * The manifest that suits a platform best, the first of equals; see {@link Platform#rank}. Manifests that tell no platform
     * are left out: only their configuration knows.
     */
    public Optional<Descriptor> select(Platform wanted) {
        Optional<Descriptor> best = Optional.empty();
        int bestRank = Integer.MAX_VALUE;
        for (Descriptor manifest : manifests) {
            if (manifest.platform().isPresent()) {
                int rank = wanted.rank(manifest.platform().get());
                if (rank >= 0 && rank < bestRank) {
                    best = Optional.of(manifest);
                    bestRank = rank;
                }
            }
        }
        return best;
    }
}
