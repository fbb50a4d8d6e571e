package dev.carafe.cli.text;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.TimeZone;

/** Sizes, spans of time and moments, as docker's lists show them. */
public final class Amount {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final int HOURS_OF_DAY = 24;
    private static final int DAYS_OF_WEEK = 7;
    private static final int DAYS_OF_MONTH = 30;
    private static final int DAYS_OF_YEAR = 365;

    private Amount() {}

    /**
     * A size in powers of 1000 with at most so many digits: {@code 123MB}, {@code 1.5kB}. Without BigDecimal, which costs 40 ms to load at start.
     *
     * @param digits 3 or more
     */
    public static String size(long bytes, int digits) {
        double size = bytes;
        int unit = 0;
        while (size >= 1000) {
            size /= 1000;
            unit++;
        }
        double scale = 1;
        for (int i = size >= 100 ? 3 : size >= 10 ? 2 : 1; unit > 0 && i < digits; i++) {
            scale *= 10;
        }
        long scaled = (long) Math.rint(size * scale);
        if (scaled >= 1000 * scale) {
            scaled /= 1000;
            unit++;
        }
        String whole = Long.toString(scaled / (long) scale);
        String fraction = Long.toString(scaled % (long) scale + (long) scale).substring(1);
        int end = fraction.length();
        while (end > 0 && fraction.charAt(end - 1) == '0') {
            end--;
        }
        return (end == 0 ? whole : whole + "." + fraction.substring(0, end)) + UNITS[unit];
    }

    /** A span of time in words: {@code 5 minutes}, {@code About an hour}, {@code 3 weeks}. */
    public static String span(Duration span) {
        long seconds = span.toSeconds();
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds < 60) {
            return seconds == 1 ? "1 second" : seconds + " seconds";
        }
        long minutes = span.toMinutes();
        if (minutes < 60) {
            return minutes == 1 ? "About a minute" : minutes + " minutes";
        }
        long hours = span.plusMinutes(30).toHours();
        if (hours < 2L * HOURS_OF_DAY) {
            return hours == 1 ? "About an hour" : hours + " hours";
        }
        long days = hours / HOURS_OF_DAY;
        if (days < 2 * DAYS_OF_WEEK) {
            return days + " days";
        }
        if (days < 2 * DAYS_OF_MONTH) {
            return days / DAYS_OF_WEEK + " weeks";
        }
        return days < 2 * DAYS_OF_YEAR ? days / DAYS_OF_MONTH + " months" : days / DAYS_OF_YEAR + " years";
    }

    /** A moment in whole seconds with its zone: {@code 2026-11-21 21:52:35 +0000 UTC}. */
    public static String moment(Instant moment, ZoneId zone) {
        ZonedDateTime local = moment.atZone(zone);
        int offset = local.getOffset().getTotalSeconds();
        var out = new StringBuilder(32);
        digits(out, local.getYear(), 4).append('-');
        digits(out, local.getMonthValue(), 2).append('-');
        digits(out, local.getDayOfMonth(), 2).append(' ');
        digits(out, local.getHour(), 2).append(':');
        digits(out, local.getMinute(), 2).append(':');
        digits(out, local.getSecond(), 2).append(offset < 0 ? " -" : " +");
        digits(out, Math.abs(offset) / 3600, 2);
        digits(out, Math.abs(offset) / 60 % 60, 2).append(' ');
        return out.append(name(zone, moment)).toString();
    }

    private static StringBuilder digits(StringBuilder out, int number, int least) {
        String digits = Integer.toString(number);
        return out.repeat('0', Math.max(0, least - digits.length())).append(digits);
    }

    private static String name(ZoneId zone, Instant moment) {
        if (zone.getRules().isFixedOffset() && zone.getRules().getOffset(moment).getTotalSeconds() == 0) {
            return "UTC";
        }
        return TimeZone.getTimeZone(zone).getDisplayName(zone.getRules().isDaylightSavings(moment), TimeZone.SHORT, Locale.ENGLISH);
    }
}
