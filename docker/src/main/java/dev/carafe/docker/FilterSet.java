package dev.carafe.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The filters of a list: {@code {"name":["a","b"]}}, or with objects in the place of lists, as older clients send them. */
record FilterSet(Map<String, List<String>> values) {
    static FilterSet of(Query query, List<String> known) {
        String text = query.text("filters");
        var values = new LinkedHashMap<String, List<String>>();
        if (text.isEmpty()) {
            return new FilterSet(values);
        }
        JsonObject tree;
        try {
            tree = Json.parse("filters", text).getAsJsonObject();
        } catch (Fault | IllegalStateException bad) {
            throw ApiFault.invalid("invalid filter");
        }
        for (Map.Entry<String, JsonElement> entry : tree.entrySet()) {
            if (!known.contains(entry.getKey())) {
                throw ApiFault.invalid("invalid filter '" + entry.getKey() + "'");
            }
            values.put(entry.getKey(), words(entry.getValue()));
        }
        return new FilterSet(values);
    }

    private static List<String> words(JsonElement element) {
        var words = new ArrayList<String>();
        if (element instanceof JsonArray array) {
            for (JsonElement word : array) {
                if (!(word instanceof JsonPrimitive primitive) || !primitive.isString()) {
                    throw ApiFault.invalid("invalid filter");
                }
                words.add(primitive.getAsString());
            }
        } else if (element instanceof JsonObject set) {
            for (Map.Entry<String, JsonElement> entry : set.entrySet()) {
                if (entry.getValue() instanceof JsonPrimitive flag && flag.isBoolean() && flag.getAsBoolean()) {
                    words.add(entry.getKey());
                }
            }
        } else {
            throw ApiFault.invalid("invalid filter");
        }
        return words;
    }

    List<String> of(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Whether one of the values given for a name fits, or none was given. */
    boolean any(String name, Predicate<String> fits) {
        List<String> wanted = of(name);
        return wanted.isEmpty() || wanted.stream().anyMatch(fits);
    }

    Optional<Boolean> truth(String name) {
        List<String> wanted = of(name);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        return switch (wanted.getFirst()) {
            case "1", "true" -> Optional.of(true);
            case "0", "false" -> Optional.of(false);
            default -> throw ApiFault.invalid("invalid filter '" + name + "=[" + String.join(" ", wanted) + "]'");
        };
    }

    /** Whether labels fit: all of {@code label}, and none of {@code label!}. */
    boolean labelled(Map<String, String> labels) {
        return of("label").stream().allMatch(label -> labelled(labels, label)) && of("label!").stream().noneMatch(label -> labelled(labels, label));
    }

    private static boolean labelled(Map<String, String> labels, String label) {
        int equals = label.indexOf('=');
        String value = labels.get(equals < 0 ? label : label.substring(0, equals));
        return value != null && (equals < 0 || value.equals(label.substring(equals + 1)));
    }
}
