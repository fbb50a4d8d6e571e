package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.kernel.SystemCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A program read back from its bytes, for tests that look at its instructions, or change some before it is performed. */
final class Disassembly {
    /** What the executor refuses with ENOSYS: no system call has this number. */
    private static final int NO_CALL = 0xfff0;

    /** One instruction; {@code slots} has a bit for each argument that is the number of an earlier instruction. */
    record Instruction(int number, int kind, int call, int slots, int flags, List<Integer> errors, int step, int onOk, int onError,
            List<Long> arguments) {
        boolean is(SystemCall wanted) {
            return kind == ProgramLayout.KIND_CALL && call == wanted.number();
        }

        long argument(int index) {
            return arguments.get(index);
        }

        boolean isResult(int index) {
            return (slots >> index & 1) != 0;
        }

        /** Whether the executor goes on when this fails with that error. */
        boolean tolerates(Errno errno) {
            return onError != 0 && (errors.isEmpty() || errors.contains(errno.number()));
        }

        /** As text: {@code openat(-100, …) error ENOENT→17}, results of others as {@code #n}. */
        @Override
        public String toString() {
            var text = new StringBuilder(number + " " + name() + "(");
            for (int k = 0; k < arguments.size(); k++) {
                text.append(k == 0 ? "" : ", ").append(isResult(k) ? "#" : "").append(arguments.get(k));
            }
            return text.append(')').append(onOk == 0 ? "" : " ok→" + onOk).append(onError == 0 ? "" : " error" + errors + "→" + onError).toString();
        }

        String name() {
            return switch (kind) {
                case ProgramLayout.KIND_CALL -> callName();
                case ProgramLayout.KIND_FORK -> "fork";
                case ProgramLayout.KIND_WATCH -> "watch";
                case ProgramLayout.KIND_MARK -> "mark";
                case ProgramLayout.KIND_CHECK -> "check";
                case ProgramLayout.KIND_LOAD -> "load";
                case ProgramLayout.KIND_EXIT -> "exit";
                case ProgramLayout.KIND_TEXT -> "text";
                default -> "kind" + kind;
            };
        }

        private String callName() {
            for (SystemCall known : SystemCall.values()) {
                if (known.number() == call) {
                    return known.name().toLowerCase(Locale.ROOT);
                }
            }
            return "call" + call;
        }
    }

    private final byte[] image;
    private final ByteBuffer bytes;

    private Disassembly(byte[] image) {
        this.image = image;
        this.bytes = ByteBuffer.wrap(image).order(ByteOrder.nativeOrder());
    }

    static Disassembly of(Program program) {
        int size = program.header().getInt(ProgramLayout.SIZE);
        var image = new byte[size];
        put(image, 0, program.header());
        put(image, ProgramLayout.MONITOR_DATA_AT, program.monitorData());
        put(image, ProgramLayout.INIT_DATA_AT, program.rest());
        return new Disassembly(image);
    }

    private static void put(byte[] image, int at, ByteBuffer part) {
        ByteBuffer copy = part.duplicate();
        copy.get(image, at, copy.remaining());
    }

    int count() {
        return bytes.getInt(ProgramLayout.COUNT);
    }

    int cleanup() {
        return bytes.getInt(ProgramLayout.CLEANUP);
    }

    int codeAt() {
        return bytes.getInt(ProgramLayout.CODE);
    }

    List<Instruction> instructions() {
        var list = new ArrayList<Instruction>();
        for (int k = 0; k < count(); k++) {
            list.add(instruction(k));
        }
        return list;
    }

    Instruction instruction(int number) {
        int at = codeAt() + number * ProgramLayout.INSTRUCTION_BYTES;
        var errors = new ArrayList<Integer>();
        for (int k = 0; k < 6 && bytes.get(at + 6 + k) != 0; k++) {
            errors.add(bytes.get(at + 6 + k) & 0xff);
        }
        var arguments = new ArrayList<Long>();
        for (int k = 0; k < 6; k++) {
            arguments.add(bytes.getLong(at + ProgramLayout.ARGUMENTS_AT + 8 * k));
        }
        return new Instruction(number, bytes.getShort(at), bytes.getShort(at + 2) & 0xffff, bytes.get(at + 4), bytes.get(at + 5), errors,
                bytes.getInt(at + 12), bytes.getInt(at + 16), bytes.getInt(at + 20), arguments);
    }

    /** The instruction where init begins: the one that the first fork leads its child to. */
    int initAt() {
        for (Instruction i : instructions()) {
            if (i.kind() == ProgramLayout.KIND_FORK) {
                return (int) i.argument(2);
            }
        }
        throw new AssertionError("the program clones no init");
    }

    /** The text at an address of the program. */
    String string(long address) {
        int at = offset(address);
        int end = at;
        while (image[end] != 0) {
            end++;
        }
        return new String(image, at, end - at, StandardCharsets.UTF_8);
    }

    long number(long address) {
        return bytes.getLong(offset(address));
    }

    private int offset(long address) {
        long at = address - ProgramLayout.BASE;
        if (at < 0 || at >= image.length) {
            throw new AssertionError("address " + Long.toHexString(address) + " lies outside of the program");
        }
        return (int) at;
    }

    /** A copy in which that instruction fails, with ENOSYS; what it does about errors stays. */
    Disassembly failing(int number) {
        byte[] copy = image.clone();
        var changed = ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
        int at = codeAt() + number * ProgramLayout.INSTRUCTION_BYTES;
        changed.putShort(at, (short) ProgramLayout.KIND_CALL).putShort(at + 2, (short) NO_CALL).put(at + 4, (byte) 0).put(at + 5, (byte) 0);
        return new Disassembly(copy);
    }

    /** A copy that, before that instruction, marks its state with {@code mark} and then waits a while. */
    Disassembly pausing(int number, int mark, int milliseconds) {
        var list = new ArrayList<byte[]>();
        for (int k = 0; k < count(); k++) {
            if (k == number) {
                list.add(raw(ProgramLayout.KIND_MARK, 0, mark));
                // struct timespec goes to an unused end of the header.
                list.add(raw(ProgramLayout.KIND_CALL, SystemCall.PPOLL.number(), 0, 0, ProgramLayout.BASE + ProgramLayout.HEADER_BYTES));
            }
            list.add(shifted(k, number));
        }
        int size = codeAt() + list.size() * ProgramLayout.INSTRUCTION_BYTES;
        var copy = Arrays.copyOf(image, size);
        var changed = ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
        for (int k = 0; k < list.size(); k++) {
            changed.put(codeAt() + k * ProgramLayout.INSTRUCTION_BYTES, list.get(k));
        }
        changed.putInt(ProgramLayout.SIZE, size).putInt(ProgramLayout.COUNT, list.size());
        changed.putInt(ProgramLayout.CLEANUP, moved(cleanup(), number));
        changed.putLong(ProgramLayout.HEADER_BYTES, milliseconds / 1000).putLong(ProgramLayout.HEADER_BYTES + 8, milliseconds % 1000 * 1_000_000L);
        return new Disassembly(copy);
    }

    private static long moved(long index, int inserted) {
        return index > inserted ? index + 2 : index;
    }

    private static int moved(int index, int inserted) {
        return (int) moved((long) index, inserted);
    }

    private static byte[] raw(int kind, int call, long... arguments) {
        var block = ByteBuffer.allocate(ProgramLayout.INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
        block.putShort(0, (short) kind).putShort(2, (short) call);
        for (int k = 0; k < arguments.length; k++) {
            block.putLong(ProgramLayout.ARGUMENTS_AT + 8 * k, arguments[k]);
        }
        return block.array();
    }

    /** Jumps to the instruction itself lead to what was put before it; results of it and of later ones have moved. */
    private byte[] shifted(int number, int inserted) {
        int at = codeAt() + number * ProgramLayout.INSTRUCTION_BYTES;
        var block = ByteBuffer.wrap(Arrays.copyOfRange(image, at, at + ProgramLayout.INSTRUCTION_BYTES)).order(ByteOrder.nativeOrder());
        Instruction i = instruction(number);
        block.putInt(16, moved(i.onOk(), inserted)).putInt(20, moved(i.onError(), inserted));
        for (int k = 0; k < 6; k++) {
            int argument = ProgramLayout.ARGUMENTS_AT + 8 * k;
            if (i.isResult(k)) {
                long index = block.getLong(argument);
                block.putLong(argument, index >= inserted ? index + 2 : index);
            } else if (i.kind() == ProgramLayout.KIND_FORK && k == 2) {
                block.putLong(argument, moved(block.getLong(argument), inserted));
            }
        }
        return block.array();
    }

    /** Writes it as a new file that a performer takes. */
    void write(Path file) {
        try {
            Files.write(file, image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
