package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.oci.JsonFields;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that happened to a container or a volume: docker's Event, with its words.
 *
 * @param time nanoseconds since 1970
 * @param type container or volume
 * @param action what happened, such as {@code start}
 * @param id of the container, or the volume's name
 * @param attributes by name; of a container its name, image and labels among them
 */
public record Event(long time, String type, String action, String id, Map<String, String> attributes) {
    public Event {
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    /** Docker's JSON form. */
    public JsonObject json() {
        var attributesJson = new JsonObject();
        attributes.forEach(attributesJson::addProperty);
        var fields = new JsonFields();
        if (type.equals("container")) {
            fields.put("status", action).put("id", id).put("from", attributes.getOrDefault("image", ""));
        }
        var actor = new JsonFields().put("ID", id).put("Attributes", attributesJson).json();
        return fields.put("Type", type).put("Action", action).put("Actor", actor).put("scope", "local").put("time", time / 1_000_000_000).put("timeNano", time)
                .json();
    }
}
