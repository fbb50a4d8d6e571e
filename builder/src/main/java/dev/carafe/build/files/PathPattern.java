package dev.carafe.build.files;

import dev.carafe.base.Fault;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Patterns of paths in Go's words: {@code *} and {@code ?} within a component, {@code [a-z]} and {@code [^a-z]}, a backslash; and {@code **} across components. */
final class PathPattern {
    private static final String META = "*?[\\";

    private PathPattern() {
    }

    /** Whether the text means more than itself. */
    static boolean isPattern(String text) {
        return text.chars().anyMatch(c -> META.indexOf(c) >= 0);
    }

    /** The expression that whole paths match. */
    static Pattern of(String glob) {
        var regex = new StringBuilder();
        for (int k = 0; k < glob.length(); k++) {
            char c = glob.charAt(k);
            switch (c) {
                case '*' -> {
                    if (k + 1 < glob.length() && glob.charAt(k + 1) == '*') {
                        k++;
                        if (k + 1 < glob.length() && glob.charAt(k + 1) == '/') {
                            k++;
                            regex.append("(.*/)?");
                        } else {
                            regex.append(".*");
                        }
                    } else {
                        regex.append("[^/]*");
                    }
                }
                case '?' -> regex.append("[^/]");
                case '[' -> {
                    int end = glob.indexOf(']', k + 2);
                    if (end < 0) {
                        throw bad(glob);
                    }
                    String set = glob.substring(k + 1, end);
                    boolean not = set.startsWith("^");
                    regex.append(not ? "[^/" : "[").append((not ? set.substring(1) : set).replace("\\", "\\\\").replace("[", "\\[").replace("&&", "&\\&").replace("^", "\\^"))
                            .append(']');
                    k = end;
                }
                case '\\' -> {
                    if (k + 1 == glob.length()) {
                        throw bad(glob);
                    }
                    regex.append(Pattern.quote(String.valueOf(glob.charAt(++k))));
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            return Pattern.compile(regex.toString(), Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw bad(glob);
        }
    }

    private static Fault bad(String glob) {
        return Fault.invalid("read", "pattern \"" + glob + "\"", "syntax error in pattern");
    }
}
