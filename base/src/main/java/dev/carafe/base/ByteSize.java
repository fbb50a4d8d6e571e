package dev.carafe.base;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * A number of bytes, read and printed as Docker's command line does (its go-units).
 *
 * <p>On reading, a number may have a fraction, then optionally one space, then a unit in any case: {@code b}, or one of
 * {@code k m g t p} alone or followed by {@code b} or {@code ib}.
 *
 * @param bytes not negative
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final String UNITS = "kmgtp";
    private static final String[] DECIMAL = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final int PRECISION = 4;

    public ByteSize {
        if (bytes < 0) {
            throw Fault.invalid("size", "\"" + bytes + "\"", "negative");
        }
    }

    /** Units are powers of 1024, as for {@code --memory}: "512m", "1.5 GiB", "64kb", "1024". */
    public static ByteSize parse(String text) {
        return parse(text, 1024);
    }

    /** Units are powers of 1000, as for the {@code max-size} of log files: "10m" is ten million. */
    public static ByteSize parseDecimal(String text) {
        return parse(text, 1000);
    }

    private static ByteSize parse(String text, long base) {
        int end = text.length();
        while (end > 0 && !number(text.charAt(end - 1))) {
            end--;
        }
        String number = text.substring(0, end);
        String suffix = text.substring(end);
        if (suffix.startsWith(" ")) {
            suffix = suffix.substring(1);
        }
        return new ByteSize(value(text, number, multiplier(text, suffix, base)));
    }

    private static long multiplier(String text, String suffix, long base) {
        String unit = suffix.toLowerCase(Locale.ROOT);
        if (unit.isEmpty() || unit.equals("b")) {
            return 1;
        }
        int power = UNITS.indexOf(unit.charAt(0)) + 1;
        String rest = unit.substring(1);
        if (power == 0 || !rest.isEmpty() && !rest.equals("b") && !rest.equals("ib")) {
            throw Fault.invalid("size", "\"" + text + "\"", "unknown unit \"" + suffix + "\"")
                    .hint("units are b, k, m, g, t and p");
        }
        long multiplier = 1;
        for (int i = 0; i < power; i++) {
            multiplier *= base;
        }
        return multiplier;
    }

    private static long value(String text, String number, long multiplier) {
        int digits = 0;
        int points = 0;
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c == '.') {
                points++;
            } else if (c >= '0' && c <= '9') {
                digits++;
            } else {
                throw notANumber(text);
            }
        }
        if (digits == 0 || points > 1) {
            throw notANumber(text);
        }
        try {
            if (points == 0) {
                return Math.multiplyExact(Long.parseLong(number), multiplier);
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw tooLarge(text).cause(e);
        }
        double product = Double.parseDouble(number) * multiplier;
        if (product >= Long.MAX_VALUE) {
            throw tooLarge(text);
        }
        return (long) product;
    }

    /** Docker's HumanSize: powers of 1000 and four significant digits, "1.234MB", as {@code docker system df} prints. */
    public String decimal() {
        return decimal(PRECISION);
    }

    /** As {@link #decimal()} with another number of significant digits; {@code docker images} and {@code docker ps} print three. */
    public String decimal(int precision) {
        return print(bytes, 1000, DECIMAL, precision);
    }

    /** Docker's BytesSize: powers of 1024 and four significant digits, "1.5MiB", as {@code docker stats} prints. */
    public String binary() {
        return print(bytes, 1024, BINARY, PRECISION);
    }

    private static String print(long bytes, int base, String[] units, int precision) {
        double size = bytes;
        int unit = 0;
        while (size >= base && unit < units.length - 1) {
            size /= base;
            unit++;
        }
        var rounded = new BigDecimal(size).round(new MathContext(precision, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        return rounded.toPlainString() + units[unit];
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** As {@link #binary()}. */
    @Override
    public String toString() {
        return binary();
    }

    private static boolean number(char c) {
        return c >= '0' && c <= '9' || c == '.';
    }

    private static Fault notANumber(String text) {
        return Fault.invalid("size", "\"" + text + "\"", "not a size").hint("give a number and a unit, such as 512m or 1.5g");
    }

    private static Fault tooLarge(String text) {
        return Fault.invalid("size", "\"" + text + "\"", "too large");
    }
}
