package dev.carafe.cli.template;

import dev.carafe.cli.template.Value.Mapping;
import dev.carafe.cli.template.Value.Nothing;
import dev.carafe.cli.template.Value.Real;
import dev.carafe.cli.template.Value.Row;
import dev.carafe.cli.template.Value.Sequence;
import dev.carafe.cli.template.Value.Text;
import dev.carafe.cli.template.Value.Truth;
import dev.carafe.cli.template.Value.Whole;
import dev.carafe.cli.text.Quote;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code printf} with the verbs of Go's package fmt: v T t b c d o q x X U e E f F g G s, the flags {@code + - # 0} and space, width,
 * precision, stars and argument numbers. What cannot be printed comes out as {@code %!verb(type=value)}, as in Go.
 */
final class Printf {
    private static final int WIDEST = 1_000_000;
    private static final int UNSET = -1;

    private final String format;
    private final List<Value> arguments;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int argument;
    private boolean reordered;
    private boolean badIndex;

    private boolean plus;
    private boolean minus;
    private boolean sharp;
    private boolean space;
    private boolean zero;
    private int width;
    private int precision;

    private Printf(String format, List<Value> arguments) {
        this.format = format;
        this.arguments = arguments;
    }

    static String format(String format, List<Value> arguments) {
        return new Printf(format, arguments).run();
    }

    private String run() {
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            if (percent < 0) {
                out.append(format, at, format.length());
                break;
            }
            out.append(format, at, percent);
            at = percent + 1;
            directive();
        }
        if (!reordered && argument < arguments.size()) {
            out.append("%!(EXTRA ");
            for (int i = argument; i < arguments.size(); i++) {
                out.append(i > argument ? ", " : "").append(GoText.type(arguments.get(i)));
                if (!(arguments.get(i) instanceof Nothing)) {
                    GoText.print(out.append('='), arguments.get(i));
                }
            }
            out.append(')');
        }
        return out.toString();
    }

    private void directive() {
        badIndex = false;
        flags();
        index();
        width = star();
        if (width == UNSET) {
            width = number();
        } else if (width < 0) {
            width = -width;
            minus = true;
            zero = false;
        }
        precision = UNSET;
        if (peek() == '.') {
            at++;
            index();
            precision = star();
            if (precision == UNSET) {
                precision = Math.max(0, number());
            }
        }
        index();
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        int verb = format.codePointAt(at);
        at += Character.charCount(verb);
        String shown = Character.toString(verb);
        if (verb == '%') {
            out.append('%');
        } else if (badIndex) {
            out.append("%!").append(shown).append("(BADINDEX)");
        } else if (argument >= arguments.size()) {
            out.append("%!").append(shown).append("(MISSING)");
        } else {
            print(arguments.get(argument++), verb, true);
        }
    }

    private void flags() {
        plus = false;
        minus = false;
        sharp = false;
        space = false;
        zero = false;
        while (true) {
            switch (peek()) {
                case '+' -> plus = true;
                case '-' -> minus = true;
                case '#' -> sharp = true;
                case ' ' -> space = true;
                case '0' -> zero = true;
                default -> {
                    return;
                }
            }
            at++;
        }
    }

    /** An argument number in brackets. */
    private void index() {
        if (peek() != '[') {
            return;
        }
        reordered = true;
        int close = format.indexOf(']', at);
        if (close < 0) {
            badIndex = true;
            at++;
            return;
        }
        try {
            int wanted = Integer.parseInt(format.substring(at + 1, close));
            badIndex |= wanted < 1 || wanted > arguments.size();
            argument = badIndex ? argument : wanted - 1;
        } catch (NumberFormatException notANumber) {
            badIndex = true;
        }
        at = close + 1;
    }

    /** A width or precision that an argument gives. */
    private int star() {
        if (peek() != '*') {
            return UNSET;
        }
        at++;
        if (argument < arguments.size() && arguments.get(argument++) instanceof Whole w && Math.abs(w.value()) <= WIDEST) {
            return (int) w.value();
        }
        out.append("%!(BADWIDTH)");
        return UNSET;
    }

    private int number() {
        int start = at;
        long value = 0;
        while (peek() >= '0' && peek() <= '9') {
            value = Math.min(WIDEST, value * 10 + peek() - '0');
            at++;
        }
        return at > start ? (int) value : UNSET;
    }

    private char peek() {
        return at < format.length() ? format.charAt(at) : '\0';
    }

    private void print(Value value, int verb, boolean top) {
        if (verb == 'T') {
            pad(GoText.type(value), false);
            return;
        }
        if (verb == 'v' && sharp) {
            pad(syntax(value), false);
            return;
        }
        plus &= verb != 'v';
        switch (value) {
            case Nothing n -> {
                if (verb == 'v' || !top) {
                    pad("<nil>", false);
                } else {
                    out.append("%!").appendCodePoint(verb).append("(<nil>)");
                }
            }
            case Truth t -> {
                if (verb == 'v' || verb == 't') {
                    pad(Boolean.toString(t.value()), false);
                } else {
                    bad(value, verb);
                }
            }
            case Whole w -> whole(w, verb);
            case Real r -> real(r, verb);
            case Text t -> text(t, verb);
            case Sequence s -> {
                out.append('[');
                for (int i = 0; i < s.values().size(); i++) {
                    out.append(i > 0 ? " " : "");
                    print(s.values().get(i), verb, false);
                }
                out.append(']');
            }
            case Mapping m -> {
                out.append("map[");
                String gap = "";
                for (Map.Entry<String, Value> entry : m.sorted().entrySet()) {
                    out.append(gap);
                    print(new Text(entry.getKey()), verb, false);
                    out.append(':');
                    print(entry.getValue(), verb, false);
                    gap = " ";
                }
                out.append(']');
            }
            case Row row -> GoText.print(out, row);
        }
    }

    private void bad(Value value, int verb) {
        out.append("%!").appendCodePoint(verb).append('(').append(GoText.type(value)).append('=');
        print(value, 'v', false);
        out.append(')');
    }

    private void whole(Whole value, int verb) {
        long number = value.value();
        switch (verb) {
            case 'v', 'd' -> digits(number, 10, "", false);
            case 'b' -> digits(number, 2, sharp ? "0b" : "", false);
            case 'o' -> digits(number, 8, sharp ? "0" : "", false);
            case 'O' -> digits(number, 8, "0o", false);
            case 'x' -> digits(number, 16, sharp ? "0x" : "", false);
            case 'X' -> digits(number, 16, sharp ? "0X" : "", true);
            case 'c' -> pad(Character.toString(rune(number)), false);
            case 'q' -> pad(Quote.rune(rune(number)), false);
            case 'U' -> {
                String hex = Long.toHexString(number).toUpperCase(Locale.ROOT);
                pad("U+" + "0".repeat(Math.max(0, 4 - hex.length())) + hex + (sharp ? " '" + Character.toString(rune(number)) + "'" : ""), false);
            }
            default -> bad(value, verb);
        }
    }

    private static int rune(long number) {
        return number >= 0 && number <= Character.MAX_CODE_POINT ? (int) number : 0xfffd;
    }

    private void digits(long number, int radix, String prefix, boolean upper) {
        String digits = number < 0 ? Long.toString(number, radix).substring(1) : Long.toString(number, radix);
        if (precision == 0 && number == 0) {
            digits = "";
        }
        String sign = number < 0 ? "-" : plus ? "+" : space ? " " : "";
        int least = precision;
        if (precision == UNSET && zero && !minus) {
            least = width - sign.length() - prefix.length();
        }
        pad(sign + prefix + "0".repeat(Math.max(0, least - digits.length())) + (upper ? digits.toUpperCase(Locale.ROOT) : digits), true);
    }

    private void real(Real value, int verb) {
        double number = value.value();
        String digits = switch (verb) {
            case 'v', 'g', 'G' -> precision == UNSET ? GoText.shortest(number) : significant(number);
            case 'e', 'E' -> GoText.scientific(number, precision == UNSET ? 6 : precision);
            case 'f', 'F' -> GoText.fixed(number, precision == UNSET ? 6 : precision);
            default -> "";
        };
        if (digits.isEmpty()) {
            bad(value, verb);
            return;
        }
        String sign = digits.startsWith("-") ? "-" : plus ? "+" : space ? " " : "";
        String rest = digits.startsWith("-") || digits.startsWith("+") ? digits.substring(1) : digits;
        int zeros = zero && !minus ? Math.max(0, width - sign.length() - rest.length()) : 0;
        String all = sign + "0".repeat(zeros) + rest;
        pad(verb == 'G' || verb == 'E' ? all.toUpperCase(Locale.ROOT) : all, true);
    }

    /** {@code %.Ng}: so many digits, without trailing zeros, in whichever notation suits the exponent. */
    private String significant(double number) {
        int places = Math.max(1, precision);
        if (number == 0 || Double.isNaN(number) || Double.isInfinite(number)) {
            return GoText.shortest(number);
        }
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(places, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        return exponent >= -4 && exponent < places ? rounded.toPlainString() : GoText.scientific(number, rounded.precision() - 1);
    }

    private void text(Text value, int verb) {
        String text = value.value();
        if (precision != UNSET && text.codePointCount(0, text.length()) > precision) {
            text = text.substring(0, text.offsetByCodePoints(0, precision));
        }
        switch (verb) {
            case 'v', 's' -> pad(text, false);
            case 'q' -> pad(sharp && text.indexOf('`') < 0 ? "`" + text + "`" : Quote.of(text), false);
            case 'x' -> pad(hex(HexFormat.of(), text), false);
            case 'X' -> pad(hex(HexFormat.of().withUpperCase(), text), false);
            default -> bad(value, verb);
        }
    }

    private String hex(HexFormat hex, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return space ? hex.withDelimiter(" ").formatHex(bytes) : (sharp && bytes.length > 0 ? "0x" : "") + hex.formatHex(bytes);
    }

    private void pad(String text, boolean numeric) {
        int missing = width - text.codePointCount(0, text.length());
        if (missing > 0 && !minus) {
            out.repeat(zero && !numeric ? '0' : ' ', missing);
        }
        out.append(text);
        if (missing > 0 && minus) {
            out.repeat(' ', missing);
        }
    }

    /** {@code %#v}: as a Go program would write it. */
    private static String syntax(Value value) {
        return switch (value) {
            case Text t -> Quote.of(t.value());
            case Sequence s -> {
                var all = new StringBuilder(GoText.type(s)).append('{');
                for (int i = 0; i < s.values().size(); i++) {
                    all.append(i > 0 ? ", " : "").append(syntax(s.values().get(i)));
                }
                yield all.append('}').toString();
            }
            case Mapping m -> {
                var all = new StringBuilder(GoText.type(m)).append('{');
                String gap = "";
                for (Map.Entry<String, Value> entry : m.sorted().entrySet()) {
                    all.append(gap).append(Quote.of(entry.getKey())).append(':').append(syntax(entry.getValue()));
                    gap = ", ";
                }
                yield all.append('}').toString();
            }
            case Nothing n -> "<nil>";
            case Truth t -> GoText.print(t);
            case Whole w -> GoText.print(w);
            case Real r -> GoText.print(r);
            case Row r -> GoText.print(r);
        };
    }
}
