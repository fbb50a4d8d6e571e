package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.base.Timestamps;
import dev.carafe.oci.JsonFields;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A secret, without what is secret about it (podman-secret-inspect(1)).
 *
 * @param id 25 hexadecimal digits
 * @param created when it was made
 * @param labels for people and tools
 */
public record Secret(String id, String name, Instant created, Map<String, String> labels) {
    public Secret {
        labels = Map.copyOf(labels);
    }

    static Secret parse(JsonObject json) {
        JsonObject spec = json.getAsJsonObject("Spec");
        var labels = new TreeMap<String, String>();
        spec.getAsJsonObject("Labels").entrySet().forEach(label -> labels.put(label.getKey(), label.getValue().getAsString()));
        return new Secret(json.get("ID").getAsString(), spec.get("Name").getAsString(), Timestamps.parse(json.get("CreatedAt").getAsString()), labels);
    }

    /** What podman's inspect shows. */
    public JsonObject json() {
        JsonObject driver = new JsonFields().put("Name", "file").put("Options", new JsonObject()).json();
        JsonObject spec = new JsonFields().put("Name", name).put("Driver", driver).put("Labels", DockerConfig.sorted(labels)).json();
        return new JsonFields().put("ID", id).put("CreatedAt", Timestamps.print(created)).put("UpdatedAt", Timestamps.print(created)).put("Spec", spec).json();
    }
}
