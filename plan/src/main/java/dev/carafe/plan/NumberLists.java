package dev.carafe.plan;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists of numbers such as {@code 0-3,7}, as cpuset(7) writes them. */
final class NumberLists {
    /** The kernel itself has no more processors or nodes. */
    private static final int MOST = 8192;

    private NumberLists() {
    }

    /**
     * The numbers as bits.
     *
     * @param field the field of {@code config.json} that holds the list
     * @param section where the specification speaks of it
     */
    static List<Long> mask(String list, String field, String section) {
        var mask = new ArrayList<Long>();
        for (String part : list.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = number(dash < 0 ? part : part.substring(0, dash), list, field, section);
            int last = dash < 0 ? first : number(part.substring(dash + 1), list, field, section);
            if (last < first) {
                throw fault(list, field, section);
            }
            for (int k = first; k <= last; k++) {
                while (mask.size() <= k / 64) {
                    mask.add(0L);
                }
                mask.set(k / 64, mask.get(k / 64) | 1L << k);
            }
        }
        return List.copyOf(mask);
    }

    /** That it is such a list, or none. */
    static void check(Optional<String> list, String field, String section) {
        if (list.isPresent() && !list.get().isEmpty()) {
            mask(list.get(), field, section);
        }
    }

    private static int number(String text, String list, String field, String section) {
        int number = -1;
        String digits = text.strip();
        for (int k = 0; k < digits.length() && number < MOST; k++) {
            char c = digits.charAt(k);
            if (c < '0' || c > '9') {
                throw fault(list, field, section);
            }
            number = Math.max(number, 0) * 10 + c - '0';
        }
        if (number < 0 || number >= MOST) {
            throw fault(list, field, section);
        }
        return number;
    }

    private static Fault fault(String list, String field, String section) {
        return Fault.invalid("config.json", field, "expected a list of numbers such as 0-3,7, found \"" + list + "\" (" + section + ")");
    }
}
