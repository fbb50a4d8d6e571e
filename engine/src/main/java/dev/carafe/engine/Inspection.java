package dev.carafe.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.content.Image;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts together what docker's inspect shows: what was decided once, and how things are now. */
final class Inspection {
    private Inspection() {
    }

    static JsonObject of(Container container) {
        ContainerStatus status = container.status();
        if (!status.error().isEmpty()) {
            container.recover();
        }
        JsonObject document = container.record().document().deepCopy();
        var word = switch (status.phase()) {
            case CREATED -> ContainerDocument.Status.CREATED;
            case RUNNING -> ContainerDocument.Status.RUNNING;
            case PAUSED -> ContainerDocument.Status.PAUSED;
            case RESTARTING -> ContainerDocument.Status.RESTARTING;
            case EXITED -> ContainerDocument.Status.EXITED;
        };
        document.add("State", new ContainerDocument.State(word, status.outOfMemory(), status.pid(), status.exitCode(), status.error(),
                time(status.startedAt()), time(status.finishedAt()), container.health().map(Health::json)).json());
        if (container.record().restarts()) {
            document.addProperty("RestartCount", container.restartCount());
        }
        container.attachment().ifPresent(attachment -> Attaching.show(document, attachment, status.pid()));
        List<String> execs = container.execs();
        if (!execs.isEmpty()) {
            var ids = new JsonArray();
            execs.forEach(ids::add);
            document.add("ExecIDs", ids);
        }
        return document;
    }

    private static Optional<Instant> time(long nanos) {
        return nanos == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000));
    }

    static JsonObject of(Images images, Image image) {
        Digest id = images.shown(image).config().digest();
        ImageConfig config = images.config(id);
        var tags = new ArrayList<String>();
        var digests = new ArrayList<String>();
        for (Image other : images.list()) {
            if (other.target().digest().equals(image.target().digest()) && other.name().isPresent()) {
                Reference reference = Reference.parse(other.name().get());
                if (reference.digest().isEmpty()) {
                    tags.add(reference.familiar());
                }
                String digest = reference.familiarName() + "@" + other.origin().orElse(image.target().digest());
                if (!digests.contains(digest)) {
                    digests.add(digest);
                }
            }
        }
        return ImageDocument.inspect(new ImageDocument.Subject(id, config, tags, digests, images.size(image),
                new ContainerDocument.Storage("overlay", Map.of()), Optional.empty()));
    }
}
