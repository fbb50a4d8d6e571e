package dev.carafe.base;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * Lengths of time, read and printed as Go programs do (package time, {@code ParseDuration} and {@code Duration.String}), and
 * told as Docker does in its tables (go-units, {@code HumanDuration}).
 */
public final class Durations {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOURS_A_DAY = 24;

    private Durations() {}

    /**
     * Reads "1h30m", "300ms", "1.5s", "-2m" and so on; units are {@code ns us µs ms s m h}. A number without a unit counts
     * seconds. No more than some 292 years, as nanoseconds must fit 64 bits.
     */
    public static Duration parse(String text) {
        int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        if (at == text.length()) {
            throw fault(text, "not a duration");
        }
        long total = 0;
        try {
            if (isDigits(text.substring(at))) {
                total = Math.multiplyExact(Long.parseLong(text.substring(at)), SECOND);
            } else {
                while (at < text.length()) {
                    int from = at;
                    at = skipDigits(text, at);
                    long whole = at == from ? 0 : Long.parseLong(text.substring(from, at));
                    int wholeDigits = at - from;
                    String fraction = "";
                    if (at < text.length() && text.charAt(at) == '.') {
                        int start = ++at;
                        at = skipDigits(text, at);
                        fraction = text.substring(start, at);
                    }
                    if (wholeDigits == 0 && fraction.isEmpty()) {
                        throw fault(text, "not a duration");
                    }
                    int unitStart = at;
                    while (at < text.length() && text.charAt(at) != '.' && !isDigit(text.charAt(at))) {
                        at++;
                    }
                    long unit = unit(text, text.substring(unitStart, at));
                    total = Math.addExact(total, Math.addExact(Math.multiplyExact(whole, unit), fraction(fraction, unit)));
                }
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw fault(text, "too long").cause(e);
        }
        return Duration.ofNanos(text.startsWith("-") ? -total : total);
    }

    /** As Go prints it: "1h30m0s", "1.5s", "300ms", "0s". */
    public static String print(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        var text = new StringBuilder(nanos < 0 ? "-" : "");
        long rest = Math.abs(nanos);
        if (rest < 1_000) {
            return text.append(rest).append("ns").toString();
        }
        if (rest < 1_000_000) {
            return decimal(text, rest, 1_000).append("µs").toString();
        }
        if (rest < SECOND) {
            return decimal(text, rest, 1_000_000).append("ms").toString();
        }
        long minutes = rest / (60 * SECOND);
        if (minutes >= 60) {
            text.append(minutes / 60).append('h');
        }
        if (minutes > 0) {
            text.append(minutes % 60).append('m');
        }
        return decimal(text, rest % (60 * SECOND), SECOND).append('s').toString();
    }

    /** As Docker tells it to people: "Less than a second", "3 minutes", "About an hour", "2 weeks". */
    public static String human(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds == 1) {
            return "1 second";
        }
        if (seconds < 60) {
            return seconds + " seconds";
        }
        long minutes = seconds / 60;
        if (minutes == 1) {
            return "About a minute";
        }
        if (minutes < 60) {
            return minutes + " minutes";
        }
        long hours = (minutes + 30) / 60;
        if (hours == 1) {
            return "About an hour";
        }
        long days = hours / HOURS_A_DAY;
        if (hours < 2 * HOURS_A_DAY) {
            return hours + " hours";
        }
        if (days < 14) {
            return days + " days";
        }
        if (days < 60) {
            return days / 7 + " weeks";
        }
        if (days < 2 * 365) {
            return days / 30 + " months";
        }
        return minutes / 60 / HOURS_A_DAY / 365 + " years";
    }

    private static StringBuilder decimal(StringBuilder text, long value, long unit) {
        text.append(value / unit);
        long rest = value % unit;
        if (rest != 0) {
            text.append('.');
            for (long place = unit / 10; rest != 0; place /= 10) {
                text.append(rest / place);
                rest %= place;
            }
        }
        return text;
    }

    private static long unit(String text, String word) {
        return switch (word) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> SECOND;
            case "m" -> 60 * SECOND;
            case "h" -> 3_600 * SECOND;
            case "" -> throw fault(text, "a unit is missing").hint("units are ns, us, ms, s, m and h");
            default -> throw fault(text, "unknown unit \"" + word + "\"").hint("units are ns, us, ms, s, m and h");
        };
    }

    /** What the digits behind the point are worth; less than a nanosecond is dropped. */
    private static long fraction(String digits, long unit) {
        return digits.isEmpty() ? 0 : new BigDecimal("0." + digits).multiply(BigDecimal.valueOf(unit)).longValue();
    }

    private static int skipDigits(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isDigits(String text) {
        return !text.isEmpty() && skipDigits(text, 0) == text.length();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static Fault fault(String text, String reason) {
        return Fault.invalid("duration", "\"" + text + "\"", reason);
    }
}
