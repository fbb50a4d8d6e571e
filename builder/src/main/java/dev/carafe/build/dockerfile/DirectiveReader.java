package dev.carafe.build.dockerfile;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads directives from the first lines of a file, until one is none. */
final class DirectiveReader {
    private static final Pattern FORM = Pattern.compile("#\\s*([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(.+?)\\s*");
    private static final Set<String> KNOWN = Set.of("syntax", "escape", "check");

    private final Set<String> seen = new HashSet<>();
    private Directives read = Directives.USUAL;
    private boolean over;

    Directives directives() {
        return read;
    }

    /** @param number of the line, counted from 1 */
    void line(String line, int number) {
        if (over) {
            return;
        }
        Matcher matcher = FORM.matcher(line);
        if (!matcher.matches() || !KNOWN.contains(matcher.group(1).toLowerCase(Locale.ROOT))) {
            over = true;
            return;
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        String value = matcher.group(2);
        if (!seen.add(name)) {
            throw ParseFault.at(number, "only one " + name + " parser directive can be used");
        }
        read = switch (name) {
            case "syntax" -> new Directives(Optional.of(value), read.escape(), read.check());
            case "check" -> new Directives(read.syntax(), read.escape(), Optional.of(value));
            default -> {
                if (!value.equals("\\") && !value.equals("`")) {
                    throw ParseFault.at(number, "invalid escape token '" + value + "' does not match ` or \\");
                }
                yield new Directives(read.syntax(), value.charAt(0), read.check());
            }
        };
    }
}
