package dev.carafe.build.dockerfile;

import java.util.List;
import java.util.stream.Collectors;

/** Prints lines as trees in parentheses, in the form that BuildKit's tests compare. */
final class LinePrint {
    private LinePrint() {
    }

    static String of(List<Line> lines) {
        return lines.stream().map(line -> "(" + of(line) + ")").collect(Collectors.joining("\n"));
    }

    private static String of(Line line) {
        var text = new StringBuilder(line.keyword());
        if (!line.flags().isEmpty()) {
            text.append(line.flags().stream().map(LinePrint::quote).collect(Collectors.joining(" ", " [", "]")));
        }
        if (line.trigger().isPresent()) {
            return text.append(" (").append(of(line.trigger().get())).append(')').toString();
        }
        line.words().forEach(word -> text.append(' ').append(quote(word)));
        return text.toString();
    }

    private static String quote(String word) {
        var quoted = new StringBuilder("\"");
        word.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case 0 -> quoted.append("\\x00");
                default -> quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }
}
