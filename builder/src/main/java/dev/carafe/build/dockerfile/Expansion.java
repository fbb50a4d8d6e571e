package dev.carafe.build.dockerfile;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Replaces variables, quotes and escapes in the words of instructions (Dockerfile reference, "Environment replacement"):
 * {@code $name}, {@code ${name}}, {@code ${name:-word}} and its relatives. A value is immutable and may be used by many threads.
 */
public final class Expansion {
    private final char escape;
    private final boolean rawQuotes;
    private final boolean rawEscapes;
    private final boolean keepUnset;

    private Expansion(char escape, boolean rawQuotes, boolean rawEscapes, boolean keepUnset) {
        this.escape = escape;
        this.rawQuotes = rawQuotes;
        this.rawEscapes = rawEscapes;
        this.keepUnset = keepUnset;
    }

    /** With that escape character; unset variables become nothing. */
    public static Expansion of(char escape) {
        return new Expansion(escape, false, false, false);
    }

    /** Quotes stay in the result. */
    Expansion keepQuotes() {
        return new Expansion(escape, true, rawEscapes, keepUnset);
    }

    /** Escapes stay in the result. */
    Expansion keepEscapes() {
        return new Expansion(escape, rawQuotes, true, keepUnset);
    }

    /** Variables that are not set stay as they are written. */
    Expansion keepUnset() {
        return new Expansion(escape, rawQuotes, rawEscapes, true);
    }

    /** The text as one word. */
    public String word(String text, Variables variables) {
        return new Scan(text, variables).upTo(END, rawEscapes).text.toString();
    }

    /** The text as words: parted at blanks that are not quoted, also at those that a variable brings. */
    public List<String> words(String text, Variables variables) {
        return new Scan(text, variables).upTo(END, rawEscapes).words();
    }

    /** The text with variables replaced and nothing else: quotes and escapes are characters like any other, but {@code \$} stays a dollar. */
    public String document(String text, Variables variables) {
        return new Scan(text, variables).plain();
    }

    private static final int END = -1;

    /** What has been read, whole and as words. */
    private static final class Read {
        private final StringBuilder text = new StringBuilder();
        private final List<String> words = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();
        private boolean inWord;

        void plain(int c) {
            text.appendCodePoint(c);
            part(c);
        }

        /** As a character that may part words. */
        private void part(int c) {
            if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.appendCodePoint(c);
                inWord = true;
            }
        }

        void raw(int c) {
            text.appendCodePoint(c);
            word.appendCodePoint(c);
            inWord = true;
        }

        void raw(String quoted) {
            text.append(quoted);
            word.append(quoted);
            inWord = true;
        }

        void value(String value) {
            text.append(value);
            value.codePoints().forEach(this::part);
        }

        List<String> words() {
            if (inWord) {
                words.add(word.toString());
                inWord = false;
            }
            return words;
        }
    }

    /** One pass over a text. */
    private final class Scan {
        private final int[] text;
        private final Variables variables;
        private int at;

        Scan(String text, Variables variables) {
            this.text = text.codePoints().toArray();
            this.variables = variables;
        }

        private int peek() {
            return at < text.length ? text[at] : END;
        }

        private int next() {
            return at < text.length ? text[at++] : END;
        }

        /** Up to that character, which is taken as well. */
        Read upTo(int stop, boolean escapesStay) {
            var read = new Read();
            while (peek() != END) {
                int c = peek();
                if (c == stop) {
                    next();
                    return read;
                }
                switch (c) {
                    case '$' -> read.value(dollar());
                    case '\'' -> read.raw(single());
                    case '"' -> read.raw(quoted(escapesStay));
                    default -> {
                        next();
                        if (c != escape) {
                            read.plain(c);
                        } else {
                            if (escapesStay) {
                                read.raw(c);
                            }
                            if (peek() != END) {
                                read.raw(next());
                            }
                        }
                    }
                }
            }
            if (stop != END) {
                throw refused("unexpected end of statement while looking for matching " + Character.toString(stop));
            }
            return read;
        }

        String plain() {
            var read = new StringBuilder();
            while (peek() != END) {
                int c = peek();
                if (c == '$') {
                    read.append(dollar());
                } else if (c == escape) {
                    next();
                    if (peek() != '$' && peek() != escape) {
                        read.appendCodePoint(c);
                    }
                    if (peek() != END) {
                        read.appendCodePoint(next());
                    }
                } else {
                    read.appendCodePoint(next());
                }
            }
            return read.toString();
        }

        private String single() {
            var read = new StringBuilder();
            int quote = next();
            if (rawQuotes) {
                read.appendCodePoint(quote);
            }
            while (true) {
                int c = next();
                if (c == END) {
                    throw refused("unexpected end of statement while looking for matching single-quote");
                }
                if (c == quote) {
                    return rawQuotes ? read.appendCodePoint(c).toString() : read.toString();
                }
                read.appendCodePoint(c);
            }
        }

        private String quoted(boolean escapesStay) {
            var read = new StringBuilder();
            int quote = next();
            if (rawQuotes) {
                read.appendCodePoint(quote);
            }
            while (true) {
                int c = peek();
                if (c == END) {
                    throw refused("unexpected end of statement while looking for matching double-quote");
                }
                if (c == '$') {
                    read.append(dollar());
                    continue;
                }
                next();
                if (c == quote) {
                    return rawQuotes ? read.appendCodePoint(c).toString() : read.toString();
                }
                if (c == escape) {
                    int escaped = peek();
                    if (escaped == END) {
                        continue;
                    }
                    // Others are no escapes between double quotes.
                    if (escaped == '"' || escaped == '$' || escaped == escape) {
                        if (escapesStay) {
                            read.appendCodePoint(c);
                        }
                        c = next();
                    }
                }
                read.appendCodePoint(c);
            }
        }

        private String dollar() {
            next();
            if (peek() != '{') {
                String name = name();
                if (name.isEmpty()) {
                    return "$";
                }
                Optional<String> value = variables.value(name);
                return value.isEmpty() && keepUnset ? "$" + name : value.orElse("");
            }
            next();
            switch (peek()) {
                case END -> throw refused("syntax error: missing '}'");
                case '{', '}', ':' -> throw refused("syntax error: bad substitution");
                default -> { }
            }
            String name = name();
            int c = next();
            return switch (c) {
                case '}' -> {
                    Optional<String> value = variables.value(name);
                    yield value.isEmpty() && keepUnset ? "${" + name + "}" : value.orElse("");
                }
                case ':' -> modified(name, next(), true);
                case '+', '-', '?', '#', '%' -> modified(name, c, false);
                case '/' -> replaced(name);
                case END -> throw refused("syntax error: missing '}'");
                default -> throw unsupported(c);
            };
        }

        private Fault unsupported(int c) {
            return refused("unsupported modifier (" + (c == END ? "" : Character.toString(c)) + ") in substitution");
        }

        private String rest(int stop, boolean escapesStay, String missing) {
            try {
                return upTo(stop, escapesStay).text.toString();
            } catch (Fault fault) {
                throw peek() == END && fault.reason().startsWith("unexpected end of statement while looking for matching " + Character.toString(stop)) ? refused(missing) : fault;
            }
        }

        private String modified(String name, int modifier, boolean emptyIsUnset) {
            if (modifier != '+' && modifier != '-' && modifier != '?' && modifier != '#' && modifier != '%' || emptyIsUnset && (modifier == '#' || modifier == '%')) {
                throw unsupported(modifier);
            }
            String word = rest('}', modifier == '#' || modifier == '%', "syntax error: missing '}'");
            Optional<String> set = variables.value(name);
            if (set.isEmpty() && keepUnset && (modifier == '-' || modifier == '?')) {
                return "${" + name + (emptyIsUnset ? ":" : "") + Character.toString(modifier) + word + "}";
            }
            boolean counts = set.isPresent() && !(emptyIsUnset && set.get().isEmpty());
            String value = set.orElse("");
            return switch (modifier) {
                case '-' -> counts ? value : word;
                case '+' -> counts ? word : "";
                case '?' -> {
                    if (!counts) {
                        throw refused(name + ": " + (!word.isEmpty() ? word : set.isEmpty() ? "is not allowed to be unset" : "is not allowed to be empty"));
                    }
                    yield value;
                }
                default -> {
                    boolean longest = !word.isEmpty() && word.charAt(0) == modifier;
                    String glob = longest ? word.substring(1) : word;
                    yield modifier == '#' ? Globs.withoutPrefix(value, glob, longest) : Globs.withoutSuffix(value, glob, longest);
                }
            };
        }

        private String replaced(String name) {
            boolean all = peek() == '/';
            if (all) {
                next();
            }
            String glob = rest('/', true, "syntax error: missing '/' in ${");
            String replacement = java.util.regex.Matcher.quoteReplacement(rest('}', true, "syntax error: missing '}'"));
            var matcher = Globs.pattern(glob, true).matcher(variables.value(name).orElse(""));
            return all ? matcher.replaceAll(replacement) : matcher.replaceFirst(replacement);
        }

        private String name() {
            var name = new StringBuilder();
            while (peek() != END) {
                int c = peek();
                if (name.isEmpty() && Character.isDigit(c)) {
                    while (Character.isDigit(peek())) {
                        name.appendCodePoint(next());
                    }
                    return name.toString();
                }
                if (name.isEmpty() && "@*#?-$!".indexOf(c) >= 0) {
                    return Character.toString(next());
                }
                if (!Character.isLetterOrDigit(c) && c != '_') {
                    return name.toString();
                }
                name.appendCodePoint(next());
            }
            return name.toString();
        }
    }

    private static Fault refused(String reason) {
        return Fault.invalid("expand", "variables", reason);
    }
}
