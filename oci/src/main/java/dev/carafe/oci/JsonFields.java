package dev.carafe.oci;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.carafe.base.Digest;
import dev.carafe.base.Timestamps;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts one object of a document together, field after field, leaving out what is absent; the other direction is {@link
 * Fields}.
 */
public final class JsonFields {
    private final JsonObject object = new JsonObject();

    public JsonFields put(String name, String value) {
        object.addProperty(name, value);
        return this;
    }

    public JsonFields put(String name, long value) {
        object.addProperty(name, value);
        return this;
    }

    public JsonFields put(String name, boolean value) {
        object.addProperty(name, value);
        return this;
    }

    public JsonFields put(String name, JsonElement value) {
        object.add(name, value);
        return this;
    }

    public JsonFields put(String name, JsonForm value) {
        object.add(name, value.json());
        return this;
    }

    /** A value that prints as its word in the spec. */
    public JsonFields put(String name, Enum<?> value) {
        object.addProperty(name, value.toString());
        return this;
    }

    public JsonFields put(String name, Digest value) {
        object.addProperty(name, value.toString());
        return this;
    }

    /** As RFC 3339 writes it, in UTC; left out when absent. */
    public JsonFields time(String name, Optional<Instant> value) {
        return value.isPresent() ? put(name, Timestamps.print(value.get())) : this;
    }

    /** A length of time in nanoseconds; left out when absent. */
    public JsonFields nanos(String name, Optional<Duration> value) {
        return value.isPresent() ? put(name, value.get().toNanos()) : this;
    }

    /** An object with an empty object for each name, as Go writes a set; left out when empty. */
    public JsonFields names(String name, List<String> values) {
        if (!values.isEmpty()) {
            var set = new JsonObject();
            for (String value : values) {
                set.add(value, new JsonObject());
            }
            object.add(name, set);
        }
        return this;
    }

    /** Left out when false. */
    public JsonFields flag(String name, boolean value) {
        return value ? put(name, true) : this;
    }

    /** All 64 bits are magnitude. */
    public JsonFields unsigned(String name, long value) {
        if (value >= 0) {
            return put(name, value);
        }
        object.addProperty(name, new BigInteger(Long.toUnsignedString(value)));
        return this;
    }

    /** As {@link #unsigned(String, long)}, left out when absent. */
    public JsonFields unsigned(String name, Optional<Long> value) {
        return value.isPresent() ? unsigned(name, value.get().longValue()) : this;
    }

    /** A string, number, boolean, enum, tree or {@link JsonForm}; left out when absent. */
    public JsonFields optional(String name, Optional<?> value) {
        if (value.isPresent()) {
            object.add(name, element(value.get()));
        }
        return this;
    }

    /** Left out when empty. */
    public JsonFields list(String name, List<?> values) {
        return values.isEmpty() ? this : array(name, values);
    }

    /** Written even when empty. */
    public JsonFields array(String name, List<?> values) {
        var array = new JsonArray(values.size());
        for (Object value : values) {
            array.add(element(value));
        }
        object.add(name, array);
        return this;
    }

    /** Left out when empty. */
    public JsonFields map(String name, Map<String, ?> values) {
        if (!values.isEmpty()) {
            var map = new JsonObject();
            for (Map.Entry<String, ?> entry : values.entrySet()) {
                map.add(entry.getKey(), element(entry.getValue()));
            }
            object.add(name, map);
        }
        return this;
    }

    public JsonObject json() {
        return object;
    }

    private static JsonElement element(Object value) {
        if (value instanceof JsonForm form) {
            return form.json();
        }
        if (value instanceof JsonElement tree) {
            return tree;
        }
        if (value instanceof Number number) {
            return new JsonPrimitive(number);
        }
        if (value instanceof Boolean flag) {
            return new JsonPrimitive(flag);
        }
        return new JsonPrimitive(value.toString());
    }
}
