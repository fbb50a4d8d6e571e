package dev.carafe.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.engine.Container;
import dev.carafe.engine.Engine;
import dev.carafe.engine.Volume;
import dev.carafe.oci.JsonFields;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What is kept on disk, and what a builder would keep, of which there is none yet. */
final class DiskOperations {
    private final Engine engine;
    private final ListOperations lists;
    private final ImageOperations images;

    DiskOperations(Engine engine, ListOperations lists, ImageOperations images) {
        this.engine = engine;
        this.lists = lists;
        this.images = images;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/system/df", this::usage),
                Route.of("POST", "/build/prune", call -> call.json(new JsonFields().array("CachesDeleted", List.of()).put("SpaceReclaimed", 0).json())),
                Route.of("POST", "/build", DiskOperations::noBuilder), Route.of("POST", "/build/cancel", DiskOperations::noBuilder),
                Route.of("POST", "/session", DiskOperations::noBuilder));
    }

    private static void noBuilder(Call call) {
        throw ApiFault.unsupported("this engine does not build images yet: build them elsewhere, and load or pull them");
    }

    private void usage(Call call) throws IOException {
        List<String> types = call.query().all("type");
        for (String type : types) {
            if (!List.of("container", "image", "volume", "build-cache").contains(type)) {
                throw ApiFault.invalid("unknown object type: " + type);
            }
        }
        var fields = new JsonFields();
        if (types.isEmpty() || types.contains("image")) {
            JsonArray all = images();
            long bytes = 0;
            for (var image : all) {
                bytes += image.getAsJsonObject().get("Size").getAsLong();
            }
            fields.put("LayersSize", bytes).put("Images", all);
        }
        if (types.isEmpty() || types.contains("container")) {
            var containers = new JsonArray();
            Instant now = Instant.now();
            for (Container container : engine.containers().list()) {
                containers.add(lists.summary(container, container.status(), now, true));
            }
            fields.put("Containers", containers);
        }
        if (types.isEmpty() || types.contains("volume")) {
            fields.put("Volumes", volumes());
        }
        call.json(fields.array("BuildCache", List.of()).put("BuilderSize", 0).json());
    }

    private JsonArray images() {
        JsonArray all = images.summaries(new FilterSet(Map.of()));
        var users = engine.containers().users();
        for (var image : all) {
            JsonObject document = image.getAsJsonObject();
            document.addProperty("Containers", users.getOrDefault(dev.carafe.base.Digest.parse(document.get("Id").getAsString()), List.of()).size());
            document.addProperty("SharedSize", 0);
        }
        return all;
    }

    private JsonArray volumes() {
        var all = new JsonArray();
        Map<String, List<String>> users = engine.volumes().users();
        for (Volume volume : engine.volumes().list()) {
            JsonObject document = volume.json();
            document.add("UsageData", new JsonFields().put("RefCount", users.getOrDefault(volume.name(), List.of()).size()).put("Size", engine.volumes().size(volume)).json());
            all.add(document);
        }
        return all;
    }
}
