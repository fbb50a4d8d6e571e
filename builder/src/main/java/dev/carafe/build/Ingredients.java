package dev.carafe.build;

import dev.carafe.base.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a step's result depends on, by name and in order: its key in the cache is their digest, and the first one that differs says why a step has to be done again.
 */
final class Ingredients {
    private final Map<String, String> values = new LinkedHashMap<>();

    Ingredients add(String name, String value) {
        values.put(name, value);
        return this;
    }

    Ingredients copy() {
        var copy = new Ingredients();
        copy.values.putAll(values);
        return copy;
    }

    Digest key() {
        return Digest.sha256(print().getBytes(StandardCharsets.UTF_8));
    }

    /** A line each, in which what would end a line or a field is written as an escape. */
    String print() {
        var text = new StringBuilder();
        values.forEach((name, value) -> text.append(escaped(name)).append('\t').append(escaped(value)).append('\n'));
        return text.toString();
    }

    static Ingredients parse(String text) {
        var read = new Ingredients();
        for (String line : text.split("\n")) {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                read.add(plain(line.substring(0, tab)), plain(line.substring(tab + 1)));
            }
        }
        return read;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    }

    private static String plain(String text) {
        var read = new StringBuilder();
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            if (c == '\\' && k + 1 < text.length()) {
                char next = text.charAt(++k);
                read.append(next == 'n' ? '\n' : next == 't' ? '\t' : next);
            } else {
                read.append(c);
            }
        }
        return read.toString();
    }

    /** Why these are not those of before: the first that differs, in words. */
    String differenceFrom(Ingredients before) {
        List<String> differences = new ArrayList<>();
        values.forEach((name, value) -> {
            String old = before.values.get(name);
            if (old == null) {
                differences.add(name + " is new" + (name.startsWith("file ") || name.startsWith("files") ? "" : ": " + shown(value)));
            } else if (!old.equals(value)) {
                differences.add(name.startsWith("file ") ? name + " changed" + kind(old, value) : name + " changed: " + shown(old) + " → " + shown(value));
            }
        });
        before.values.keySet().stream().filter(name -> !values.containsKey(name)).forEach(name -> differences.add(name + " is gone"));
        if (differences.isEmpty()) {
            return "its layer is not kept any more";
        }
        return differences.getFirst() + (differences.size() > 1 ? " (and " + (differences.size() - 1) + " more)" : "");
    }

    /** What of a file changed: its content, else its mode or kind. */
    private static String kind(String old, String now) {
        String[] before = old.split(" ");
        String[] after = now.split(" ");
        if (!before[0].equals(after[0])) {
            return ": it was a " + before[0] + " and is a " + after[0];
        }
        return before.length > 1 && after.length > 1 && !before[1].equals(after[1]) ? ": mode " + before[1] + " → " + after[1] : "";
    }

    private static String shown(String value) {
        String line = value.replace("\n", "\\n");
        return line.startsWith("sha256:") ? line.substring(0, Math.min(19, line.length())) : "\"" + (line.length() > 80 ? line.substring(0, 77) + "..." : line) + "\"";
    }
}
