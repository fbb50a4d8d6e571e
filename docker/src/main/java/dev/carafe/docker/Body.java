package dev.carafe.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object that a client sent. As dockerd reads it: names match in any case where none matches exactly, null is the same as absent, what
 * is not known is passed over; a value of another type than docker's is refused.
 */
record Body(JsonObject object) {
    @Nullable JsonElement get(String name) {
        JsonElement exact = object.get(name);
        if (exact == null) {
            for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                if (entry.getKey().equalsIgnoreCase(name)) {
                    exact = entry.getValue();
                }
            }
        }
        return exact == null || exact.isJsonNull() ? null : exact;
    }

    boolean has(String name) {
        return get(name) != null;
    }

    private static ApiFault wrong(String name, String expected) {
        return ApiFault.invalid("invalid JSON: the value of " + name + " is not " + expected);
    }

    private Optional<JsonPrimitive> primitive(String name, String expected) {
        JsonElement value = get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof JsonPrimitive primitive) {
            return Optional.of(primitive);
        }
        throw wrong(name, expected);
    }

    /** Empty where there is none. */
    String text(String name) {
        Optional<JsonPrimitive> value = primitive(name, "a string");
        if (value.isPresent() && !value.get().isString()) {
            throw wrong(name, "a string");
        }
        return value.map(JsonPrimitive::getAsString).orElse("");
    }

    /** One that is there and not empty. */
    Optional<String> given(String name) {
        return Optional.of(text(name)).filter(text -> !text.isEmpty());
    }

    Optional<Boolean> flag(String name) {
        Optional<JsonPrimitive> value = primitive(name, "a boolean");
        if (value.isPresent() && !value.get().isBoolean()) {
            throw wrong(name, "a boolean");
        }
        return value.map(JsonPrimitive::getAsBoolean);
    }

    boolean on(String name) {
        return flag(name).orElse(false);
    }

    Optional<Long> number(String name) {
        Optional<JsonPrimitive> value = primitive(name, "a number");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (value.get().isNumber()) {
                return Optional.of(value.get().getAsBigDecimal().longValueExact());
            }
        } catch (ArithmeticException fraction) {
            throw wrong(name, "a whole number");
        }
        throw wrong(name, "a number");
    }

    /** A number other than 0, which stands for nothing said. */
    Optional<Long> positive(String name) {
        return number(name).filter(n -> n != 0);
    }

    /** Empty where there is none. */
    Body object(String name) {
        JsonElement value = get(name);
        if (value == null) {
            return new Body(new JsonObject());
        }
        if (value instanceof JsonObject found) {
            return new Body(found);
        }
        throw wrong(name, "an object");
    }

    List<JsonElement> array(String name) {
        JsonElement value = get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof JsonArray found) {
            return found.asList();
        }
        throw wrong(name, "an array");
    }

    List<Body> objects(String name) {
        var list = new ArrayList<Body>();
        for (JsonElement element : array(name)) {
            if (!(element instanceof JsonObject found)) {
                throw wrong(name, "an array of objects");
            }
            list.add(new Body(found));
        }
        return list;
    }

    List<String> texts(String name) {
        var list = new ArrayList<String>();
        for (JsonElement element : array(name)) {
            if (!(element instanceof JsonPrimitive word) || !word.isString()) {
                throw wrong(name, "an array of strings");
            }
            list.add(word.getAsString());
        }
        return list;
    }

    /** A list, or a single string, which stands for a list of itself. */
    List<String> words(String name) {
        return get(name) instanceof JsonPrimitive word && word.isString() ? List.of(word.getAsString()) : texts(name);
    }

    Map<String, String> map(String name) {
        var map = new LinkedHashMap<String, String>();
        for (Map.Entry<String, JsonElement> entry : object(name).object.entrySet()) {
            if (!(entry.getValue() instanceof JsonPrimitive word) || !word.isString()) {
                throw wrong(name, "an object of strings");
            }
            map.put(entry.getKey(), word.getAsString());
        }
        return map;
    }
}
