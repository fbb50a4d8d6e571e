package dev.carafe.base;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * Points in time as RFC 3339 section 5.6 writes them, which image configurations, logs and events use:
 * {@code 2015-10-31T22:22:56.015925234Z}.
 *
 * <p>Read and printed by hand, as java.time's formatters cost more on a fresh machine than all the rest of reading a document.
 */
public final class Timestamps {
    private static final int NANO_DIGITS = 9;
    private static final int MIN_LENGTH = "2015-10-31T22:22:56Z".length();

    private Timestamps() {}

    /** Reads a time with any offset; digits past the nanosecond are dropped. */
    public static Instant parse(String text) {
        try {
            if (text.length() < MIN_LENGTH || text.charAt(4) != '-' || text.charAt(7) != '-' || !letter(text.charAt(10), 'T')
                    || text.charAt(13) != ':' || text.charAt(16) != ':') {
                throw fault(text);
            }
            var date = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
            int at = 19;
            int nanos = 0;
            if (text.charAt(at) == '.') {
                int from = ++at;
                while (at < text.length() && digit(text.charAt(at))) {
                    at++;
                }
                nanos = nanos(text, from, at);
            }
            var time = LocalTime.of(number(text, 11, 13), number(text, 14, 16), number(text, 17, 19), nanos);
            return date.atTime(time).toInstant(offset(text, at));
        } catch (DateTimeException e) {
            throw fault(text).cause(e);
        }
    }

    /** Prints in UTC, without zeros at the end of the fraction, as Go does. */
    public static String print(Instant time) {
        var utc = time.atOffset(ZoneOffset.UTC);
        var text = new StringBuilder(30);
        pad(text, utc.getYear(), 4).append('-');
        pad(text, utc.getMonthValue(), 2).append('-');
        pad(text, utc.getDayOfMonth(), 2).append('T');
        pad(text, utc.getHour(), 2).append(':');
        pad(text, utc.getMinute(), 2).append(':');
        pad(text, utc.getSecond(), 2);
        if (utc.getNano() != 0) {
            pad(text.append('.'), utc.getNano(), NANO_DIGITS);
            while (text.charAt(text.length() - 1) == '0') {
                text.setLength(text.length() - 1);
            }
        }
        return text.append('Z').toString();
    }

    private static ZoneOffset offset(String text, int at) {
        if (at + 1 == text.length() && letter(text.charAt(at), 'Z')) {
            return ZoneOffset.UTC;
        }
        if (text.length() - at != 6 || text.charAt(at + 3) != ':' || text.charAt(at) != '+' && text.charAt(at) != '-') {
            throw fault(text);
        }
        int sign = text.charAt(at) == '-' ? -1 : 1;
        return ZoneOffset.ofHoursMinutes(sign * number(text, at + 1, at + 3), sign * number(text, at + 4, at + 6));
    }

    private static int nanos(String text, int from, int to) {
        if (from == to) {
            throw fault(text);
        }
        int nanos = 0;
        for (int i = 0; i < NANO_DIGITS; i++) {
            nanos = 10 * nanos + (from + i < to ? text.charAt(from + i) - '0' : 0);
        }
        return nanos;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            if (!digit(text.charAt(i))) {
                throw fault(text);
            }
            number = 10 * number + text.charAt(i) - '0';
        }
        return number;
    }

    private static StringBuilder pad(StringBuilder text, int number, int width) {
        var digits = Integer.toString(number);
        return text.repeat('0', Math.max(0, width - digits.length())).append(digits);
    }

    private static boolean letter(char c, char upperCase) {
        return c == upperCase || c == Character.toLowerCase(upperCase);
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private static Fault fault(String text) {
        return Fault.invalid("time", "\"" + text + "\"", "expected a time of RFC 3339").hint("such as 2026-01-31T12:00:00Z");
    }
}
