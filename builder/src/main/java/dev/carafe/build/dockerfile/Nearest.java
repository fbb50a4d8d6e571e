package dev.carafe.build.dockerfile;

import java.util.Collection;
import java.util.Locale;

/** What somebody may have meant by a word that is not known. */
public final class Nearest {
    private Nearest() {
    }

    /** {@code " (did you mean …?)"}, or nothing when no known word is near. */
    public static String suggestion(String word, Collection<String> known, String prefix) {
        String best = "";
        int least = 3;
        for (String each : known) {
            int distance = distance(word.toLowerCase(Locale.ROOT), each.toLowerCase(Locale.ROOT));
            if (distance < least && distance < each.length()) {
                least = distance;
                best = each;
            }
        }
        return best.isEmpty() ? "" : " (did you mean " + prefix + best + "?)";
    }

    /** How many letters have to be changed, put in, taken out, or change places with the next one (Damerau and Levenshtein). */
    static int distance(String a, String b) {
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                steps[i][j] = Math.min(Math.min(steps[i - 1][j], steps[i][j - 1]) + 1, steps[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[a.length()][b.length()];
    }
}
