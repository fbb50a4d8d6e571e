package dev.carafe.plan.seccomp;

import java.util.List;

/**
 * A node of the decision that a filter takes, before it is laid out as instructions: return, test one word and branch, or search
 * one word among ranges. A step may follow several others; it is laid out once. Steps are told apart by identity.
 */
abstract sealed class Step {
    /** The most comparisons from here to a return. */
    final int depth;
    /** The offset in {@code seccomp_data} of what it looks at, or -1. */
    final int word;

    private Step(int depth, int word) {
        this.depth = depth;
        this.word = word;
    }

    /** The end: gives the kernel its answer. */
    static final class Return extends Step {
        final int value;

        Return(int value) {
            super(0, -1);
            this.value = value;
        }
    }

    /** Compares {@code word & mask} with a value, unsigned. */
    static final class Test extends Step {
        final int mask;
        final int condition;
        final int value;
        final Step yes;
        final Step no;

        /**
         * @param word the offset in {@code seccomp_data}
         * @param mask -1 where all bits count
         * @param condition one of the jumps of {@link Instructions}
         */
        Test(int word, int mask, int condition, int value, Step yes, Step no) {
            super(1 + Math.max(yes.depth, no.depth), word);
            this.mask = mask;
            this.condition = condition;
            this.value = value;
            this.yes = yes;
            this.no = no;
        }
    }

    /** Goes on with the step of the range in which the word lies: range i starts at {@code starts[i]}, the first at 0, unsigned. */
    static final class Search extends Step {
        private static final int HEAVIEST = 40;

        final int[] starts;
        final List<Step> steps;

        Search(int word, int[] starts, List<Step> steps) {
            super(depth(steps), word);
            this.starts = starts;
            this.steps = List.copyOf(steps);
        }

        /** What a step counts in balancing, so that a deep one ends up near the root. */
        static long weight(Step step) {
            return 1L << Math.min(step.depth, HEAVIEST);
        }

        private static int depth(List<Step> steps) {
            long sum = 0;
            for (Step each : steps) {
                sum += weight(each);
            }
            return Long.SIZE - Long.numberOfLeadingZeros(sum - 1);
        }
    }
}
