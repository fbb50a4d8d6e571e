package dev.carafe.plan.seccomp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All numbers, from 0 to 2³²−1, that a program of one {@code AUDIT_ARCH_*} can call, with their verdicts: areas that cover the
 * space, and single calls within them. x86-64 and x32 share a space.
 */
final class CallSpace {
    private static final long END = 1L << Integer.SIZE;

    private final int audit;
    private final TreeMap<Long, SeccompVerdict> areas = new TreeMap<>();
    private int[] numbers = new int[512];
    private final List<SeccompVerdict> verdicts = new ArrayList<>(512);

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

    /** One call; calls are added in the unsigned order of their numbers. */
    void call(int number, SeccompVerdict verdict) {
        if (verdicts.size() == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * numbers.length);
        }
        numbers[verdicts.size()] = number;
        verdicts.add(verdict);
    }

    SeccompVerdict verdict(int number) {
        int from = 0;
        int to = verdicts.size();
        while (from < to) {
            int middle = from + to >>> 1;
            if (Integer.compareUnsigned(numbers[middle], number) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from < verdicts.size() && numbers[from] == number ? verdicts.get(from) : area(number);
    }

    private SeccompVerdict area(int number) {
        return areas.floorEntry(Integer.toUnsignedLong(number)).getValue();
    }

    /** The search that finds the verdict of a number, with neighbours of equal effect in one range. */
    Step search(Decisions decisions) {
        var starts = new int[2 * verdicts.size() + areas.size() + 1];
        var ranges = new ArrayList<SeccompVerdict>();
        int call = 0;
        Map.Entry<Long, SeccompVerdict> area = areas.firstEntry();
        long areaEnd = end(area.getKey());
        long at = 0;
        while (at < END) {
            if (at >= areaEnd) {
                area = areas.floorEntry(at);
                areaEnd = end(area.getKey());
            }
            long nextCall = call < verdicts.size() ? Integer.toUnsignedLong(numbers[call]) : END;
            SeccompVerdict verdict = area.getValue();
            long next = Math.min(areaEnd, nextCall);
            if (nextCall == at) {
                verdict = verdicts.get(call++);
                next = at + 1;
            }
            if (ranges.isEmpty() || !verdict.actsAs(ranges.getLast())) {
                starts[ranges.size()] = (int) at;
                ranges.add(verdict);
            }
            at = next;
        }
        var steps = new ArrayList<Step>(ranges.size());
        for (SeccompVerdict each : ranges) {
            steps.add(decisions.step(each));
        }
        return steps.size() == 1
                ? steps.getFirst()
                : new Step.Search(Decisions.NUMBER, Arrays.copyOf(starts, steps.size()), steps);
    }

    private long end(long areaStart) {
        Long next = areas.higherKey(areaStart);
        return next == null ? END : next;
    }
}
