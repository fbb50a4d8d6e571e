package dev.carafe.plan.seccomp;

import dev.carafe.base.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Lays steps out as classic BPF (linux/filter.h), from the last instruction to the first: jumps only lead forward, so every
 * target is known when a jump to it is written. A label is the count of instructions from its target to the end.
 *
 * <p>A conditional jump reaches 255 instructions. Where its target is farther, it leads to a copy of it if that is a return,
 * which costs nothing at run time, and otherwise to an unconditional jump, whose reach has no limit.
 */
final class Instructions {
    static final int LOAD = 0x20;
    static final int AND = 0x54;
    static final int JUMP = 0x05;
    static final int JUMP_EQUAL = 0x15;
    static final int JUMP_GREATER = 0x25;
    static final int JUMP_GREATER_OR_EQUAL = 0x35;
    static final int RETURN = 0x06;
    static final int SIZE = 8;

    /** BPF_MAXINSNS: the kernel takes no longer program. */
    static final int LIMIT = 4096;

    private static final int REACH = 255;
    private static final int NOTHING = -1;

    private long[] backwards = new long[512];
    private int count;
    private final Map<Integer, Integer> returns = new HashMap<>();
    private final Map<Step, Integer> bodies = new HashMap<>();
    private final Map<Step, Integer> entries = new HashMap<>();

    /** Writes all that follows from a step, which so becomes the start of the program. */
    void program(Step root) {
        enter(root, NOTHING);
    }

    /** Writes a step unless that is done; steps given in the order of their making spare deep recursion. */
    void prepare(Step step) {
        body(step);
    }

    int count() {
        return count;
    }

    /** The array of {@code struct sock_filter}. */
    byte[] bytes(ByteOrder order) {
        var bytes = ByteBuffer.allocate(count * SIZE).order(order);
        for (int i = count - 1; i >= 0; i--) {
            long each = backwards[i];
            bytes.putShort((short) (each >>> 48)).put((byte) (each >>> 40)).put((byte) (each >>> 32)).putInt((int) each);
        }
        return bytes.array();
    }

    /** The label at which a step starts for those who have this word of {@code seccomp_data} in the accumulator. */
    private int enter(Step step, int loaded) {
        int body = body(step);
        int word = step.word;
        if (word == loaded || word == NOTHING) {
            return body;
        }
        Integer known = entries.get(step);
        if (known != null) {
            return known;
        }
        if (count != body) {
            write(JUMP, 0, 0, count - body);
        }
        int label = write(LOAD, 0, 0, word);
        entries.put(step, label);
        return label;
    }

    private int body(Step step) {
        if (step instanceof Step.Return end) {
            Integer known = returns.get(end.value);
            return known != null ? known : writeReturn(end.value);
        }
        Integer known = bodies.get(step);
        if (known != null) {
            return known;
        }
        // A switch over patterns would cost a cold start more than all the rest of the layout.
        int label = step instanceof Step.Test test ? test(test) : search((Step.Search) step);
        bodies.put(step, label);
        return label;
    }

    private int test(Step.Test test) {
        int left = test.mask == -1 ? test.word : NOTHING;
        int no = enter(test.no, left);
        int yes = enter(test.yes, left);
        int label = branch(test.condition, test.value, yes, no);
        return test.mask == -1 || yes == no ? label : write(AND, 0, 0, test.mask);
    }

    private int search(Step.Search search) {
        var weights = new long[search.steps.size() + 1];
        for (int i = 0; i < search.steps.size(); i++) {
            weights[i + 1] = weights[i] + Step.Search.weight(search.steps.get(i));
        }
        return search(search, weights, 0, search.steps.size());
    }

    private int search(Step.Search search, long[] weights, int from, int to) {
        if (to - from == 1) {
            return enter(search.steps.get(from), search.word);
        }
        if (to - from == 3 && search.steps.get(from) == search.steps.get(from + 2)
                && search.starts[from + 2] - search.starts[from + 1] == 1) {
            int no = enter(search.steps.get(from), search.word);
            int yes = enter(search.steps.get(from + 1), search.word);
            return branch(JUMP_EQUAL, search.starts[from + 1], yes, no);
        }
        int middle = middle(weights, from, to);
        int right = search(search, weights, middle, to);
        int left = search(search, weights, from, middle);
        return branch(JUMP_GREATER_OR_EQUAL, search.starts[middle], right, left);
    }

    /** Where the two sides weigh most alike; {@code weights[i]} is the sum of all before i. */
    private static int middle(long[] weights, int from, int to) {
        long twice = weights[from] + weights[to];
        int low = from + 1;
        int high = to - 1;
        while (low < high) {
            int at = low + high >>> 1;
            if (2 * weights[at] < twice) {
                low = at + 1;
            } else {
                high = at;
            }
        }
        return low > from + 1 && twice - 2 * weights[low - 1] <= Math.abs(2 * weights[low] - twice) ? low - 1 : low;
    }

    private int branch(int condition, int value, int yes, int no) {
        if (yes == no) {
            return yes;
        }
        int nearNo = count - no >= REACH ? far(no) : no;
        int nearYes = count - yes >= REACH ? far(yes) : yes;
        return write(condition, count - nearYes, count - nearNo, value);
    }

    private int far(int label) {
        long target = backwards[label - 1];
        return (int) (target >>> 48) == RETURN ? writeReturn((int) target) : write(JUMP, 0, 0, count - label);
    }

    private int writeReturn(int value) {
        int label = write(RETURN, 0, 0, value);
        returns.put(value, label);
        return label;
    }

    private int write(int code, int yes, int no, int value) {
        if (count == LIMIT) {
            throw Fault.of(Fault.Kind.EXHAUSTED, "seccomp", "profile", "needs more than the kernel's " + LIMIT + " instructions");
        }
        if (count == backwards.length) {
            backwards = Arrays.copyOf(backwards, 2 * count);
        }
        backwards[count++] = (long) code << 48 | (long) yes << 40 | (long) no << 32 | value & 0xFFFF_FFFFL;
        return count;
    }
}
