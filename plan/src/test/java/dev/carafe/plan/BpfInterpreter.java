package dev.carafe.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The part of the eBPF instruction set that device programs use, as the kernel's document defines it. Refuses, as the kernel
 * does, a program with an instruction that is never reached or a jump that leaves it.
 */
final class BpfInterpreter {
    private BpfInterpreter() {
    }

    /** What the program answers for struct bpf_cgroup_dev_ctx. */
    static long run(byte[] program, int accessType, int major, int minor) {
        ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
        var registers = new long[11];
        int[] context = {accessType, major, minor};
        for (int at = 0, steps = 0; ; at++) {
            if (++steps > program.length || at < 0 || at >= program.length / 8) {
                throw new AssertionError("the program is left at " + at);
            }
            int to = code.get(8 * at + 1) & 0xf;
            int from = code.get(8 * at + 1) >> 4 & 0xf;
            int offset = code.getShort(8 * at + 2);
            int immediate = code.getInt(8 * at + 4);
            switch (code.get(8 * at) & 0xff) {
                case 0x61 -> {
                    if (from != 1 || offset % 4 != 0) {
                        throw new AssertionError("a load that is not from the context");
                    }
                    registers[to] = context[offset / 4] & 0xffff_ffffL;
                }
                case 0xbc -> registers[to] = registers[from] & 0xffff_ffffL;
                case 0xb4 -> registers[to] = immediate & 0xffff_ffffL;
                case 0x54 -> registers[to] = registers[to] & immediate & 0xffff_ffffL;
                case 0x74 -> registers[to] = (registers[to] & 0xffff_ffffL) >>> immediate;
                case 0x56 -> at += (int) registers[to] != immediate ? offset : 0;
                case 0x95 -> {
                    return registers[0];
                }
                default -> throw new AssertionError("unknown opcode 0x" + Integer.toHexString(code.get(8 * at) & 0xff));
            }
        }
    }

    /** Whether every instruction can be reached, as the verifier demands. */
    static boolean allReached(byte[] program) {
        ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
        var reached = new boolean[program.length / 8];
        reached[0] = true;
        for (int at = 0; at < reached.length; at++) {
            int opcode = code.get(8 * at) & 0xff;
            if (reached[at] && opcode == 0x56) {
                reached[at + 1 + code.getShort(8 * at + 2)] = true;
            }
            if (reached[at] && opcode != 0x95) {
                reached[at + 1] = true;
            }
        }
        for (boolean one : reached) {
            if (!one) {
                return false;
            }
        }
        return true;
    }
}
