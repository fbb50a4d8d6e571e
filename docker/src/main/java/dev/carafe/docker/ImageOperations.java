package dev.carafe.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.Image;
import dev.carafe.engine.CommitOptions;
import dev.carafe.engine.Engine;
import dev.carafe.engine.Images;
import dev.carafe.oci.History;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.Reference;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Images that are here: listed, looked at, named, removed, made of containers. */
final class ImageOperations {
    private static final List<String> FILTERS = List.of("before", "dangling", "label", "label!", "reference", "since", "until");

    private final Engine engine;

    ImageOperations(Engine engine) {
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/images/json", this::list), Route.of("GET", "/images/**/json", this::inspect),
                Route.of("GET", "/images/**/history", this::history), Route.of("POST", "/images/**/tag", this::tag),
                Route.of("DELETE", "/images/**", this::remove), Route.of("POST", "/images/prune", this::prune), Route.of("POST", "/commit", this::commit),
                Route.of("GET", "/images/search", call -> {
                    throw ApiFault.unsupported("searching registries is not supported");
                }));
    }

    private void list(Call call) throws IOException {
        call.json(summaries(FilterSet.of(call.query(), FILTERS)));
    }

    /** As docker's ImageSummary, the newest first. */
    JsonArray summaries(FilterSet filters) {
        Images images = engine.images();
        Map<Digest, List<Image>> byId = new LinkedHashMap<>();
        for (Image image : images.list()) {
            byId.computeIfAbsent(image.config().orElse(image.target().digest()), id -> new ArrayList<>()).add(image);
        }
        var rows = new ArrayList<JsonObject>();
        byId.forEach((id, names) -> summary(id, names, filters).ifPresent(rows::add));
        rows.sort((a, b) -> Long.compare(b.get("Created").getAsLong(), a.get("Created").getAsLong()));
        var array = new JsonArray();
        rows.forEach(array::add);
        return array;
    }

    private Optional<JsonObject> summary(Digest id, List<Image> names, FilterSet filters) {
        Images images = engine.images();
        ImageConfig config = images.config(images.shown(names.getFirst()).config().digest());
        var tags = new ArrayList<String>();
        var digests = new ArrayList<String>();
        for (Image image : names) {
            Optional<Reference> name = image.name().map(Reference::parse);
            if (name.isPresent() && filters.any("reference", wanted -> matches(name.get(), wanted))) {
                String digest = name.get().familiarName() + "@" + image.origin().orElse(image.target().digest());
                if (!digests.contains(digest)) {
                    digests.add(digest);
                }
                if (name.get().digest().isEmpty()) {
                    tags.add(name.get().familiar());
                }
            }
        }
        boolean nameless = names.stream().allMatch(image -> image.name().isEmpty());
        if (!filters.of("reference").isEmpty() && digests.isEmpty() || filters.truth("dangling").map(wanted -> wanted != nameless).orElse(false)
                || !filters.labelled(config.config().labels())) {
            return Optional.empty();
        }
        Instant created = config.created().orElse(Instant.EPOCH);
        if (!filters.of("before").stream().allMatch(other -> created.isBefore(created(other))) || !filters.of("since").stream().allMatch(other -> created.isAfter(created(other)))
                || !created.isBefore(Moments.until(filters))) {
            return Optional.empty();
        }
        var labels = new JsonObject();
        config.config().labels().forEach(labels::addProperty);
        long size = images.size(names.getFirst());
        return Optional.of(new JsonFields().put("Containers", -1).put("Created", created.getEpochSecond()).put("Id", id.toString())
                .put("Labels", labels.isEmpty() ? JsonNull.INSTANCE : labels).put("ParentId", "").array("RepoDigests", digests).array("RepoTags", tags)
                .put("SharedSize", -1).put("Size", size).put("VirtualSize", size).json());
    }

    private Instant created(String name) {
        Images images = engine.images();
        return images.config(images.shown(ImageNames.find(engine, name)).config().digest()).created().orElse(Instant.EPOCH);
    }

    /** Go's path.Match of a name with or without its tag. */
    private static boolean matches(Reference name, String wanted) {
        if (wanted.equals(name.familiar()) || wanted.equals(name.familiarName()) || wanted.equals(name.toString()) || wanted.equals(name.name())) {
            return true;
        }
        try {
            var glob = java.nio.file.FileSystems.getDefault().getPathMatcher("glob:" + wanted);
            return glob.matches(java.nio.file.Path.of(name.familiar())) || glob.matches(java.nio.file.Path.of(name.familiarName()));
        } catch (IllegalArgumentException bad) {
            throw ApiFault.invalid("invalid reference filter \"" + wanted + "\"");
        }
    }

    private void inspect(Call call) throws IOException {
        try {
            call.json(engine.images().inspect(call.name()));
        } catch (Fault fault) {
            throw ImageNames.explained(fault, call.name());
        }
    }

    private void history(Call call) throws IOException {
        Images.Story story;
        try {
            story = engine.images().history(call.name());
        } catch (Fault fault) {
            throw ImageNames.explained(fault, call.name());
        }
        var array = new JsonArray();
        int layer = story.sizes().size();
        for (History step : story.steps().reversed()) {
            long size = step.emptyLayer() || layer == 0 ? 0 : story.sizes().get(--layer);
            boolean top = array.isEmpty();
            JsonElement tags = top && !story.names().isEmpty() ? new JsonFields().array("t", story.names()).json().get("t") : JsonNull.INSTANCE;
            array.add(new JsonFields().put("Comment", step.comment().orElse("")).put("Created", step.created().map(Instant::getEpochSecond).orElse(0L))
                    .put("CreatedBy", step.createdBy().orElse("")).put("Id", top ? story.id().toString() : "<missing>").put("Size", size).put("Tags", tags).json());
        }
        call.json(array);
    }

    private void tag(Call call) throws IOException {
        Image image = ImageNames.find(engine, call.name());
        String name = call.query().text("repo") + call.query().given("tag").map(tag -> ":" + tag).orElse("");
        try {
            Reference reference = Reference.parse(name);
            if (reference.digest().isPresent()) {
                throw ApiFault.invalid("refusing to create a tag with a digest reference");
            }
        } catch (Fault bad) {
            throw ApiFault.invalid("invalid reference format");
        }
        engine.images().tag(image.name().orElse(image.target().digest().toString()), name);
        call.exchange().empty(201);
    }

    private void remove(Call call) throws IOException {
        Images.Removal removal;
        try {
            removal = engine.images().remove(call.name(), call.query().on("force"), engine.containers().users());
        } catch (Fault fault) {
            throw fault.kind() == Fault.Kind.CONFLICT ? ApiFault.conflict("conflict: unable to remove repository reference \"" + call.name() + "\" (must force) - "
                    + fault.reason()) : ImageNames.explained(fault, call.name());
        }
        call.json(removed(List.of(removal)));
    }

    private static JsonArray removed(List<Images.Removal> removals) {
        var array = new JsonArray();
        for (Images.Removal removal : removals) {
            removal.untagged().forEach(name -> array.add(new JsonFields().put("Untagged", name).json()));
            removal.deleted().forEach(digest -> array.add(new JsonFields().put("Deleted", digest.toString()).json()));
        }
        return array;
    }

    private void prune(Call call) throws IOException {
        FilterSet filters = FilterSet.of(call.query(), List.of("dangling", "until", "label", "label!"));
        Instant until = Moments.until(filters);
        Images images = engine.images();
        List<Images.Removal> removals = images.prune(!filters.truth("dangling").orElse(true), image -> {
            ImageConfig config = images.config(images.shown(image).config().digest());
            return filters.labelled(config.config().labels()) && config.created().orElse(Instant.EPOCH).isBefore(until);
        }, engine.containers().users());
        long bytes = removals.stream().mapToLong(Images.Removal::bytes).sum();
        call.json(new JsonFields().put("ImagesDeleted", removals.isEmpty() ? JsonNull.INSTANCE : removed(removals)).put("SpaceReclaimed", bytes).json());
    }

    private void commit(Call call) throws IOException {
        Query query = call.query();
        Body config = call.body();
        for (String field : config.object().keySet()) {
            if (config.has(field) && !config.object().get(field).toString().matches("\"\"|false|0|\\{}|\\[]")) {
                throw ApiFault.unsupported("the configuration of a committed image is changed by changes=, not by a body");
            }
        }
        Optional<String> name = query.given("repo").map(repo -> repo + query.given("tag").map(tag -> ":" + tag).orElse(""));
        var changes = new ArrayList<String>();
        query.all("changes").forEach(words -> changes.addAll(words.lines().filter(line -> !line.isBlank()).toList()));
        Image image = Containers.find(engine, query.text("container"))
                .commit(new CommitOptions(name, query.given("author"), query.given("comment"), changes, query.on("pause", true)));
        call.json(201, new JsonFields().put("Id", image.config().orElseThrow().toString()).json());
    }
}
