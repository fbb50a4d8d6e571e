package dev.carafe.cli.sync;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which versions (semver.org 2.0.0) are meant, in the notation that skopeo took over from Masterminds: conditions with {@code =}, {@code !=},
 * {@code >}, {@code <}, {@code >=}, {@code <=}, {@code ~} and {@code ^}, ranges with a dash between blanks, {@code x} and {@code *} for any
 * number; a comma or a blank for and, {@code ||} for or. A version before its release fits only conditions that name one.
 */
public final class VersionRange {
    private static final Pattern VERSION = Pattern.compile("v?(0|[1-9]\\d*)(?:\\.(0|[1-9]\\d*))?(?:\\.(0|[1-9]\\d*))?(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?");
    private static final Pattern CONDITION = Pattern.compile("(=|!=|>=|=>|<=|=<|>|<|~>|~|\\^)?\\s*v?(\\d+|[xX*])(?:\\.(\\d+|[xX*]))?(?:\\.(\\d+|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?");
    private static final Pattern DASH = Pattern.compile("(\\S+)\\s+-\\s+(\\S+)");

    /** One version; of absent numbers the zero. */
    private record Version(long major, long minor, long patch, String before) implements Comparable<Version> {
        @Override
        public int compareTo(Version other) {
            int first = Long.compare(major, other.major);
            int second = first != 0 ? first : Long.compare(minor, other.minor);
            int third = second != 0 ? second : Long.compare(patch, other.patch);
            return third != 0 ? third : beforeRelease(before, other.before);
        }

        private static int beforeRelease(String one, String other) {
            if (one.isEmpty() || other.isEmpty()) {
                return Boolean.compare(one.isEmpty(), other.isEmpty());
            }
            String[] mine = one.split("\\.");
            String[] theirs = other.split("\\.");
            for (int k = 0; k < Math.min(mine.length, theirs.length); k++) {
                boolean number = mine[k].matches("\\d{1,18}");
                boolean otherNumber = theirs[k].matches("\\d{1,18}");
                int order = number && otherNumber ? Long.compare(Long.parseLong(mine[k]), Long.parseLong(theirs[k])) : number != otherNumber ? number ? -1 : 1 : mine[k].compareTo(theirs[k]);
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(mine.length, theirs.length);
        }
    }

    /** From a version up to before another; or, negated, everything else. */
    private record Condition(Optional<Version> least, Optional<Version> below, boolean negated, boolean beforeRelease) {
        boolean holds(Version version) {
            if (!version.before().isEmpty() && !beforeRelease) {
                return false;
            }
            boolean within = least.filter(v -> version.compareTo(v) < 0).isEmpty() && below.filter(v -> version.compareTo(v) >= 0).isEmpty();
            return within != negated;
        }
    }

    private final List<List<Condition>> alternatives;

    private VersionRange(List<List<Condition>> alternatives) {
        this.alternatives = alternatives;
    }

    public static VersionRange parse(String text) {
        var alternatives = new ArrayList<List<Condition>>();
        for (String alternative : text.split("\\|\\|", -1)) {
            Matcher dash = DASH.matcher(alternative);
            String plain = dash.replaceAll(">=$1 <=$2").strip();
            var conditions = new ArrayList<Condition>();
            Matcher matcher = CONDITION.matcher(plain);
            int at = 0;
            while (at < plain.length()) {
                if (!matcher.find(at) || matcher.start() != at) {
                    throw Fault.invalid("read range of versions", "\"" + text + "\"", "no range of versions at \"" + plain.substring(at) + "\"");
                }
                conditions.add(condition(matcher, text));
                at = matcher.end();
                while (at < plain.length() && (plain.charAt(at) == ',' || plain.charAt(at) == ' ')) {
                    at++;
                }
            }
            if (conditions.isEmpty()) {
                throw Fault.invalid("read range of versions", "\"" + text + "\"", "a part is empty");
            }
            alternatives.add(conditions);
        }
        return new VersionRange(alternatives);
    }

    private static Condition condition(Matcher matcher, String text) {
        String operator = matcher.group(1) == null ? "" : matcher.group(1);
        int told = told(matcher);
        long major = told > 0 ? number(matcher.group(2), text) : 0;
        long minor = told > 1 ? number(matcher.group(3), text) : 0;
        long patch = told > 2 ? number(matcher.group(4), text) : 0;
        String before = told > 2 && matcher.group(5) != null ? matcher.group(5) : "";
        var version = new Version(major, minor, patch, before);
        boolean early = !before.isEmpty();
        if (told == 0) {
            boolean none = operator.equals("!=") || operator.equals(">") || operator.equals("<");
            return new Condition(Optional.empty(), Optional.empty(), none, early);
        }
        // Behind everything that the numbers which are told stand for: 1.2 is all of 1.2.x.
        Version next = told == 1 ? new Version(major + 1, 0, 0, "") : told == 2 ? new Version(major, minor + 1, 0, "") : successor(version);
        return switch (operator) {
            case "", "=" -> new Condition(Optional.of(version), Optional.of(next), false, early);
            case "!=" -> new Condition(Optional.of(version), Optional.of(next), true, early);
            case ">" -> new Condition(Optional.of(next), Optional.empty(), false, early);
            case ">=", "=>" -> new Condition(Optional.of(version), Optional.empty(), false, early);
            case "<" -> new Condition(Optional.empty(), Optional.of(version), false, early);
            case "<=", "=<" -> new Condition(Optional.empty(), Optional.of(next), false, early);
            case "~", "~>" -> new Condition(Optional.of(version), Optional.of(told == 1 ? next : new Version(major, minor + 1, 0, "")), false, early);
            case "^" -> new Condition(Optional.of(version), Optional.of(major > 0 || told == 1 ? new Version(major + 1, 0, 0, "")
                    : minor > 0 || told == 2 ? new Version(0, minor + 1, 0, "") : new Version(0, 0, patch + 1, "")), false, early);
            default -> throw new IllegalStateException(operator);
        };
    }

    /** What comes directly behind a version. */
    private static Version successor(Version version) {
        return version.before().isEmpty() ? new Version(version.major(), version.minor(), version.patch() + 1, "0") : new Version(version.major(), version.minor(), version.patch(), version.before() + ".0");
    }

    /** How many numbers are told before the first that is any. */
    private static int told(Matcher matcher) {
        int told = 0;
        while (told < 3 && matcher.group(told + 2) != null && Character.isDigit(matcher.group(told + 2).charAt(0))) {
            told++;
        }
        return told;
    }

    private static long number(String digits, String text) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw Fault.invalid("read range of versions", "\"" + text + "\"", "too large a number");
        }
    }

    /** Whether a tag is a version, and one of those that are meant. */
    public boolean holds(String tag) {
        Matcher matcher = VERSION.matcher(tag);
        if (!matcher.matches() || tag.length() > 100) {
            return false;
        }
        try {
            var version = new Version(Long.parseLong(matcher.group(1)), matcher.group(2) == null ? 0 : Long.parseLong(matcher.group(2)), matcher.group(3) == null ? 0 : Long.parseLong(matcher.group(3)),
                    matcher.group(4) == null ? "" : matcher.group(4));
            return alternatives.stream().anyMatch(all -> all.stream().allMatch(condition -> condition.holds(version)));
        } catch (NumberFormatException tooLarge) {
            return false;
        }
    }
}
