package dev.carafe.oci;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Prints trees, in UTF-8. Characters that a reader of JSON or of JavaScript would trip over are escaped, as Gson and Go's encoder escape them.
 *
 * <p>A process of one command prints before anything is compiled, so there is one short loop for each text, and the rest is copying.
 */
final class JsonPrinter {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private static final byte[] NULL = ascii("null");

    private final String indent;
    private byte[] bytes = new byte[4096];
    private int size;
    private int depth;

    /** @param indent what each level adds on a line of its own; empty: all on one line */
    JsonPrinter(String indent) {
        this.indent = indent;
    }

    byte[] print(JsonElement tree) {
        element(tree);
        return Arrays.copyOf(bytes, size);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void put(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
    }

    private void put(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }

    private void element(JsonElement element) {
        if (element instanceof JsonPrimitive primitive) {
            if (primitive.isString()) {
                string(primitive.getAsString());
            } else {
                put(ascii(primitive.getAsString()));
            }
        } else if (element instanceof JsonObject object) {
            object(object);
        } else if (element instanceof JsonArray array) {
            array(array);
        } else {
            put(NULL);
        }
    }

    private void object(JsonObject object) {
        put('{');
        depth++;
        boolean first = true;
        for (Map.Entry<String, JsonElement> field : object.entrySet()) {
            separate(first);
            first = false;
            string(field.getKey());
            put(':');
            if (!indent.isEmpty()) {
                put(' ');
            }
            element(field.getValue());
        }
        end(first, '}');
    }

    private void array(JsonArray array) {
        put('[');
        depth++;
        for (int k = 0; k < array.size(); k++) {
            separate(k == 0);
            element(array.get(k));
        }
        end(array.isEmpty(), ']');
    }

    private void separate(boolean first) {
        if (!first) {
            put(',');
        }
        startLine();
    }

    private void end(boolean empty, char bracket) {
        depth--;
        if (!empty) {
            startLine();
        }
        put(bracket);
    }

    private void startLine() {
        if (!indent.isEmpty()) {
            put(ascii("\n" + indent.repeat(depth)));
        }
    }

    private void string(String value) {
        put('"');
        byte[] plain = ascii(value);
        if (isPlain(plain)) {
            put(plain);
        } else {
            escaped(value);
        }
        put('"');
    }

    /** Whether that is the text as it stands; what is not in Latin-1 has become a question mark, and what is not in ASCII is negative. */
    private static boolean isPlain(byte[] latin) {
        for (byte b : latin) {
            if (b < ' ' || b == '"' || b == '\\' || b == '?') {
                return false;
            }
        }
        return true;
    }

    private void escaped(String value) {
        int done = 0;
        for (int k = 0; k < value.length(); k++) {
            char c = value.charAt(k);
            if (Character.isHighSurrogate(c) && k + 1 < value.length() && Character.isLowSurrogate(value.charAt(k + 1))) {
                k++;
            } else if (c < ' ' || c == '"' || c == '\\' || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c)) {
                // Half a pair is no character, so UTF-8 has nothing for it.
                put(value.substring(done, k).getBytes(StandardCharsets.UTF_8));
                done = k + 1;
                escape(c);
            }
        }
        put(value.substring(done).getBytes(StandardCharsets.UTF_8));
    }

    private void escape(char c) {
        put('\\');
        int letter = "\"\\\t\b\n\r\f".indexOf(c);
        if (letter >= 0) {
            put("\"\\tbnrf".charAt(letter));
        } else {
            put('u');
            for (int shift = 12; shift >= 0; shift -= 4) {
                put(HEX[c >> shift & 15]);
            }
        }
    }
}
