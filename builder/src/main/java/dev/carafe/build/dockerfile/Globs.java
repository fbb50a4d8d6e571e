package dev.carafe.build.dockerfile;

import java.util.regex.Pattern;

/** The patterns of variable expansion: {@code *} any text, {@code ?} any character, a backslash takes the next one as it is. */
final class Globs {
    private Globs() {
    }

    /** The pattern as an expression; {@code *} takes as much as it can where it is greedy, else as little. */
    static Pattern pattern(String glob, boolean greedy) {
        var regex = new StringBuilder();
        for (int k = 0; k < glob.length(); k++) {
            char c = glob.charAt(k);
            switch (c) {
                case '*' -> regex.append(greedy ? ".*" : ".*?");
                case '?' -> regex.append('.');
                case '\\' -> {
                    if (k + 1 < glob.length()) {
                        k++;
                    }
                    regex.append(Pattern.quote(String.valueOf(glob.charAt(k))));
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** The value without the shortest, or longest, beginning that matches. */
    static String withoutPrefix(String value, String glob, boolean longest) {
        var matcher = pattern(glob, longest).matcher(value);
        return matcher.lookingAt() ? value.substring(matcher.end()) : value;
    }

    /** The value without the shortest, or longest, end that matches. */
    static String withoutSuffix(String value, String glob, boolean longest) {
        Pattern pattern = pattern(glob, true);
        for (int k = 0; k <= value.length(); k++) {
            int start = longest ? k : value.length() - k;
            if (pattern.matcher(value.substring(start)).matches()) {
                return value.substring(0, start);
            }
        }
        return value;
    }
}
