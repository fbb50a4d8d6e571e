package dev.carafe.build.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The exec form of an instruction: a JSON array of strings (RFC 8259). What is no well-formed array is no error, since then it is the shell
 * form; what follows the array is not looked at, as in BuildKit.
 */
sealed interface JsonWords {
    /** The strings of the array. */
    record Words(List<String> words) implements JsonWords {
    }

    /** An array of other things than strings. */
    record OtherValues() implements JsonWords {
    }

    /** Not an array at all. */
    record NoArray() implements JsonWords {
    }

    static JsonWords read(String text) {
        String stripped = text.stripLeading();
        return stripped.startsWith("[") ? new Reader(stripped).array() : new NoArray();
    }

    /** Reads strictly; anything odd ends it. */
    final class Reader {
        private static final Pattern SCALAR = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?|true|false|null");

        private final String text;
        private int at;

        private Reader(String text) {
            this.text = text;
        }

        private static final class Malformed extends Exception {
            private static final long serialVersionUID = 1L;
        }

        private JsonWords array() {
            try {
                var words = new ArrayList<String>();
                return values(words) ? new Words(List.copyOf(words)) : new OtherValues();
            } catch (Malformed | StackOverflowError e) {
                return new NoArray();
            }
        }

        private void blank() {
            while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private char peek() throws Malformed {
            blank();
            if (at >= text.length()) {
                throw new Malformed();
            }
            return text.charAt(at);
        }

        private void expect(char c) throws Malformed {
            if (peek() != c) {
                throw new Malformed();
            }
            at++;
        }

        /** The values of an array; false when some are no strings. */
        private boolean values(List<String> into) throws Malformed {
            expect('[');
            boolean strings = true;
            if (peek() == ']') {
                at++;
                return true;
            }
            while (true) {
                if (peek() == '"') {
                    into.add(string());
                } else {
                    other();
                    strings = false;
                }
                if (peek() == ']') {
                    at++;
                    return strings;
                }
                expect(',');
            }
        }

        private void other() throws Malformed {
            char c = peek();
            if (c == '[') {
                values(new ArrayList<>());
            } else if (c == '{') {
                object();
            } else {
                Matcher matcher = SCALAR.matcher(text).region(at, text.length());
                if (!matcher.lookingAt()) {
                    throw new Malformed();
                }
                at = matcher.end();
            }
        }

        private void object() throws Malformed {
            expect('{');
            if (peek() == '}') {
                at++;
                return;
            }
            while (true) {
                string();
                expect(':');
                if (peek() == '"') {
                    string();
                } else {
                    other();
                }
                if (peek() == '}') {
                    at++;
                    return;
                }
                expect(',');
            }
        }

        private String string() throws Malformed {
            expect('"');
            var read = new StringBuilder();
            while (true) {
                if (at >= text.length()) {
                    throw new Malformed();
                }
                char c = text.charAt(at++);
                if (c == '"') {
                    return read.toString();
                }
                if (c < ' ') {
                    throw new Malformed();
                }
                read.append(c == '\\' ? escaped() : c);
            }
        }

        private char escaped() throws Malformed {
            if (at >= text.length()) {
                throw new Malformed();
            }
            char c = text.charAt(at++);
            return switch (c) {
                case '"', '\\', '/' -> c;
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
                        throw new Malformed();
                    }
                    at += 4;
                    yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
                }
                default -> throw new Malformed();
            };
        }
    }
}
