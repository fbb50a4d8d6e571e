package dev.carafe.plan.seccomp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * All numbers, from 0 to 2³²−1, that a program of one {@code AUDIT_ARCH_*} can call, with their verdicts: areas that cover the
 * space, and single calls within them. x86-64 and x32 share a space.
 */
final class CallSpace {
    private final int audit;
    private final TreeMap<Long, SeccompVerdict> areas = new TreeMap<>();
    private final Map<Integer, SeccompVerdict> calls = new HashMap<>(1024);

    CallSpace(int audit) {
        this.audit = audit;
    }

    int audit() {
        return audit;
    }

    /** From this number up to the next area's. */
    void area(long from, SeccompVerdict verdict) {
        areas.put(from, verdict);
    }

    void call(int number, SeccompVerdict verdict) {
        calls.put(number, verdict);
    }

    SeccompVerdict verdict(int number) {
        SeccompVerdict own = calls.get(number);
        return own != null ? own : areas.floorEntry(Integer.toUnsignedLong(number)).getValue();
    }

    /** The search that finds the verdict of a number, with neighbours of equal effect in one range. */
    Step search(Decisions decisions) {
        var starts = new long[2 * calls.size() + areas.size()];
        int count = 0;
        for (int number : calls.keySet()) {
            starts[count++] = Integer.toUnsignedLong(number);
            starts[count++] = Integer.toUnsignedLong(number) + 1;
        }
        for (long from : areas.keySet()) {
            starts[count++] = from;
        }
        Arrays.sort(starts, 0, count);
        var ranges = new int[count];
        var steps = new ArrayList<Step>();
        SeccompVerdict last = null;
        for (int i = 0; i < count; i++) {
            if (starts[i] >>> Integer.SIZE != 0 || i > 0 && starts[i] == starts[i - 1]) {
                continue;
            }
            SeccompVerdict verdict = verdict((int) starts[i]);
            if (last == null || !verdict.actsAs(last)) {
                ranges[steps.size()] = (int) starts[i];
                steps.add(decisions.step(verdict));
                last = verdict;
            }
        }
        return steps.size() == 1
                ? steps.getFirst()
                : new Step.Search(Decisions.NUMBER, Arrays.copyOf(ranges, steps.size()), steps);
    }
}
