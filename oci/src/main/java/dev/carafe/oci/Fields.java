package dev.carafe.oci;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.base.Timestamps;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object of a document, read by type. What does not fit is a fault that names the document, the field's path
 * and the section of the spec: {@code config.json process.rlimits[2].soft: expected a number, found a string (runtime-spec
 * config.md#posix-process)}.
 *
 * <p>A field that is {@code null} counts as absent, as every Go program writes and reads it. Fields that nobody asks for are
 * ignored.
 */
public final class Fields {
    private final JsonObject object;
    private final String document;
    private final @Nullable Fields parent;
    private final String step;
    private final String section;

    private Fields(JsonObject object, String document, @Nullable Fields parent, String step, String section) {
        this.object = object;
        this.document = document;
        this.parent = parent;
        this.step = step;
        this.section = section;
    }

    /** The fields of a whole document, which faults call {@code document}. */
    public static Fields of(String document, JsonObject object) {
        return new Fields(object, document, null, "", "");
    }

    /** The same fields, whose faults point to this section, such as {@code runtime-spec config.md#process}. */
    public Fields section(String reference) {
        return new Fields(object, document, parent, step, reference);
    }

    /** The object itself. */
    public JsonObject object() {
        return object;
    }

    public boolean has(String name) {
        return find(name).isPresent();
    }

    public String string(String name) {
        return require(name, optionalString(name));
    }

    public Optional<String> optionalString(String name) {
        return find(name).map(e -> text(name, e));
    }

    /** False when absent. */
    public boolean flag(String name) {
        return optionalFlag(name).orElse(false);
    }

    public Optional<Boolean> optionalFlag(String name) {
        return find(name).map(e -> {
            if (e instanceof JsonPrimitive p && p.isBoolean()) {
                return p.getAsBoolean();
            }
            throw mismatch(name, "a boolean", e);
        });
    }

    public long int64(String name) {
        return require(name, optionalInt64(name));
    }

    public Optional<Long> optionalInt64(String name) {
        return find(name).map(e -> whole(name, e, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    public int int32(String name) {
        return require(name, optionalInt32(name));
    }

    public Optional<Integer> optionalInt32(String name) {
        return find(name).map(e -> (int) whole(name, e, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    /** A whole number from {@code min} to {@code max}. */
    public int range(String name, int min, int max) {
        return require(name, optionalRange(name, min, max));
    }

    /** A whole number from {@code min} to {@code max}. */
    public Optional<Integer> optionalRange(String name, int min, int max) {
        return find(name).map(e -> (int) whole(name, e, min, max));
    }

    public long uint32(String name) {
        return require(name, optionalUint32(name));
    }

    public Optional<Long> optionalUint32(String name) {
        return find(name).map(e -> whole(name, e, 0, 0xFFFF_FFFFL));
    }

    /** From 0 to 2⁶⁴−1; the long's bits are to be read as unsigned. */
    public long uint64(String name) {
        return require(name, optionalUint64(name));
    }

    /** From 0 to 2⁶⁴−1; the long's bits are to be read as unsigned. */
    public Optional<Long> optionalUint64(String name) {
        return find(name).map(e -> {
            BigInteger number = wholeNumber(name, e);
            if (number.signum() < 0 || number.bitLength() > Long.SIZE) {
                throw outOfRange(name, number, "0", Long.toUnsignedString(-1));
            }
            return number.longValue();
        });
    }

    /** One of the given constants, chosen by its {@code toString}. */
    public <E extends Enum<E>> E oneOf(String name, E[] constants) {
        return require(name, optionalOneOf(name, constants));
    }

    /** One of the given constants, chosen by its {@code toString}. */
    public <E extends Enum<E>> Optional<E> optionalOneOf(String name, E[] constants) {
        return find(name).map(e -> constant(name, e, constants));
    }

    /** Constants, each chosen by its {@code toString}; empty when absent. */
    public <E extends Enum<E>> List<E> allOf(String name, E[] constants) {
        return list(name, (at, e) -> constant(at, e, constants));
    }

    /** Empty when absent. */
    public List<String> strings(String name) {
        return list(name, this::text);
    }

    /** Numbers from 0 to 2³²−1; empty when absent. */
    public List<Long> uint32s(String name) {
        return list(name, (at, e) -> whole(at, e, 0, 0xFFFF_FFFFL));
    }

    /** In the document's order; empty when absent. */
    public Map<String, String> stringMap(String name) {
        return map(name, this::text);
    }

    /** The object in this field, handed to its parser. */
    public <T> T object(String name, Function<Fields, T> parser) {
        return require(name, optionalObject(name, parser));
    }

    /** The object in this field, handed to its parser. */
    public <T> Optional<T> optionalObject(String name, Function<Fields, T> parser) {
        return find(name).map(e -> parser.apply(child(name, e)));
    }

    /** Each object of the array in this field, handed to the parser; empty when absent. */
    public <T> List<T> objects(String name, Function<Fields, T> parser) {
        return list(name, (at, e) -> parser.apply(child(at, e)));
    }

    /** Each object in the object in this field, by name and in the document's order, handed to the parser; empty when absent. */
    public <T> Map<String, T> objectMap(String name, Function<Fields, T> parser) {
        return map(name, (at, e) -> parser.apply(child(at, e)));
    }

    /** The names in the object in this field, whatever they stand for; empty when absent. */
    public List<String> names(String name) {
        return List.copyOf(map(name, (at, e) -> e).keySet());
    }

    public Digest digest(String name) {
        return require(name, find(name).map(e -> digest(name, e)));
    }

    /** Empty when absent. */
    public List<Digest> digests(String name) {
        return list(name, this::digest);
    }

    /** A point in time as RFC 3339 writes it. */
    public Optional<Instant> optionalTime(String name) {
        return optionalString(name).map(text -> {
            try {
                return Timestamps.parse(text);
            } catch (Fault e) {
                throw fault(name, "expected a time, found \"" + text + "\"").cause(e);
            }
        });
    }

    /** A length of time in nanoseconds. */
    public Optional<Duration> optionalNanos(String name) {
        return optionalInt64(name).map(Duration::ofNanos);
    }

    /** A fault about this object as a whole. */
    public Fault fault(String reason) {
        return Fault.invalid(document, path(), section.isEmpty() ? reason : reason + " (" + section + ")");
    }

    /** A fault about one of its fields. */
    public Fault fault(String name, String reason) {
        return new Fields(object, document, this, name, section).fault(reason);
    }

    private String path() {
        if (parent == null) {
            return step;
        }
        String before = parent.path();
        return before.isEmpty() || step.startsWith("[") ? before + step : before + "." + step;
    }

    private Optional<JsonElement> find(String name) {
        JsonElement value = object.get(name);
        return value == null || value instanceof JsonNull ? Optional.empty() : Optional.of(value);
    }

    private <T> T require(String name, Optional<T> value) {
        if (value.isEmpty()) {
            throw fault(name, "required, but missing");
        }
        return value.get();
    }

    private <T> List<T> list(String name, BiFunction<String, JsonElement, T> each) {
        Optional<JsonElement> found = find(name);
        if (found.isEmpty()) {
            return List.of();
        }
        if (!(found.get() instanceof JsonArray array)) {
            throw mismatch(name, "an array", found.get());
        }
        var values = new ArrayList<T>(array.size());
        for (int i = 0; i < array.size(); i++) {
            values.add(each.apply(name + "[" + i + "]", array.get(i)));
        }
        return Collections.unmodifiableList(values);
    }

    private <T> Map<String, T> map(String name, BiFunction<String, JsonElement, T> each) {
        Optional<JsonElement> found = find(name);
        if (found.isEmpty()) {
            return Map.of();
        }
        if (!(found.get() instanceof JsonObject entries)) {
            throw mismatch(name, "an object", found.get());
        }
        var values = new LinkedHashMap<String, T>();
        for (Map.Entry<String, JsonElement> entry : entries.entrySet()) {
            values.put(entry.getKey(), each.apply(name + "[\"" + entry.getKey() + "\"]", entry.getValue()));
        }
        return Collections.unmodifiableMap(values);
    }

    private Fields child(String name, JsonElement element) {
        if (element instanceof JsonObject fields) {
            return new Fields(fields, document, this, name, section);
        }
        throw mismatch(name, "an object", element);
    }

    private String text(String name, JsonElement element) {
        if (element instanceof JsonPrimitive p && p.isString()) {
            return p.getAsString();
        }
        throw mismatch(name, "a string", element);
    }

    private Digest digest(String name, JsonElement element) {
        String text = text(name, element);
        try {
            return Digest.parse(text);
        } catch (Fault e) {
            throw fault(name, "\"" + text + "\" is not a digest: " + e.reason()).kind(e.kind()).cause(e);
        }
    }

    private <E extends Enum<E>> E constant(String name, JsonElement element, E[] constants) {
        String word = text(name, element);
        for (E constant : constants) {
            if (constant.toString().equals(word)) {
                return constant;
            }
        }
        var known = new StringBuilder("unknown value \"").append(word).append("\", expected ");
        for (int i = 0; i < constants.length; i++) {
            known.append(i == 0 ? "" : i == constants.length - 1 ? " or " : ", ").append(constants[i]);
        }
        throw fault(name, known.toString());
    }

    private long whole(String name, JsonElement element, long min, long max) {
        BigInteger number = wholeNumber(name, element);
        if (number.bitLength() >= Long.SIZE || number.longValue() < min || number.longValue() > max) {
            throw outOfRange(name, number, Long.toString(min), Long.toString(max));
        }
        return number.longValue();
    }

    private BigInteger wholeNumber(String name, JsonElement element) {
        if (!(element instanceof JsonPrimitive p) || !p.isNumber()) {
            throw mismatch(name, "a number", element);
        }
        Number number = p.getAsNumber();
        if (number instanceof Long || number instanceof Integer) {
            return BigInteger.valueOf(number.longValue());
        }
        try {
            return new BigInteger(number.toString());
        } catch (NumberFormatException e) {
            throw fault(name, "expected a whole number, found " + number).cause(e);
        }
    }

    private Fault outOfRange(String name, BigInteger number, String min, String max) {
        return fault(name, "expected a number from " + min + " to " + max + ", found " + number);
    }

    private Fault mismatch(String name, String expected, JsonElement found) {
        return fault(name, "expected " + expected + ", found " + Json.kind(found));
    }
}
