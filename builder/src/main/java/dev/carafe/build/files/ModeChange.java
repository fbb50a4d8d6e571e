package dev.carafe.build.files;

import dev.carafe.base.Fault;

/** What {@code --chmod} makes of a mode: an octal number, or clauses such as {@code u=rwX,go-w} (chmod(1)). */
public final class ModeChange {
    private final String words;

    private ModeChange(String words) {
        this.words = words;
    }

    /** @throws Fault INVALID when it is neither */
    public static ModeChange parse(String words) {
        var change = new ModeChange(words);
        change.apply(0, false);
        return change;
    }

    public int apply(int mode, boolean directory) {
        if (words.matches("[0-7]{1,5}") && Integer.parseInt(words, 8) <= 07777) {
            return Integer.parseInt(words, 8);
        }
        int changed = mode;
        for (String clause : words.split(",", -1)) {
            changed = clause(clause, changed, directory);
        }
        return changed;
    }

    private int clause(String clause, int mode, boolean directory) {
        int at = 0;
        int who = 0;
        for (; at < clause.length() && "ugoa".indexOf(clause.charAt(at)) >= 0; at++) {
            who |= switch (clause.charAt(at)) {
                case 'u' -> 04700;
                case 'g' -> 02070;
                case 'o' -> 01007;
                default -> 07777;
            };
        }
        if (who == 0) {
            who = 07777;
        }
        if (at == clause.length()) {
            throw refused();
        }
        int changed = mode;
        while (at < clause.length()) {
            char operator = clause.charAt(at++);
            int bits = 0;
            for (; at < clause.length() && "rwxXst".indexOf(clause.charAt(at)) >= 0; at++) {
                bits |= switch (clause.charAt(at)) {
                    case 'r' -> 0444;
                    case 'w' -> 0222;
                    case 'x' -> 0111;
                    case 'X' -> directory || (mode & 0111) != 0 ? 0111 : 0;
                    case 's' -> 06000;
                    default -> 01000;
                };
            }
            changed = switch (operator) {
                case '+' -> changed | bits & who;
                case '-' -> changed & ~(bits & who);
                case '=' -> changed & ~(who & 0777) | bits & who;
                default -> throw refused();
            };
        }
        return changed;
    }

    private Fault refused() {
        return Fault.invalid("invalid chmod parameter", "'" + words + "'", "it should be octal string and between 0 and 07777, or symbolic");
    }
}
