package dev.carafe.cli.flag;

import dev.carafe.base.ByteSize;
import dev.carafe.base.Fault;
import dev.carafe.cli.text.Quote;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, sizes and truth values in the notation that docker's users know: Go's strconv with base 0, sizes in powers of 1024,
 * processors as a decimal.
 *
 * <p>Every method throws a {@link Fault} of kind {@code INVALID}, whose reason is worded as docker's client words it.
 */
public final class Numbers {
    private static final int NANO_PLACES = 9;
    private static final int LONGEST_DECIMAL = 64;

    private Numbers() {}

    /** One of the words that strconv.ParseBool knows. */
    public static boolean parseBool(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw refuse(text, syntax("ParseBool", text));
        };
    }

    /** A length of time, which has a unit unless it is 0. */
    public static java.time.Duration parseDuration(String text) {
        if (!text.isEmpty() && !text.equals("0") && text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.')) {
            throw refuse(text, "time: missing unit in duration " + Quote.of(text));
        }
        try {
            return dev.carafe.base.Durations.parse(text);
        } catch (Fault malformed) {
            throw refuse(text, "time: invalid duration " + Quote.of(text));
        }
    }

    /** A signed number of 64 bits. */
    public static long parseInt(String text) {
        BigInteger number = integer(text, true);
        if (number == null) {
            throw refuse(text, syntax("ParseInt", text));
        }
        if (number.bitLength() > 63) {
            throw refuse(text, range("ParseInt", text));
        }
        return number.longValue();
    }

    /** A number without a sign of so many bits; 64 bits come back as a two's complement. */
    public static long parseUnsigned(String text, int bits) {
        BigInteger number = integer(text, false);
        if (number == null) {
            throw refuse(text, syntax("ParseUint", text));
        }
        if (number.bitLength() > bits) {
            throw refuse(text, range("ParseUint", text));
        }
        return number.longValue();
    }

    /** A number of decimal digits alone, for values whose grammar knows no prefixes. */
    public static long parseDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                throw refuse(text, syntax("ParseUint", text));
            }
        }
        if (text.isEmpty()) {
            throw refuse(text, syntax("ParseUint", text));
        }
        var number = new BigInteger(text);
        if (number.bitLength() > 63) {
            throw refuse(text, range("ParseUint", text));
        }
        return number.longValue();
    }

    /** A size as {@link ByteSize#parse} reads it: a decimal, perhaps a space, perhaps a unit; {@code 1k} is 1024 bytes. */
    public static long parseBytes(String text) {
        try {
            return ByteSize.parse(text).bytes();
        } catch (Fault offence) {
            int end = text.length();
            while (end > 0 && !isDigit(text.charAt(end - 1)) && text.charAt(end - 1) != ' ') {
                end--;
            }
            boolean badUnit = offence.reason().startsWith("unknown unit") && end > 0;
            throw refuse(text, badUnit ? "invalid suffix: '" + text.substring(end) + "'" : "invalid size: '" + text + "'");
        }
    }

    /** Billionths of a decimal or of a fraction of two, so that {@code 1.5} and {@code 3/2} are 1500000000. */
    public static long parseNanos(String text) {
        int slash = text.indexOf('/');
        String above = slash < 0 ? text : text.substring(0, slash);
        String below = slash < 0 ? "1" : text.substring(slash + 1);
        if (!isDecimal(above) || !isDecimal(below)) {
            throw irrational(text);
        }
        BigInteger divisor = digits(below).multiply(BigInteger.TEN.pow(places(above)));
        if (divisor.signum() == 0) {
            throw irrational(text);
        }
        BigInteger[] nanos = digits(above).multiply(BigInteger.TEN.pow(NANO_PLACES + places(below))).divideAndRemainder(divisor);
        if (nanos[1].signum() != 0) {
            throw refuse(text, "value is too precise");
        }
        if (nanos[0].bitLength() > 63) {
            throw refuse(text, "value out of range");
        }
        return nanos[0].longValue();
    }

    private static Fault irrational(String text) {
        return refuse(text, "failed to parse " + text + " as a rational number");
    }

    /** A sign, digits and a point, of which only a digit is needed. BigDecimal would do, but costs 40 ms to load at start. */
    private static boolean isDecimal(String text) {
        int digits = 0;
        int points = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean sign = i == 0 && (c == '-' || c == '+');
            if (isDigit(c)) {
                digits++;
            } else if (c == '.') {
                points++;
            } else if (!sign) {
                return false;
            }
        }
        return digits > 0 && points < 2 && text.length() <= LONGEST_DECIMAL;
    }

    private static BigInteger digits(String decimal) {
        return new BigInteger(decimal.replace(".", ""));
    }

    private static int places(String decimal) {
        int point = decimal.indexOf('.');
        return point < 0 ? 0 : decimal.length() - point - 1;
    }

    /** Go's integer literal: a sign, a prefix 0x, 0o, 0b or 0, digits; underscores between digits where there is a prefix. */
    private static @Nullable BigInteger integer(String text, boolean signs) {
        int at = signs && !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        boolean minus = at == 1 && text.charAt(0) == '-';
        int radix = 10;
        boolean prefixed = text.length() > at + 1 && text.charAt(at) == '0';
        if (prefixed) {
            switch (text.charAt(at + 1)) {
                case 'x', 'X' -> radix = 16;
                case 'b', 'B' -> radix = 2;
                case 'o', 'O' -> radix = 8;
                default -> radix = -8;
            }
            at += radix > 0 ? 2 : 1;
            radix = Math.abs(radix);
        }
        var digits = new StringBuilder(text.length());
        boolean lastWasDigit = prefixed;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '_' && prefixed && lastWasDigit) {
                lastWasDigit = false;
            } else if (c < 0x80 && Character.digit(c, radix) >= 0) {
                digits.append(c);
                lastWasDigit = true;
            } else {
                return null;
            }
        }
        if (digits.isEmpty() || !lastWasDigit) {
            return null;
        }
        var number = new BigInteger(digits.toString(), radix);
        return minus ? number.negate() : number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String syntax(String function, String text) {
        return "strconv." + function + ": parsing " + Quote.of(text) + ": invalid syntax";
    }

    private static String range(String function, String text) {
        return "strconv." + function + ": parsing " + Quote.of(text) + ": value out of range";
    }

    private static Fault refuse(String text, String reason) {
        return Fault.invalid("read number", Quote.of(text), reason);
    }
}
