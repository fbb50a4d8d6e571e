package dev.carafe.build.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is left out of a context: the lines of a {@code .dockerignore} (Docker's page on build contexts, ".dockerignore files"), or of {@code --exclude}. Of several lines that match the last one
 * counts; one that begins with {@code !} takes files in again. What matches a directory matches all that is in it.
 */
public final class IgnoreRules {
    /** Nothing is left out. */
    public static final IgnoreRules NONE = new IgnoreRules(List.of());

    private record Rule(Pattern pattern, boolean takesIn) {
    }

    private final List<Rule> rules;

    private IgnoreRules(List<Rule> rules) {
        this.rules = rules;
    }

    /** The rules of a file. */
    public static IgnoreRules parse(String text) {
        return of(List.of((text.startsWith("\uFEFF") ? text.substring(1) : text).split("\n")));
    }

    /** One rule a line; blank ones and comments are none. */
    public static IgnoreRules of(List<String> lines) {
        var rules = new ArrayList<Rule>();
        for (String line : lines) {
            if (line.startsWith("#")) {
                continue;
            }
            String pattern = line.strip();
            boolean takesIn = pattern.startsWith("!");
            if (takesIn) {
                pattern = pattern.substring(1).strip();
            }
            if (pattern.isEmpty()) {
                continue;
            }
            String clean = Path.of(pattern).normalize().toString();
            if (clean.startsWith("/")) {
                clean = clean.substring(1);
            }
            if (!clean.isEmpty()) {
                rules.add(new Rule(PathPattern.of(clean), takesIn));
            }
        }
        return new IgnoreRules(List.copyOf(rules));
    }

    /** Whether that path, relative to the root and clean, is left out. */
    public boolean ignores(String path) {
        boolean out = false;
        for (Rule rule : rules) {
            if (out == rule.takesIn && matches(rule.pattern, path)) {
                out = !rule.takesIn;
            }
        }
        return out;
    }

    /** Whether a directory that is left out has to be looked into all the same, since some of it may be taken in again. */
    public boolean mayTakeIn() {
        return rules.stream().anyMatch(Rule::takesIn);
    }

    private static boolean matches(Pattern pattern, String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            if (pattern.matcher(path.substring(0, end)).matches()) {
                return true;
            }
        }
        return false;
    }
}
