package dev.carafe.oci;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.carafe.base.Fault;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * JSON text to a tree and back (RFC 8259), stricter than most: a key that occurs twice, anything after the document, a byte
 * order mark, bytes that are not UTF-8 and nesting past {@value #MAX_DEPTH} levels are faults, since two readers could
 * otherwise see two different documents in one digest.
 *
 * <p>The first argument of each {@code parse} is what the document is called in faults, such as {@code config.json}. The
 * caller bounds the length of what is read.
 */
public final class Json {
    /** How many arrays and objects may be open at once. */
    public static final int MAX_DEPTH = 128;

    private static final int MAX_NUMBER_LENGTH = 400;

    private Json() {}

    /** Reads one document of any kind. */
    public static JsonElement parse(String document, String text) {
        if (text.startsWith("\uFEFF")) {
            throw Fault.invalid(document, "line 1 column 1", "starts with a byte order mark");
        }
        var in = new JsonReader(new StringReader(text));
        in.setStrictness(Strictness.STRICT);
        try {
            JsonElement tree = read(document, in, 0);
            if (in.peek() != JsonToken.END_DOCUMENT) {
                throw syntax(document, in, "more follows after the end of the document");
            }
            return tree;
        } catch (MalformedJsonException e) {
            throw syntax(document, in, "malformed JSON").cause(e);
        } catch (IOException e) {
            throw Fault.invalid(document, "", text.isBlank() ? "empty, expected JSON" : "ends before its JSON does").cause(e);
        }
    }

    /** Reads one document from UTF-8. */
    public static JsonElement parse(String document, byte[] utf8) {
        try {
            return parse(document, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
        } catch (CharacterCodingException e) {
            throw Fault.invalid(document, "", "not UTF-8").cause(e);
        }
    }

    /** Reads a document that must be an object. */
    public static JsonObject parseObject(String document, String text) {
        return object(document, parse(document, text));
    }

    /** Reads a document that must be an object, from UTF-8. */
    public static JsonObject parseObject(String document, byte[] utf8) {
        return object(document, parse(document, utf8));
    }

    private static JsonObject object(String document, JsonElement tree) {
        if (tree instanceof JsonObject object) {
            return object;
        }
        throw Fault.invalid(document, "", "expected an object, found " + kind(tree));
    }

    /** The tree on one line without spaces, as digests and the wire want it. */
    public static String compact(JsonElement tree) {
        return new String(bytes(tree), StandardCharsets.UTF_8);
    }

    /** As {@link #compact}, in UTF-8. */
    public static byte[] bytes(JsonElement tree) {
        return new JsonPrinter("").print(tree);
    }

    /**
     * The tree over several lines, without a line feed at the end.
     *
     * @param indent what each level adds: four spaces for {@code docker inspect}, two spaces or a tab for runtimes
     */
    public static String pretty(JsonElement tree, String indent) {
        return new String(new JsonPrinter(indent).print(tree), StandardCharsets.UTF_8);
    }

    /** What a reader calls this element: "a string", "an object", "null" and so on. */
    static String kind(JsonElement element) {
        if (element instanceof JsonPrimitive primitive) {
            return primitive.isString() ? "a string" : primitive.isNumber() ? "a number" : "a boolean";
        }
        return element.isJsonObject() ? "an object" : element.isJsonArray() ? "an array" : "null";
    }

    private static JsonElement read(String document, JsonReader in, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw syntax(document, in, "nested deeper than " + MAX_DEPTH + " levels");
        }
        return switch (in.peek()) {
            case BEGIN_OBJECT -> readObject(document, in, depth);
            case BEGIN_ARRAY -> readArray(document, in, depth);
            case STRING -> new JsonPrimitive(in.nextString());
            case NUMBER -> new JsonPrimitive(number(document, in));
            case BOOLEAN -> new JsonPrimitive(in.nextBoolean());
            case NULL -> {
                in.nextNull();
                yield JsonNull.INSTANCE;
            }
            case END_ARRAY, END_OBJECT, NAME, END_DOCUMENT -> throw syntax(document, in, "expected a value");
        };
    }

    private static JsonObject readObject(String document, JsonReader in, int depth) throws IOException {
        var object = new JsonObject();
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            if (object.has(name)) {
                throw syntax(document, in, "the key \"" + name + "\" occurs twice");
            }
            object.add(name, read(document, in, depth + 1));
        }
        in.endObject();
        return object;
    }

    private static JsonArray readArray(String document, JsonReader in, int depth) throws IOException {
        var array = new JsonArray();
        in.beginArray();
        while (in.hasNext()) {
            array.add(read(document, in, depth + 1));
        }
        in.endArray();
        return array;
    }

    private static Number number(String document, JsonReader in) throws IOException {
        String literal = in.nextString();
        if (literal.length() > MAX_NUMBER_LENGTH) {
            throw syntax(document, in, "a number of " + literal.length() + " digits");
        }
        for (int i = literal.startsWith("-") ? 1 : 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c < '0' || c > '9') {
                try {
                    return new BigDecimal(literal);
                } catch (NumberFormatException e) {
                    throw syntax(document, in, "the number " + literal + " is out of range").cause(e);
                }
            }
        }
        if (literal.length() < 19) {
            return Long.parseLong(literal);
        }
        var whole = new BigInteger(literal);
        return whole.bitLength() < Long.SIZE ? (Number) whole.longValue() : whole;
    }

    private static Fault syntax(String document, JsonReader in, String reason) {
        // JsonReader tells where it stands in its text form alone: "JsonReader at line 1 column 2 path $".
        String place = in.toString();
        int from = place.indexOf("line ");
        int to = place.indexOf(" path ", from);
        return Fault.invalid(document, from < 0 || to < 0 ? "" : place.substring(from, to), reason);
    }
}
