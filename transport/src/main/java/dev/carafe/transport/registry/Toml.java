package dev.carafe.transport.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads TOML 1.0 as far as registries.conf and hosts.toml use it, into a JSON tree: tables, arrays of tables, dotted and quoted
 * keys, strings of all four kinds, numbers, booleans, arrays and inline tables. Dates stay text.
 */
final class Toml {
    private static final int DEEPEST = 32;

    private final String document;
    private final String text;
    private int at;
    private int depth;

    private Toml(String document, String text) {
        this.document = document;
        this.text = text.replace("\r\n", "\n");
    }

    /** @param document what it is called in faults */
    static JsonObject parse(String document, String text) {
        return new Toml(document, text).document();
    }

    private JsonObject document() {
        var root = new JsonObject();
        JsonObject table = root;
        while (true) {
            skipLines();
            if (at >= text.length()) {
                return root;
            }
            if (text.startsWith("[[", at)) {
                at += 2;
                List<String> key = key();
                expect("]]");
                table = append(root, key);
            } else if (text.charAt(at) == '[') {
                at++;
                List<String> key = key();
                expect("]");
                table = descend(root, key);
            } else {
                pair(table);
            }
            endLine();
        }
    }

    private void pair(JsonObject table) {
        List<String> key = key();
        expect("=");
        JsonObject parent = descend(table, key.subList(0, key.size() - 1));
        if (parent.has(key.getLast())) {
            throw fault("the key \"" + key.getLast() + "\" occurs twice");
        }
        parent.add(key.getLast(), value());
    }

    private JsonObject descend(JsonObject from, List<String> key) {
        JsonObject table = from;
        for (String word : key) {
            JsonElement next = table.get(word);
            if (next == null) {
                next = new JsonObject();
                table.add(word, next);
            }
            if (next instanceof JsonArray array && !array.isEmpty()) {
                next = array.get(array.size() - 1);
            }
            if (!(next instanceof JsonObject object)) {
                throw fault("\"" + word + "\" is no table");
            }
            table = object;
        }
        return table;
    }

    private JsonObject append(JsonObject root, List<String> key) {
        JsonObject parent = descend(root, key.subList(0, key.size() - 1));
        if (!parent.has(key.getLast())) {
            parent.add(key.getLast(), new JsonArray());
        }
        if (!(parent.get(key.getLast()) instanceof JsonArray array)) {
            throw fault("\"" + key.getLast() + "\" is no array of tables");
        }
        var table = new JsonObject();
        array.add(table);
        return table;
    }

    private List<String> key() {
        var words = new ArrayList<String>();
        do {
            skipBlanks();
            char c = peek();
            if (c == '"' || c == '\'') {
                words.add(string());
            } else {
                int start = at;
                while (Character.isLetterOrDigit(peek()) || peek() == '_' || peek() == '-') {
                    at++;
                }
                if (at == start) {
                    throw fault("expected a key");
                }
                words.add(text.substring(start, at));
            }
            skipBlanks();
        } while (accept('.'));
        return words;
    }

    private JsonElement value() {
        skipBlanks();
        if (++depth > DEEPEST) {
            throw fault("nested deeper than " + DEEPEST + " levels");
        }
        try {
            char c = peek();
            if (c == '"' || c == '\'') {
                return new JsonPrimitive(string());
            }
            if (accept('[')) {
                return array();
            }
            if (accept('{')) {
                return inlineTable();
            }
            return word();
        } finally {
            depth--;
        }
    }

    private JsonArray array() {
        var array = new JsonArray();
        while (true) {
            skipLines();
            if (accept(']')) {
                return array;
            }
            array.add(value());
            skipLines();
            if (!accept(',') && peek() != ']') {
                throw fault("expected , or ] in an array");
            }
        }
    }

    private JsonObject inlineTable() {
        var table = new JsonObject();
        skipBlanks();
        if (accept('}')) {
            return table;
        }
        do {
            pair(table);
            skipBlanks();
        } while (accept(','));
        expect("}");
        return table;
    }

    private JsonPrimitive word() {
        int start = at;
        while (at < text.length() && " \t\n,]}#".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        if (word.equals("true") || word.equals("false")) {
            return new JsonPrimitive(word.equals("true"));
        }
        try {
            return new JsonPrimitive(Long.parseLong(word.replace("_", "")));
        } catch (NumberFormatException notWhole) {
            if (word.isEmpty() || !Character.isDigit(word.charAt(word.charAt(0) == '-' || word.charAt(0) == '+' ? Math.min(1, word.length() - 1) : 0))) {
                throw fault("expected a value, found \"" + word + "\"");
            }
            return new JsonPrimitive(word);
        }
    }

    private String string() {
        char quote = text.charAt(at);
        String three = String.valueOf(quote).repeat(3);
        boolean many = text.startsWith(three, at);
        at += many ? 3 : 1;
        if (many && peek() == '\n') {
            at++;
        }
        var value = new StringBuilder();
        while (!(many ? text.startsWith(three, at) : peek() == quote)) {
            if (at >= text.length() || !many && peek() == '\n') {
                throw fault("a string without an end");
            }
            char c = text.charAt(at++);
            value.append(c == '\\' && quote == '"' ? escaped() : String.valueOf(c));
        }
        at += many ? 3 : 1;
        return value.toString();
    }

    private String escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case 'b' -> "\b";
            case 't' -> "\t";
            case 'n' -> "\n";
            case 'f' -> "\f";
            case 'r' -> "\r";
            case '"', '\\' -> String.valueOf(c);
            case 'u' -> code(4);
            case 'U' -> code(8);
            case '\n' -> {
                while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
                yield "";
            }
            default -> throw fault("no such escape: \\" + c);
        };
    }

    private String code(int digits) {
        try {
            String value = Character.toString(Integer.parseInt(text.substring(at, at + digits), 16));
            at += digits;
            return value;
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw fault("an escape without its digits");
        }
    }

    private void skipBlanks() {
        while (peek() == ' ' || peek() == '\t') {
            at++;
        }
    }

    private void skipLines() {
        while (at < text.length()) {
            skipBlanks();
            if (peek() == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (!accept('\n')) {
                return;
            }
        }
    }

    private void endLine() {
        skipBlanks();
        if (at < text.length() && peek() != '#' && peek() != '\n') {
            throw fault("expected the end of the line");
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean accept(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(String word) {
        skipBlanks();
        if (!text.startsWith(word, at)) {
            throw fault("expected " + word);
        }
        at += word.length();
    }

    private Fault fault(String reason) {
        long line = text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count() + 1;
        return Fault.invalid(document, "line " + line, reason);
    }
}
