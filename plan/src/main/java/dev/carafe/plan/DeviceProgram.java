package dev.carafe.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A BPF program of type CGROUP_DEVICE: it decides whether a version 2 group may open or make a device. In the instruction form
 * of the kernel, eight bytes each (the kernel's document on the BPF instruction set).
 *
 * <p>The context holds three 32-bit numbers: access (mknod 1, read 2, write 4) in the upper half over the type (block 1,
 * character 2) in the lower, then major and minor. The last rule that matches decides, so the program asks in reverse order.
 */
public record DeviceProgram(byte[] instructions) {
    private static final int TYPE = 2;
    private static final int ACCESS = 3;
    private static final int MAJOR = 4;
    private static final int MINOR = 5;

    /** Compiles lines such as {@code deny a} and {@code allow c 1:3 rwm}; what no rule matches is refused. */
    public static DeviceProgram compile(List<String> lines) {
        var code = ByteBuffer.allocate((12 + 16 * lines.size()) * 8).order(ByteOrder.nativeOrder());
        put(code, 0x61, TYPE, 1, 0, 0);             // w2 = access_type
        put(code, 0xbc, ACCESS, TYPE, 0, 0);        // w3 = w2
        put(code, 0x54, TYPE, 0, 0, 0xffff);        // w2 &= 0xffff
        put(code, 0x74, ACCESS, 0, 0, 16);          // w3 >>= 16
        put(code, 0x61, MAJOR, 1, 4, 0);
        put(code, 0x61, MINOR, 1, 8, 0);
        boolean decided = false;
        for (String line : lines.reversed()) {
            rule(code, line);
            // The kernel refuses a program with instructions that are never reached.
            decided = line.endsWith(" a");
            if (decided) {
                break;
            }
        }
        if (!decided) {
            answer(code, false);
        }
        return new DeviceProgram(Arrays.copyOf(code.array(), code.position()));
    }

    private static void rule(ByteBuffer code, String line) {
        String[] words = line.split("[ :]");
        boolean allow = words[0].equals("allow");
        boolean every = words[1].equals("a");
        int checks = every ? 0 : 1 + (words[2].equals("*") ? 0 : 1) + (words[3].equals("*") ? 0 : 1) + (words[4].length() == 3 ? 0 : 3);
        int left = checks + 2; // instructions up to the next rule, the answer included
        if (!every) {
            put(code, 0x56, TYPE, 0, --left, words[1].equals("b") ? 1 : 2); // if w2 != type goto next
            if (words[4].length() != 3) {
                // A request that asks for more than the rule speaks of is not its business.
                put(code, 0xbc, 1, ACCESS, 0, 0);
                left--;
                put(code, 0x54, 1, 0, 0, ~access(words[4]) & 7);
                left--;
                put(code, 0x56, 1, 0, --left, 0);
            }
            if (!words[2].equals("*")) {
                put(code, 0x56, MAJOR, 0, --left, Integer.parseInt(words[2]));
            }
            if (!words[3].equals("*")) {
                put(code, 0x56, MINOR, 0, --left, Integer.parseInt(words[3]));
            }
        }
        answer(code, allow);
    }

    private static int access(String letters) {
        int bits = 0;
        for (char letter : letters.toCharArray()) {
            bits |= switch (letter) {
                case 'm' -> 1;
                case 'r' -> 2;
                default -> 4;
            };
        }
        return bits;
    }

    private static void answer(ByteBuffer code, boolean allow) {
        put(code, 0xb4, 0, 0, 0, allow ? 1 : 0);    // w0 = answer
        put(code, 0x95, 0, 0, 0, 0);                // exit
    }

    private static void put(ByteBuffer code, int opcode, int to, int from, int offset, int immediate) {
        code.put((byte) opcode).put((byte) (from << 4 | to)).putShort((short) offset).putInt(immediate);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeviceProgram p && Arrays.equals(instructions, p.instructions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(instructions);
    }
}
