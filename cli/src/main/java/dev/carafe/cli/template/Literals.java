package dev.carafe.cli.template;

import dev.carafe.base.Fault;
import dev.carafe.cli.text.Quote;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The values of literals, as the Go specification writes strings, characters and numbers. The reasons of its faults are Go's. */
final class Literals {
    private static final String BAD_SYNTAX = "invalid syntax";

    private Literals() {}

    /** The text within double quotes, with its escapes resolved. */
    static String string(String quoted) {
        var bytes = new ByteArrayOutputStream(quoted.length());
        String inner = quoted.substring(1, quoted.length() - 1);
        for (int at = 0; at < inner.length(); ) {
            at = character(inner, at, '"', bytes);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The number of the one character within single quotes. */
    static Value rune(String quoted) {
        String inner = quoted.substring(1, quoted.length() - 1);
        if (inner.isEmpty()) {
            throw reason(BAD_SYNTAX);
        }
        var bytes = new ByteArrayOutputStream();
        if (character(inner, 0, '\'', bytes) != inner.length()) {
            throw reason("malformed character constant: " + quoted);
        }
        if (inner.startsWith("\\") && bytes.size() == 1) {
            return new Value.Whole(bytes.toByteArray()[0] & 0xff);
        }
        return new Value.Whole(bytes.toString(StandardCharsets.UTF_8).codePointAt(0));
    }

    /** Writes the character at a place, escaped or not, and returns the place behind it. */
    private static int character(String text, int at, char quote, ByteArrayOutputStream out) {
        int rune = text.codePointAt(at);
        if (rune != '\\') {
            return write(rune, at + Character.charCount(rune), out);
        }
        if (at + 1 >= text.length()) {
            throw reason(BAD_SYNTAX);
        }
        char c = text.charAt(at + 1);
        return switch (c) {
            case 'a' -> write(7, at + 2, out);
            case 'b' -> write('\b', at + 2, out);
            case 'f' -> write('\f', at + 2, out);
            case 'n' -> write('\n', at + 2, out);
            case 'r' -> write('\r', at + 2, out);
            case 't' -> write('\t', at + 2, out);
            case 'v' -> write(0x0b, at + 2, out);
            case '\\' -> write('\\', at + 2, out);
            case 'x' -> {
                out.write(digits(text, at + 2, 2, 16));
                yield at + 4;
            }
            case 'u' -> write(unicode(text, at + 2, 4), at + 6, out);
            case 'U' -> write(unicode(text, at + 2, 8), at + 10, out);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                int value = digits(text, at + 1, 3, 8);
                if (value > 255) {
                    throw reason(BAD_SYNTAX);
                }
                out.write(value);
                yield at + 4;
            }
            default -> {
                if (c != quote) {
                    throw reason(BAD_SYNTAX);
                }
                yield write(c, at + 2, out);
            }
        };
    }

    private static int write(int rune, int next, ByteArrayOutputStream out) {
        out.writeBytes(Character.toString(rune).getBytes(StandardCharsets.UTF_8));
        return next;
    }

    private static int unicode(String text, int at, int count) {
        int rune = digits(text, at, count, 16);
        if (rune < 0 || rune > Character.MAX_CODE_POINT || rune >= Character.MIN_SURROGATE && rune <= Character.MAX_SURROGATE) {
            throw reason(BAD_SYNTAX);
        }
        return rune;
    }

    private static int digits(String text, int at, int count, int radix) {
        if (at + count > text.length()) {
            throw reason(BAD_SYNTAX);
        }
        int value = 0;
        for (int i = at; i < at + count; i++) {
            int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), radix) : -1;
            if (digit < 0) {
                throw reason(BAD_SYNTAX);
            }
            value = value * radix + digit;
        }
        return value;
    }

    /** A number: whole unless it is written with a point or an exponent. */
    static Value number(String written) {
        BigInteger whole = whole(written);
        if (whole != null && whole.bitLength() < 64) {
            return new Value.Whole(whole.longValue());
        }
        Double real = real(written);
        if (real == null) {
            throw reason((whole == null ? "illegal number syntax: " : "integer overflow: ") + Quote.of(written));
        }
        boolean hex = written.indexOf('x') >= 0 || written.indexOf('X') >= 0;
        if (written.indexOf('.') < 0 && (hex || written.indexOf('e') < 0 && written.indexOf('E') < 0) && written.indexOf('p') < 0
                && written.indexOf('P') < 0) {
            throw reason("integer overflow: " + Quote.of(written));
        }
        return hex && real == Math.rint(real) ? new Value.Whole(real.longValue()) : new Value.Real(real);
    }

    private static @Nullable BigInteger whole(String written) {
        int at = written.startsWith("-") || written.startsWith("+") ? 1 : 0;
        int radix = 10;
        boolean prefixed = written.startsWith("0", at) && written.length() > at + 1;
        if (prefixed) {
            radix = switch (written.charAt(at + 1)) {
                case 'x', 'X' -> 16;
                case 'b', 'B' -> 2;
                default -> 8;
            };
            at += Character.isLetter(written.charAt(at + 1)) ? 2 : 1;
        }
        String digits = digits(written.substring(at), prefixed);
        try {
            var number = new BigInteger(digits, radix);
            return written.startsWith("-") ? number.negate() : number;
        } catch (NumberFormatException notWhole) {
            return null;
        }
    }

    private static @Nullable Double real(String written) {
        String digits = written.indexOf('_') < 0 ? written : "";
        boolean hex = digits.indexOf('x') >= 0 || digits.indexOf('X') >= 0;
        if (digits.isEmpty() || hex && digits.indexOf('p') < 0 && digits.indexOf('P') < 0) {
            return null;
        }
        try {
            double number = Double.parseDouble(digits);
            return Double.isInfinite(number) ? null : number;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    /** Takes out underscores that stand where Go allows them; an empty text where one does not. */
    private static String digits(String written, boolean prefixed) {
        if (written.indexOf('_') < 0) {
            return written;
        }
        boolean misplaced = written.endsWith("_") || written.contains("__") || written.startsWith("_") && !prefixed;
        return misplaced ? "" : written.replace("_", "");
    }

    /** A fault of which the parser takes the reason. */
    private static Fault reason(String text) {
        return Fault.invalid("read literal", "", text);
    }
}
