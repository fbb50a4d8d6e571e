package dev.carafe.plan;

import java.util.List;

/** Lists of words as a person would type them. */
final class Words {
    private Words() {
    }

    static String quoted(List<String> words) {
        var line = new StringBuilder();
        for (String word : words) {
            line.append(line.isEmpty() ? "" : " ").append('"').append(word.replace("\"", "\\\"")).append('"');
        }
        return line.toString();
    }
}
