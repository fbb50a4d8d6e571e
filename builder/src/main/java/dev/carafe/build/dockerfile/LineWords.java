package dev.carafe.build.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parts one instruction into name, flags and arguments, each kind of instruction by its own rule. */
final class LineWords {
    private static final Pattern BLANKS = Pattern.compile("[\\t\\x0B\\f\\r ]+");

    private final char escape;
    private final int number;

    private LineWords(char escape, int number) {
        this.escape = escape;
        this.number = number;
    }

    /** @param number of the line, for faults */
    static Line parse(String text, char escape, int number) {
        return new LineWords(escape, number).line(text);
    }

    /** The arguments of an instruction. */
    private record Arguments(List<String> words, boolean json, Optional<Line> trigger) {
        static Arguments of(List<String> words) {
            return new Arguments(words, false, Optional.empty());
        }
    }

    private Line line(String text) {
        String[] parts = BLANKS.split(text.strip(), 2);
        FlagWords flags = FlagWords.of(parts.length == 2 ? parts[1].strip() : "");
        String rest = flags.rest().strip();
        Arguments arguments = arguments(parts[0].toLowerCase(Locale.ROOT), rest);
        return new Line(parts[0], flags.flags(), arguments.words, arguments.json, arguments.trigger, List.of(), text.strip(), number, number, List.of());
    }

    private Arguments arguments(String keyword, String rest) {
        return switch (keyword) {
            case "add", "copy", "volume" -> json(rest).orElseGet(() -> Arguments.of(blanks(rest)));
            case "run", "cmd", "entrypoint", "shell" -> json(rest).orElseGet(() -> Arguments.of(whole(rest)));
            case "arg" -> Arguments.of(quotedWords(rest));
            case "env" -> Arguments.of(pairs(rest, "ENV"));
            case "label" -> Arguments.of(pairs(rest, "LABEL"));
            case "expose", "from" -> Arguments.of(blanks(rest));
            case "healthcheck" -> health(rest);
            case "onbuild" -> rest.isEmpty() ? Arguments.of(List.of()) : new Arguments(List.of(rest), false, Optional.of(line(rest)));
            default -> Arguments.of(whole(rest));
        };
    }

    private static List<String> whole(String rest) {
        return rest.isEmpty() ? List.of() : List.of(rest);
    }

    private static List<String> blanks(String rest) {
        return rest.isEmpty() ? List.of() : List.of(BLANKS.split(rest));
    }

    private Optional<Arguments> json(String rest) {
        return switch (JsonWords.read(rest)) {
            case JsonWords.Words words -> Optional.of(new Arguments(words.words(), true, Optional.empty()));
            case JsonWords.OtherValues other -> throw ParseFault.at(number, "when using JSON array syntax, arrays must be comprised of strings only");
            case JsonWords.NoArray none -> Optional.empty();
        };
    }

    /** A word that tells the kind, then a command. */
    private Arguments health(String rest) {
        if (rest.isEmpty()) {
            return Arguments.of(List.of());
        }
        int end = 0;
        while (end < rest.length() && !Character.isWhitespace(rest.charAt(end))) {
            end++;
        }
        String command = rest.substring(end).strip();
        Arguments arguments = json(command).orElseGet(() -> Arguments.of(whole(command)));
        var words = new ArrayList<String>();
        words.add(rest.substring(0, end));
        words.addAll(arguments.words);
        return new Arguments(words, arguments.json, Optional.empty());
    }

    private List<String> pairs(String rest, String keyword) {
        List<String> words = quotedWords(rest);
        if (words.isEmpty()) {
            return List.of();
        }
        if (words.getFirst().indexOf('=') < 0) {
            String[] parts = BLANKS.split(rest, 2);
            if (parts.length < 2) {
                throw ParseFault.at(number, keyword + " must have two arguments");
            }
            return List.of(parts[0], parts[1], "");
        }
        var pairs = new ArrayList<String>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw ParseFault.at(number, "Syntax error - can't find = in \"" + word + "\". Must be of the form: name=value");
            }
            pairs.add(word.substring(0, equals));
            pairs.add(word.substring(equals + 1));
            pairs.add("=");
        }
        return pairs;
    }

    /** Words parted at blanks that are neither quoted nor escaped; quotes and escapes stay. */
    private List<String> quotedWords(String rest) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int k = 0; k < rest.length(); k++) {
            char c = rest.charAt(k);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
                continue;
            }
            inWord = true;
            if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else if (c == escape && quote != '\'') {
                if (k + 1 == rest.length()) {
                    continue;
                }
                word.append(c);
                c = rest.charAt(++k);
            }
            word.append(c);
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
