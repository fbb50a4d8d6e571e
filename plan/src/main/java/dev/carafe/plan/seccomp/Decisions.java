package dev.carafe.plan.seccomp;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.SeccompArg;
import dev.carafe.plan.seccomp.SeccompVerdict.Branch;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns verdicts into steps. Arguments are 64 bits wide and BPF's words 32, so each comparison becomes one of the upper halves
 * and, where these are equal, one of the lower.
 *
 * <p>Rules that all compare one argument, as docker's on socket(2) and personality(2), become a search over its ranges where
 * that takes fewer comparisons than one rule after the other.
 */
final class Decisions {
    /** Offsets in {@code struct seccomp_data} (linux/seccomp.h). */
    static final int NUMBER = 0;
    static final int ARCHITECTURE = 4;
    static final int ARGUMENTS = 16;

    private final int high;
    private final int low;
    private final Map<Integer, Step> returns = new HashMap<>();
    private final List<SeccompVerdict> verdicts = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Step> made = new ArrayList<>();

    Decisions(ByteOrder order) {
        high = order == ByteOrder.LITTLE_ENDIAN ? 4 : 0;
        low = order == ByteOrder.LITTLE_ENDIAN ? 0 : 4;
    }

    /** Every step that compares arguments, each after those that follow from it. */
    List<Step> made() {
        return made;
    }

    Step step(SeccompReturn result) {
        Step known = returns.get(result.value());
        if (known == null) {
            known = new Step.Return(result.value());
            returns.put(result.value(), known);
        }
        return known;
    }

    Step step(SeccompVerdict verdict) {
        if (verdict.branches().isEmpty()) {
            return step(verdict.otherwise());
        }
        if (verdict.branches().getFirst().when().isEmpty()) {
            return step(verdict.branches().getFirst().result());
        }
        for (int i = 0; i < verdicts.size(); i++) {
            if (verdicts.get(i).actsAs(verdict)) {
                return steps.get(i);
            }
        }
        Step built = build(verdict);
        verdicts.add(verdict);
        steps.add(built);
        return built;
    }

    private Step build(SeccompVerdict verdict) {
        int mark = made.size();
        Step chain = chain(verdict);
        List<Step> chained = List.copyOf(made.subList(mark, made.size()));
        if (searchable(verdict.branches())) {
            made.subList(mark, made.size()).clear();
            Step search = search(verdict);
            if (search.depth < chain.depth) {
                return search;
            }
            made.subList(mark, made.size()).clear();
            made.addAll(chained);
        }
        return chain;
    }

    private Step chain(SeccompVerdict verdict) {
        Step next = step(verdict.otherwise());
        for (Branch branch : verdict.branches().reversed()) {
            Step step = step(branch.result());
            for (SeccompArg condition : branch.when().reversed()) {
                step = verdict.bits() == Integer.SIZE ? narrow(condition, step, next) : wide(condition, step, next);
            }
            next = step;
        }
        return next;
    }

    private Step narrow(SeccompArg condition, Step yes, Step no) {
        int word = ARGUMENTS + 8 * condition.index() + low;
        int value = (int) condition.value();
        return switch (condition.op()) {
            case SCMP_CMP_EQ -> test(word, -1, Instructions.JUMP_EQUAL, value, yes, no);
            case SCMP_CMP_NE -> test(word, -1, Instructions.JUMP_EQUAL, value, no, yes);
            case SCMP_CMP_GT -> test(word, -1, Instructions.JUMP_GREATER, value, yes, no);
            case SCMP_CMP_LE -> test(word, -1, Instructions.JUMP_GREATER, value, no, yes);
            case SCMP_CMP_GE -> test(word, -1, Instructions.JUMP_GREATER_OR_EQUAL, value, yes, no);
            case SCMP_CMP_LT -> test(word, -1, Instructions.JUMP_GREATER_OR_EQUAL, value, no, yes);
            case SCMP_CMP_MASKED_EQ -> test(word, value, Instructions.JUMP_EQUAL, (int) (long) condition.valueTwo().orElse(0L), yes, no);
        };
    }

    private Step wide(SeccompArg condition, Step yes, Step no) {
        return switch (condition.op()) {
            case SCMP_CMP_EQ -> equal(condition, yes, no);
            case SCMP_CMP_NE -> equal(condition, no, yes);
            case SCMP_CMP_GT -> above(condition, Instructions.JUMP_GREATER, yes, no);
            case SCMP_CMP_LE -> above(condition, Instructions.JUMP_GREATER, no, yes);
            case SCMP_CMP_GE -> above(condition, Instructions.JUMP_GREATER_OR_EQUAL, yes, no);
            case SCMP_CMP_LT -> above(condition, Instructions.JUMP_GREATER_OR_EQUAL, no, yes);
            case SCMP_CMP_MASKED_EQ -> {
                long mask = condition.value();
                long value = condition.valueTwo().orElse(0L);
                int word = ARGUMENTS + 8 * condition.index();
                Step lower = test(word + low, (int) mask, Instructions.JUMP_EQUAL, (int) value, yes, no);
                yield test(word + high, (int) (mask >>> 32), Instructions.JUMP_EQUAL, (int) (value >>> 32), lower, no);
            }
        };
    }

    private Step equal(SeccompArg condition, Step yes, Step no) {
        int word = ARGUMENTS + 8 * condition.index();
        Step lower = test(word + low, -1, Instructions.JUMP_EQUAL, (int) condition.value(), yes, no);
        return test(word + high, -1, Instructions.JUMP_EQUAL, (int) (condition.value() >>> 32), lower, no);
    }

    private Step above(SeccompArg condition, int lowerJump, Step yes, Step no) {
        int word = ARGUMENTS + 8 * condition.index();
        int upper = (int) (condition.value() >>> 32);
        Step lower = test(word + low, -1, lowerJump, (int) condition.value(), yes, no);
        Step same = test(word + high, -1, Instructions.JUMP_EQUAL, upper, lower, no);
        return test(word + high, -1, Instructions.JUMP_GREATER, upper, yes, same);
    }

    private Step test(int word, int mask, int condition, int value, Step yes, Step no) {
        if (yes == no || mask == 0) {
            return yes;
        }
        return keep(new Step.Test(word, mask, condition, value, yes, no));
    }

    private static boolean searchable(List<Branch> branches) {
        int argument = branches.getFirst().when().getFirst().index();
        for (Branch branch : branches) {
            if (branch.when().size() != 1 || branch.when().getFirst().index() != argument
                    || branch.when().getFirst().op() == SeccompArg.Operator.SCMP_CMP_MASKED_EQ) {
                return false;
            }
        }
        return true;
    }

    private Step search(SeccompVerdict verdict) {
        List<Branch> branches = verdict.branches();
        int argument = branches.getFirst().when().getFirst().index();
        long last = verdict.bits() == Integer.SIZE ? 0xFFFF_FFFFL : -1;
        var edges = new ArrayList<Long>();
        edges.add(Long.MIN_VALUE);
        for (Branch branch : branches) {
            long value = branch.when().getFirst().value();
            // The sign bit is flipped for the sort, which is of signed numbers.
            edges.add(value ^ Long.MIN_VALUE);
            if (value != last) {
                edges.add(value + 1 ^ Long.MIN_VALUE);
            }
        }
        edges.sort(null);
        var starts = new long[edges.size()];
        var found = new ArrayList<Step>();
        var arguments = new long[6];
        for (long flipped : edges) {
            long edge = flipped ^ Long.MIN_VALUE;
            arguments[argument] = edge;
            Step step = step(verdict.result(arguments));
            if (found.isEmpty() || found.getLast() != step) {
                starts[found.size()] = edge;
                found.add(step);
            }
        }
        int word = ARGUMENTS + 8 * argument;
        return verdict.bits() == Integer.SIZE ? ranges(word + low, starts, found, 0, found.size()) : halves(word, starts, found);
    }

    /** Searches the upper half first; only the values of it in which an edge lies need a look at the lower half. */
    private Step halves(int word, long[] starts, List<Step> found) {
        var uppers = new int[2 * found.size() + 1];
        var parts = new ArrayList<Step>();
        int i = 0;
        while (i < found.size()) {
            int upper = (int) (starts[i] >>> 32);
            int first = (int) starts[i] == 0 ? i : i - 1;
            int end = i + 1;
            while (end < found.size() && starts[end] >>> 32 == starts[i] >>> 32) {
                end++;
            }
            addPart(uppers, parts, upper, ranges(word + low, starts, found, first, end));
            long next = end < found.size() ? starts[end] >>> 32 : 1L << 32;
            if (Integer.toUnsignedLong(upper) + 1 < next) {
                addPart(uppers, parts, upper + 1, found.get(end - 1));
            }
            i = end;
        }
        return parts.size() == 1 ? parts.getFirst() : keep(new Step.Search(word + high, Arrays.copyOf(uppers, parts.size()), parts));
    }

    private static void addPart(int[] uppers, List<Step> parts, int upper, Step part) {
        if (parts.isEmpty() || parts.getLast() != part) {
            uppers[parts.size()] = upper;
            parts.add(part);
        }
    }

    private Step ranges(int word, long[] starts, List<Step> found, int from, int to) {
        if (to - from == 1) {
            return found.get(from);
        }
        var lowers = new int[to - from];
        for (int i = from + 1; i < to; i++) {
            lowers[i - from] = (int) starts[i];
        }
        return keep(new Step.Search(word, lowers, found.subList(from, to)));
    }

    private Step keep(Step step) {
        if (made.size() == Instructions.LIMIT) {
            throw Fault.of(Fault.Kind.EXHAUSTED, "seccomp", "profile", "compares arguments in more than " + Instructions.LIMIT + " places");
        }
        made.add(step);
        return step;
    }
}
