package dev.carafe.oci;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Map;

/** Prints trees. Characters that a reader of JSON or of JavaScript would trip over are escaped, as Gson and Go's encoder escape them. */
final class JsonPrinter {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder text = new StringBuilder(1024);
    private final String indent;
    private int depth;

    /** @param indent what each level adds on a line of its own; empty: all on one line */
    JsonPrinter(String indent) {
        this.indent = indent;
    }

    String print(JsonElement tree) {
        element(tree);
        return text.toString();
    }

    private void element(JsonElement element) {
        if (element instanceof JsonPrimitive primitive) {
            if (primitive.isString()) {
                string(primitive.getAsString());
            } else {
                text.append(primitive.getAsString());
            }
        } else if (element instanceof JsonObject object) {
            object(object);
        } else if (element instanceof JsonArray array) {
            array(array);
        } else {
            text.append("null");
        }
    }

    private void object(JsonObject object) {
        text.append('{');
        depth++;
        boolean first = true;
        for (Map.Entry<String, JsonElement> field : object.entrySet()) {
            separate(first);
            first = false;
            string(field.getKey());
            text.append(indent.isEmpty() ? ":" : ": ");
            element(field.getValue());
        }
        end(first, '}');
    }

    private void array(JsonArray array) {
        text.append('[');
        depth++;
        for (int k = 0; k < array.size(); k++) {
            separate(k == 0);
            element(array.get(k));
        }
        end(array.isEmpty(), ']');
    }

    private void separate(boolean first) {
        if (!first) {
            text.append(',');
        }
        startLine();
    }

    private void end(boolean empty, char bracket) {
        depth--;
        if (!empty) {
            startLine();
        }
        text.append(bracket);
    }

    private void startLine() {
        if (!indent.isEmpty()) {
            text.append('\n').repeat(indent, depth);
        }
    }

    private void string(String value) {
        text.append('"');
        int done = 0;
        for (int k = 0; k < value.length(); k++) {
            char c = value.charAt(k);
            if (c < ' ' || c == '"' || c == '\\' || c == '\u2028' || c == '\u2029') {
                text.append(value, done, k);
                done = k + 1;
                escape(c);
            }
        }
        text.append(value, done, value.length()).append('"');
    }

    private void escape(char c) {
        text.append('\\');
        int letter = "\"\\\t\b\n\r\f".indexOf(c);
        if (letter >= 0) {
            text.append("\"\\tbnrf".charAt(letter));
        } else {
            text.append('u').append(HEX[c >> 12]).append(HEX[c >> 8 & 15]).append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
        }
    }
}
