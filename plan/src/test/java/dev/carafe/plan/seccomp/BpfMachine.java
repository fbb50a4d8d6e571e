package dev.carafe.plan.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs a filter as the kernel does, after the checks of seccomp_check_filter (kernel/seccomp.c) and bpf_check_classic (net/core/filter.c). */
final class BpfMachine {
    private static final int DATA_SIZE = 64;

    private final ByteOrder order;
    private final int[] codes;
    private final int[] yes;
    private final int[] no;
    private final int[] values;

    /** Conditional jumps in the last run. */
    int comparisons;

    BpfMachine(SeccompProgram program, ByteOrder order) {
        this.order = order;
        var in = ByteBuffer.wrap(program.bytes()).order(order);
        int count = program.count();
        assertThat(count).isBetween(1, 4096);
        codes = new int[count];
        yes = new int[count];
        no = new int[count];
        values = new int[count];
        for (int i = 0; i < count; i++) {
            codes[i] = in.getShort();
            yes[i] = Byte.toUnsignedInt(in.get());
            no[i] = Byte.toUnsignedInt(in.get());
            values[i] = in.getInt();
        }
        assertThat(in.hasRemaining()).isFalse();
        check(count);
    }

    private void check(int count) {
        for (int i = 0; i < count; i++) {
            switch (codes[i]) {
                case 0x20 -> assertThat(values[i] % 4 == 0 && values[i] >= 0 && values[i] < DATA_SIZE).isTrue();
                case 0x54, 0x06 -> assertThat(yes[i] + no[i]).isZero();
                case 0x05 -> assertThat(values[i]).isBetween(0, count - i - 2);
                case 0x15, 0x25, 0x35 -> assertThat(i + 1 + Math.max(yes[i], no[i])).isLessThan(count);
                default -> throw new AssertionError("instruction " + i + " has code " + codes[i]);
            }
        }
        assertThat(codes[count - 1]).isEqualTo(0x06);
    }

    int run(int nr, int arch, long... args) {
        var data = ByteBuffer.allocate(DATA_SIZE).order(order).putInt(nr).putInt(arch).putLong(0x1234);
        for (long each : args) {
            data.putLong(each);
        }
        comparisons = 0;
        int accumulator = 0xDEAD;
        for (int pc = 0;; pc++) {
            int value = values[pc];
            switch (codes[pc]) {
                case 0x20 -> accumulator = data.getInt(value);
                case 0x54 -> accumulator &= value;
                case 0x05 -> pc += value;
                case 0x06 -> {
                    return value;
                }
                default -> {
                    comparisons++;
                    int comparison = Integer.compareUnsigned(accumulator, value);
                    boolean holds = switch (codes[pc]) {
                        case 0x15 -> comparison == 0;
                        case 0x25 -> comparison > 0;
                        default -> comparison >= 0;
                    };
                    pc += holds ? yes[pc] : no[pc];
                }
            }
        }
    }
}
