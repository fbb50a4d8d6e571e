package dev.carafe.engine;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.carafe.base.Timestamps;
import dev.carafe.oci.JsonFields;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A directory that outlives containers.
 *
 * @param options the driver's: what file system is mounted there while a container that uses it runs; none: it is a plain directory
 * @param mountpoint the directory on the host that containers see
 */
public record Volume(String name, Instant created, Map<String, String> labels, Map<String, String> options, Path mountpoint) {
    /** The only driver. */
    static final String DRIVER = "local";
    /** Docker's mark of a volume that nobody gave a name. */
    static final String ANONYMOUS = "com.docker.volume.anonymous";

    public Volume {
        labels = Map.copyOf(labels);
        options = Map.copyOf(options);
    }

    /** Whether it goes with its container. */
    public boolean isAnonymous() {
        return labels.containsKey(ANONYMOUS);
    }

    /** What docker's volume inspect shows. */
    public JsonObject json() {
        return new JsonFields().put("CreatedAt", Timestamps.print(Instant.ofEpochSecond(created.getEpochSecond()))).put("Driver", DRIVER)
                .put("Labels", labels.isEmpty() ? JsonNull.INSTANCE : DockerConfig.sorted(labels)).put("Mountpoint", mountpoint.toString()).put("Name", name)
                .put("Options", options.isEmpty() ? JsonNull.INSTANCE : DockerConfig.sorted(options)).put("Scope", "local").json();
    }

    static Volume parse(JsonObject json, Path mountpoint) {
        return new Volume(json.get("Name").getAsString(), Timestamps.parse(json.get("CreatedAt").getAsString()), map(json.get("Labels")),
                map(json.get("Options")), mountpoint);
    }

    private static Map<String, String> map(JsonElement json) {
        var map = new TreeMap<String, String>();
        if (json.isJsonObject()) {
            json.getAsJsonObject().entrySet().forEach(entry -> map.put(entry.getKey(), entry.getValue().getAsString()));
        }
        return map;
    }
}
