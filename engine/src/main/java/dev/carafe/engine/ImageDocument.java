package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.engine.ContainerDocument.Storage;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.History;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.JsonFields;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What {@code docker image inspect} says of an image, in docker's fields and order (its Engine API 1.41, ImageInspect). */
public final class ImageDocument {
    private ImageDocument() {}

    /**
     * An image as the engine keeps it.
     *
     * @param id the digest of its configuration
     * @param tags its names, {@code REPOSITORY:TAG}
     * @param digests its names by digest, {@code REPOSITORY@DIGEST}
     * @param bytes what its unpacked layers take
     * @param tagged when it last got a name
     */
    public record Subject(Digest id, ImageConfig config, List<String> tags, List<String> digests, long bytes, Storage storage,
            Optional<Instant> tagged) {
        public Subject {
            tags = List.copyOf(tags);
            digests = List.copyOf(digests);
        }
    }

    /** The whole document. */
    public static JsonObject inspect(Subject image) {
        ImageConfig config = image.config;
        List<History> history = config.history();
        var fields = new JsonFields().put("Id", image.id).array("RepoTags", image.tags).array("RepoDigests", image.digests).put("Parent", "")
                .put("Comment", history.isEmpty() ? "" : history.getLast().comment().orElse(""))
                .put("Created", ContainerDocument.time(config.created())).put("Container", "")
                .put("ContainerConfig", DockerConfig.of(ContainerConfig.EMPTY, Optional.empty())).put("DockerVersion", "")
                .put("Author", config.author().orElse("")).put("Config", DockerConfig.of(config.config(), Optional.empty()))
                .put("Architecture", config.architecture());
        return fields.optional("Variant", config.variant()).put("Os", config.os()).optional("OsVersion", config.osVersion())
                .put("Size", image.bytes).put("VirtualSize", image.bytes).put("GraphDriver", image.storage.json())
                .put("RootFS", new JsonFields().put("Type", "layers").list("Layers", config.diffIds()).json())
                .put("Metadata", new JsonFields().put("LastTagTime", ContainerDocument.time(image.tagged)).json()).json();
    }
}
