package dev.carafe.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceProgramTest {
    private static final int BLOCK = 1;
    private static final int CHARACTER = 2;
    private static final int MAKE = 1;
    private static final int READ = 2;
    private static final int WRITE = 4;

    private static boolean allowed(List<String> rules, int type, int major, int minor, int access) {
        byte[] program = DeviceProgram.compile(rules).instructions();
        assertThat(BpfInterpreter.allReached(program)).as("%s: every instruction can be reached", rules).isTrue();
        long answer = BpfInterpreter.run(program, access << 16 | type, major, minor);
        assertThat(answer).isBetween(0L, 1L);
        return answer == 1;
    }

    /** The same decision in a few plain words: the last rule that covers the whole request. */
    private static boolean expected(List<String> rules, int type, int major, int minor, int access) {
        for (String rule : rules.reversed()) {
            String[] words = rule.split("[ :]");
            if (words[1].equals("a")) {
                return words[0].equals("allow");
            }
            int letters = (words[4].contains("m") ? MAKE : 0) | (words[4].contains("r") ? READ : 0) | (words[4].contains("w") ? WRITE : 0);
            if (words[1].equals(type == BLOCK ? "b" : "c") && (words[2].equals("*") || Integer.parseInt(words[2]) == major)
                    && (words[3].equals("*") || Integer.parseInt(words[3]) == minor) && (access & ~letters) == 0) {
                return words[0].equals("allow");
            }
        }
        return false;
    }

    private static void checkAll(List<String> rules) {
        for (int type : new int[] {BLOCK, CHARACTER}) {
            for (int major : new int[] {0, 1, 5, 8, 136, 254, 4095}) {
                for (int minor : new int[] {0, 1, 3, 5, 9, 11, 229, 1048575}) {
                    for (int access = 1; access <= 7; access++) {
                        assertThat(allowed(rules, type, major, minor, access)).as("%s: type %d %d:%d access %d", rules, type, major, minor, access)
                                .isEqualTo(expected(rules, type, major, minor, access));
                    }
                }
            }
        }
    }

    @Test
    void nothingIsAllowedWithoutARule() {
        checkAll(List.of());
    }

    @Test
    void aRuleForAllDecidesEverythingBeforeIt() {
        checkAll(List.of("allow c 1:3 rwm", "deny a"));
        checkAll(List.of("deny c 1:3 rwm", "allow a"));
        checkAll(List.of("allow a"));
    }

    @Test
    void theDefaultsOfEveryContainer() {
        var rules = new ArrayList<>(List.of("deny a"));
        DeviceRules.DEFAULT.forEach(line -> rules.add("allow " + line));
        checkAll(rules);
        assertThat(allowed(rules, CHARACTER, 1, 3, READ | WRITE)).isTrue();
        assertThat(allowed(rules, CHARACTER, 136, 77, READ | WRITE)).isTrue();
        assertThat(allowed(rules, BLOCK, 8, 0, MAKE)).isTrue();
        assertThat(allowed(rules, BLOCK, 8, 0, READ)).isFalse();
        assertThat(allowed(rules, BLOCK, 8, 0, MAKE | READ)).isFalse();
        assertThat(allowed(rules, CHARACTER, 1, 11, READ)).isFalse();
    }

    @Test
    void theLastRuleThatMatchesDecides() {
        checkAll(List.of("deny a", "allow b 8:* rw", "deny b 8:1 w", "allow c *:* r", "deny c 5:* rwm"));
        checkAll(List.of("allow a", "deny b *:* rwm", "allow b 8:0 r"));
        checkAll(List.of("deny a", "allow c 1:* m", "allow c 1:* r", "allow c *:3 w"));
    }

    @Test
    void everyCombinationOfLetters() {
        for (String letters : new String[] {"r", "w", "m", "rw", "rm", "wm", "rwm"}) {
            checkAll(List.of("deny a", "allow c 1:3 " + letters));
        }
    }
}
