package dev.carafe.cli.template;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a template can look at. */
public sealed interface Value {
    /** Nothing: {@code nil}, JSON's {@code null}, a key that a mapping does not hold. */
    Value NOTHING = new Nothing();

    /** See {@link Value#NOTHING}. */
    record Nothing() implements Value {}

    /** {@code true} or {@code false}. */
    record Truth(boolean value) implements Value {}

    /** Go's int. */
    record Whole(long value) implements Value {}

    /** Go's float64. */
    record Real(double value) implements Value {}

    /** Go's string; lengths and places in it count bytes of UTF-8. */
    record Text(String value) implements Value {}

    /** Go's slice. */
    record Sequence(List<Value> values) implements Value {
        public Sequence {
            values = List.copyOf(values);
        }
    }

    /**
     * Go's map with strings for keys, or a struct. It remembers the order in which it was built for JSON; templates visit it in the order
     * of the keys.
     *
     * @param absent for a struct, the names of fields that it has though they are not in its JSON; to ask for any other is an error. Empty:
     *     it is a map, which answers with nothing for a key that it has not
     */
    record Mapping(Map<String, Value> entries, Optional<Set<String>> absent) implements Value {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /** A map. */
        public Mapping(Map<String, Value> entries) {
            this(entries, Optional.empty());
        }

        /** Whether it is an error to ask for that name. */
        boolean refuses(String name) {
            return !entries.containsKey(name) && absent.isPresent() && !absent.get().contains(name);
        }

        /** What {@code index} finds under a key that is not there: Go's zero value, which is "" where all values are texts. */
        Value zero() {
            if (entries.isEmpty()) {
                return NOTHING;
            }
            for (Value value : entries.values()) {
                if (!(value instanceof Text)) {
                    return NOTHING;
                }
            }
            return new Text("");
        }

        Map<String, Value> sorted() {
            return new TreeMap<>(entries);
        }
    }

    /** An object with a fixed set of columns, which are computed when they are asked for. */
    non-sealed interface Row extends Value {
        /** What messages call it. */
        String typeName();

        /** The names of all columns, in the order of its JSON form. */
        List<String> columns();

        /** The value of a column; empty when there is none of that name. */
        Optional<Value> column(String name);

        /** The answer of a method that takes one text, such as {@code .Label "key"}; empty when there is none of that name. */
        Optional<Value> ask(String method, String argument);
    }

    static Value of(String text) {
        return new Text(text);
    }

    static Value of(long number) {
        return new Whole(number);
    }

    static Value of(boolean truth) {
        return new Truth(truth);
    }

    /**
     * A tree of JSON that stands for structs.
     *
     * @param maps the names of fields that are maps, with whatever is below them
     * @param absent the names of fields that a struct leaves out of its JSON when there is nothing to say
     */
    static Value document(JsonElement json, Set<String> maps, Set<String> absent) {
        if (json instanceof JsonObject object) {
            var entries = new LinkedHashMap<String, Value>();
            for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                entries.put(entry.getKey(), maps.contains(entry.getKey()) ? of(entry.getValue()) : document(entry.getValue(), maps, absent));
            }
            return new Mapping(entries, Optional.of(absent));
        }
        if (json instanceof JsonArray array) {
            var values = new ArrayList<Value>(array.size());
            for (JsonElement element : array) {
                values.add(document(element, maps, absent));
            }
            return new Sequence(values);
        }
        return of(json);
    }

    /** A tree of JSON: numbers without fraction and exponent are {@link Whole} where 64 bits hold them. */
    static Value of(JsonElement json) {
        if (json instanceof JsonObject object) {
            var entries = new LinkedHashMap<String, Value>();
            for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                entries.put(entry.getKey(), of(entry.getValue()));
            }
            return new Mapping(entries);
        }
        if (json instanceof JsonArray array) {
            var values = new ArrayList<Value>(array.size());
            for (JsonElement element : array) {
                values.add(of(element));
            }
            return new Sequence(values);
        }
        if (json instanceof JsonPrimitive primitive) {
            if (primitive.isBoolean()) {
                return new Truth(primitive.getAsBoolean());
            }
            return primitive.isString() ? new Text(primitive.getAsString()) : number(primitive.getAsString());
        }
        return NOTHING;
    }

    private static Value number(String text) {
        try {
            return new Whole(Long.parseLong(text));
        } catch (NumberFormatException notWhole) {
            return new Real(Double.parseDouble(text));
        }
    }
}
