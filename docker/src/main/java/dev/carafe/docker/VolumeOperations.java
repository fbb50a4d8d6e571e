package dev.carafe.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import dev.carafe.base.Fault;
import dev.carafe.engine.Engine;
import dev.carafe.engine.Volume;
import dev.carafe.engine.VolumeOptions;
import dev.carafe.oci.JsonFields;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Volumes. */
final class VolumeOperations {
    private final Engine engine;

    VolumeOperations(Engine engine) {
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/volumes", this::list), Route.of("POST", "/volumes/create", this::create), Route.of("POST", "/volumes/prune", this::prune),
                Route.of("GET", "/volumes/*", this::inspect), Route.of("DELETE", "/volumes/*", this::remove),
                Route.of("PUT", "/volumes/*", call -> {
                    throw new ApiFault(503, SwarmOperations.NO_SWARM);
                }));
    }

    private Volume find(String name) {
        try {
            return engine.volumes().find(name);
        } catch (Fault fault) {
            throw fault.kind() == Fault.Kind.NOT_FOUND ? ApiFault.notFound("get " + name + ": no such volume") : fault;
        }
    }

    private void create(Call call) throws IOException {
        Body body = call.body();
        if (body.has("ClusterVolumeSpec")) {
            throw new ApiFault(503, SwarmOperations.NO_SWARM);
        }
        Volume made = engine.volumes().create(new VolumeOptions(body.given("Name"), body.given("Driver").orElse("local"), body.map("DriverOpts"), body.map("Labels")));
        call.json(201, made.json());
    }

    private void list(Call call) throws IOException {
        FilterSet filters = FilterSet.of(call.query(), List.of("dangling", "driver", "label", "label!", "name"));
        Optional<Boolean> dangling = filters.truth("dangling");
        Map<String, List<String>> users = dangling.isPresent() ? engine.volumes().users() : Map.of();
        var array = new JsonArray();
        for (Volume volume : engine.volumes().list()) {
            if (filters.any("name", name -> volume.name().contains(name)) && filters.any("driver", "local"::equals) && filters.labelled(volume.labels())
                    && (dangling.isEmpty() || dangling.get() != users.containsKey(volume.name()))) {
                array.add(volume.json());
            }
        }
        call.json(new JsonFields().put("Volumes", array).put("Warnings", JsonNull.INSTANCE).json());
    }

    private void inspect(Call call) throws IOException {
        call.json(find(call.name()).json());
    }

    private void remove(Call call) throws IOException {
        try {
            find(call.name());
            engine.volumes().remove(call.name());
        } catch (ApiFault missing) {
            if (!call.query().on("force")) {
                throw missing;
            }
        } catch (Fault fault) {
            throw fault.kind() == Fault.Kind.CONFLICT && fault.reason().startsWith("volume is in use")
                    ? ApiFault.conflict("remove " + call.name() + ": volume is in use - [" + String.join(", ", engine.volumes().users().getOrDefault(call.name(), List.of())) + "]")
                    : fault;
        }
        call.done();
    }

    /** From 1.42 on only nameless ones, unless all are asked for. */
    private void prune(Call call) throws IOException {
        FilterSet filters = FilterSet.of(call.query(), List.of("label", "label!", "all"));
        boolean every = !call.version().atLeast(42) || filters.truth("all").orElse(false);
        var removed = new JsonArray();
        long bytes = 0;
        for (Volume volume : engine.volumes().list()) {
            if ((every || volume.isAnonymous()) && filters.labelled(volume.labels())) {
                long size = engine.volumes().users().containsKey(volume.name()) ? 0 : engine.volumes().size(volume);
                if (engine.volumes().removeUnused(volume.name())) {
                    removed.add(volume.name());
                    bytes += size;
                }
            }
        }
        call.json(new JsonFields().put("VolumesDeleted", removed).put("SpaceReclaimed", bytes).json());
    }
}
