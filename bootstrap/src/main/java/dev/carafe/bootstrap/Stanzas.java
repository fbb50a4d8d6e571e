package dev.carafe.bootstrap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Files of fields in paragraphs (deb822(5)): sources, releases and indexes of packages. */
final class Stanzas {
    private Stanzas() {}

    /** The paragraphs; names of fields in lower case, lines that go on joined by line feeds. */
    static List<Map<String, String>> parse(String text) {
        var all = new ArrayList<Map<String, String>>();
        Map<String, String> fields = new LinkedHashMap<>();
        String name = "";
        for (String line : text.split("\n", -1)) {
            if (line.isBlank()) {
                if (!fields.isEmpty()) {
                    all.add(fields);
                    fields = new LinkedHashMap<>();
                }
                name = "";
            } else if (line.startsWith("#")) {
                continue;
            } else if (Character.isWhitespace(line.charAt(0))) {
                if (!name.isEmpty()) {
                    fields.merge(name, line.strip(), (before, more) -> before.isEmpty() ? more : before + "\n" + more);
                }
            } else {
                int colon = line.indexOf(':');
                name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
                if (!name.isEmpty()) {
                    fields.put(name, line.substring(colon + 1).strip());
                }
            }
        }
        if (!fields.isEmpty()) {
            all.add(fields);
        }
        return all;
    }
}
