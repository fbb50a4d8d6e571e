package dev.carafe.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerStatus;
import dev.carafe.engine.ContainerWords;
import dev.carafe.engine.Engine;
import dev.carafe.oci.JsonFields;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Containers as lists show them, and those removed that do not run. */
final class ListOperations {
    private static final List<String> FILTERS = List.of("ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label", "label!", "name",
            "network", "publish", "since", "status", "volume");
    private static final List<String> STATES = List.of("created", "running", "paused", "restarting", "removing", "exited", "dead");

    private final Engine engine;

    ListOperations(Engine engine) {
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/containers/json", this::list), Route.of("POST", "/containers/prune", this::prune));
    }

    private void list(Call call) throws IOException {
        FilterSet filters = FilterSet.of(call.query(), FILTERS);
        for (String state : filters.of("status")) {
            if (!STATES.contains(state)) {
                throw ApiFault.invalid("invalid filter 'status=" + state + "'");
            }
        }
        int limit = call.query().number("limit").orElse(0);
        boolean all = call.query().on("all") || limit > 0 || !filters.of("status").isEmpty() || !filters.of("exited").isEmpty();
        var array = new JsonArray();
        Instant now = Instant.now();
        for (Container container : engine.containers().list()) {
            if (limit > 0 && array.size() == limit) {
                break;
            }
            ContainerStatus status = container.status();
            if ((all || status.running() || status.phase() == ContainerStatus.Phase.RESTARTING) && fits(container, status, filters)) {
                array.add(summary(container, status, now, call.query().on("size")));
            }
        }
        call.json(array);
    }

    /** As docker's ContainerSummary. */
    JsonObject summary(Container container, ContainerStatus status, Instant now, boolean sizes) {
        JsonObject document = container.inspect();
        JsonObject settings = document.getAsJsonObject("NetworkSettings");
        var fields = new JsonFields().put("Id", container.id()).array("Names", List.of("/" + container.record().name())).put("Image", container.record().image())
                .put("ImageID", container.record().imageId().map(Digest::toString).orElse("")).put("Command", ContainerWords.command(container.record()))
                .put("Created", container.record().created().getEpochSecond()).put("Ports", ports(document, settings, status.running()));
        if (sizes) {
            long written = container.bytesWritten();
            fields.put("SizeRw", written).put("SizeRootFs", written + engine.imageBytes(container));
        }
        var labels = new JsonObject();
        container.record().labels().forEach(labels::addProperty);
        return fields.put("Labels", labels).put("State", status.phase().word()).put("Status", ContainerWords.status(container, status, now))
                .put("HostConfig", new JsonFields().put("NetworkMode", document.getAsJsonObject("HostConfig").get("NetworkMode").getAsString()).json())
                .put("NetworkSettings", new JsonFields().put("Networks", settings.get("Networks")).json()).put("Mounts", document.get("Mounts")).json();
    }

    private static JsonArray ports(JsonObject document, JsonObject settings, boolean runs) {
        var array = new JsonArray();
        if (!runs) {
            return array;
        }
        JsonObject published = settings.get("Ports") instanceof JsonObject ports ? ports : new JsonObject();
        JsonObject exposed = document.getAsJsonObject("Config").get("ExposedPorts") instanceof JsonObject ports ? ports : new JsonObject();
        for (Map.Entry<String, JsonElement> port : published.entrySet()) {
            for (JsonElement place : port.getValue() instanceof JsonArray places ? places : new JsonArray()) {
                array.add(new JsonFields().put("IP", place.getAsJsonObject().get("HostIp").getAsString()).put("PrivatePort", number(port.getKey()))
                        .put("PublicPort", Integer.parseInt(place.getAsJsonObject().get("HostPort").getAsString())).put("Type", protocol(port.getKey())).json());
            }
        }
        for (String port : exposed.keySet()) {
            if (!(published.get(port) instanceof JsonArray)) {
                array.add(new JsonFields().put("PrivatePort", number(port)).put("Type", protocol(port)).json());
            }
        }
        return array;
    }

    private static int number(String port) {
        return Integer.parseInt(port.substring(0, port.indexOf('/')));
    }

    private static String protocol(String port) {
        return port.substring(port.indexOf('/') + 1);
    }

    private boolean fits(Container container, ContainerStatus status, FilterSet filters) {
        return filters.any("id", id -> container.id().startsWith(id))
                && filters.any("name", name -> matches(container.record().name(), name))
                && filters.labelled(container.record().labels())
                && filters.any("status", word -> status.phase().word().equals(word))
                && filters.any("exited", code -> status.phase() == ContainerStatus.Phase.EXITED && Integer.toString(status.exitCode()).equals(code))
                && filters.any("ancestor", image -> comesFrom(container, image))
                && filters.any("network", network -> isOn(container, network))
                && filters.any("volume", place -> mounts(container, place))
                && filters.any("health", word -> word.equals(ContainerWords.health(container)))
                && !filters.truth("is-task").orElse(false)
                && filters.any("expose", port -> container.exposedPorts().contains(port.indexOf('/') < 0 ? port + "/tcp" : port))
                && filters.any("publish", port -> container.record().hostConfig().get("PortBindings") instanceof JsonObject bindings
                        && bindings.has(port.indexOf('/') < 0 ? port + "/tcp" : port))
                && filters.of("before").stream().allMatch(other -> container.record().created().isBefore(Containers.find(engine, other).record().created()))
                && filters.of("since").stream().allMatch(other -> container.record().created().isAfter(Containers.find(engine, other).record().created()));
    }

    /** Docker takes a name for a pattern, with or without the slash in front. */
    private static boolean matches(String name, String wanted) {
        try {
            var pattern = java.util.regex.Pattern.compile(wanted);
            return pattern.matcher(name).find() || pattern.matcher("/" + name).find();
        } catch (java.util.regex.PatternSyntaxException plain) {
            return name.contains(wanted);
        }
    }

    private boolean comesFrom(Container container, String image) {
        if (container.record().image().equals(image)) {
            return true;
        }
        try {
            return container.record().imageId().isPresent() && container.record().imageId().equals(engine.images().find(image).config());
        } catch (Fault unknown) {
            return false;
        }
    }

    private boolean isOn(Container container, String network) {
        if (container.networks().contains(network)) {
            return true;
        }
        try {
            return container.networks().contains(engine.networks().find(network).name());
        } catch (Fault unknown) {
            return false;
        }
    }

    private static boolean mounts(Container container, String place) {
        for (JsonElement mount : container.record().document().getAsJsonArray("Mounts")) {
            for (String field : List.of("Name", "Source", "Destination")) {
                if (mount.getAsJsonObject().has(field) && mount.getAsJsonObject().get(field).getAsString().equals(place)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void prune(Call call) throws IOException {
        FilterSet filters = FilterSet.of(call.query(), List.of("until", "label", "label!"));
        Instant until = Moments.until(filters);
        var removed = new JsonArray();
        long bytes = 0;
        for (Container container : engine.containers().list()) {
            ContainerStatus status = container.status();
            boolean idle = status.phase() == ContainerStatus.Phase.CREATED || status.phase() == ContainerStatus.Phase.EXITED;
            if (idle && container.record().created().isBefore(until) && filters.labelled(container.record().labels())) {
                long size = container.bytesWritten();
                try {
                    container.remove(false);
                    bytes += size;
                    removed.add(container.id());
                } catch (Fault busy) {
                    // It was started or removed meanwhile.
                }
            }
        }
        call.json(new JsonFields().put("ContainersDeleted", removed).put("SpaceReclaimed", bytes).json());
    }
}
