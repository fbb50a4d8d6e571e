package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.SystemCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a program: instructions one after the other, and the data that they point to.
 *
 * <p>An argument is a constant, the address of data, or {@link #result} of an earlier instruction. Jumps lead forward to a
 * {@link Label} that is bound later. Data goes to the part of the process that is being written, see {@link #forInit}.
 */
final class Assembler {
    /** Marks an argument as the number of an instruction; no address or flag that the kernel takes has these upper bits. */
    private static final long RESULT_MARK = 0x51c7_0000_0000_0000L;
    private static final long MARK_BITS = 0xffff_0000_0000_0000L;

    /** A place further on, to which instructions may jump. */
    static final class Label {
        private int at = -1;
        private int[] uses = new int[4];
        private int count;

        private void use(int where) {
            if (count == uses.length) {
                uses = Arrays.copyOf(uses, 2 * count);
            }
            uses[count++] = where;
        }
    }

    private ByteBuffer code = buffer(256 * ProgramLayout.INSTRUCTION_BYTES);
    private final Data monitorData = new Data(ProgramLayout.MONITOR_DATA_AT, ProgramLayout.INIT_DATA_AT - ProgramLayout.MONITOR_DATA_AT);
    private final Data initData = new Data(ProgramLayout.INIT_DATA_AT, 1 << 25);
    private Data data = monitorData;
    private int count;
    private int step;
    private int cleanup;

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    /** What follows belongs to that operation of the plan. */
    void step(int number) {
        step = number;
    }

    /** Where the result of an instruction will stand. */
    static long resultAddress(int instruction) {
        return ProgramLayout.BASE + ProgramLayout.RESULTS_AT + (long) instruction * ProgramLayout.RESULT_BYTES;
    }

    /** From here on, data is needed by init only. */
    void forInit() {
        data = initData;
    }

    /** The monitor goes on here when something failed. */
    void cleanupHere() {
        cleanup = count;
    }

    /** How many instructions there are so far: the number of the next. */
    int count() {
        return count;
    }

    static long result(int instruction) {
        return RESULT_MARK | instruction;
    }

    int call(SystemCall call, long... arguments) {
        return emit(ProgramLayout.KIND_CALL, call.number(), arguments);
    }

    int mark(int state) {
        return emit(ProgramLayout.KIND_MARK, 0, state);
    }

    int check() {
        return emit(ProgramLayout.KIND_CHECK, 0);
    }

    /** The 32-bit number at that address, such as a descriptor that pipe2(2) stored. */
    int load(long address) {
        return emit(ProgramLayout.KIND_LOAD, 0, address);
    }

    /** Writes the result of an instruction in decimal digits to that address; its own result is how many. */
    int text(long address, int instruction) {
        return emit(ProgramLayout.KIND_TEXT, 0, address, result(instruction));
    }

    int exit(int status) {
        return emit(ProgramLayout.KIND_EXIT, 0, status);
    }

    int watch(long address) {
        return emit(ProgramLayout.KIND_WATCH, 0, address);
    }

    int fork(long arguments, int bytes, Label child) {
        int at = emit(ProgramLayout.KIND_FORK, 0, arguments, bytes, 0);
        child.use(at * ProgramLayout.INSTRUCTION_BYTES + ProgramLayout.ARGUMENTS_AT + 16);
        return at;
    }

    /** As {@link #fork}, for a process that is not init. */
    int forkHelper(long arguments, int bytes, Label child) {
        int at = fork(arguments, bytes, child);
        code.put(last() + 5, (byte) ProgramLayout.FLAG_HELPER);
        return at;
    }

    private int emit(int kind, int number, long... arguments) {
        if (count == ProgramLayout.MAX_INSTRUCTIONS) {
            throw Fault.of(Fault.Kind.EXHAUSTED, "assemble", "plan", "it needs more than " + count + " instructions")
                    .hint("leave out some mounts or devices");
        }
        if (number < 0) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "assemble", "plan step " + (step + 1), "this architecture lacks a system call that it needs");
        }
        if (code.remaining() < ProgramLayout.INSTRUCTION_BYTES) {
            code = buffer(2 * code.capacity()).put(code.flip());
        }
        int at = code.position();
        int slots = 0;
        for (int k = 0; k < arguments.length; k++) {
            long value = arguments[k];
            if ((value & MARK_BITS) == RESULT_MARK) {
                slots |= 1 << k;
                value &= ~MARK_BITS;
            }
            code.putLong(at + ProgramLayout.ARGUMENTS_AT + 8 * k, value);
        }
        code.putShort(at, (short) kind).putShort(at + 2, (short) number).put(at + 4, (byte) slots).putInt(at + 12, step);
        code.position(at + ProgramLayout.INSTRUCTION_BYTES);
        return count++;
    }

    /** After success, the last instruction goes on at the label instead of the next. */
    void onOk(Label label) {
        label.use(last() + 16);
    }

    /** When the last instruction fails with one of those errors, or with any if none is given, it goes on at the label. */
    void onError(Label label, Errno... errors) {
        label.use(last() + 20);
        for (int k = 0; k < errors.length; k++) {
            code.put(last() + 6 + k, (byte) errors[k].number());
        }
    }

    /** When the last instruction fails with one of those errors, or with any if none is given, that is as good as success. */
    void orElseGoOn(Errno... errors) {
        var next = new Label();
        onError(next, errors);
        bind(next);
    }

    /** A result of 0 counts as a failure of the last instruction: the other end of a pipe has gone. */
    void mustBePositive() {
        code.put(last() + 5, (byte) ProgramLayout.FLAG_NONZERO);
    }

    private int last() {
        return (count - 1) * ProgramLayout.INSTRUCTION_BYTES;
    }

    void bind(Label label) {
        label.at = count;
        for (int k = 0; k < label.count; k++) {
            code.putInt(label.uses[k], count);
        }
    }

    long string(String text) {
        return data.string(text);
    }

    long bytes(byte[] bytes) {
        return data.add(bytes, 8);
    }

    /** Bytes that need not stay in memory while the container runs, whichever process is being written. */
    long aside(byte[] bytes) {
        return initData.add(bytes, 1);
    }

    /** Numbers of 64 bits each, one after the other. */
    long longs(long... numbers) {
        var block = buffer(8 * numbers.length);
        for (long number : numbers) {
            block.putLong(number);
        }
        return data.add(block.array(), 8);
    }

    /** That many zeroed bytes. */
    long space(int bytes) {
        return data.add(new byte[bytes], 8);
    }

    /** A list of addresses of the texts, ended by a null address, as execve(2) wants it. */
    long strings(List<String> texts) {
        var addresses = new long[texts.size() + 1];
        for (int k = 0; k < texts.size(); k++) {
            addresses[k] = string(texts.get(k));
        }
        return longs(addresses);
    }

    /** The finished program. */
    Program program() {
        int codeAt = ProgramLayout.INIT_DATA_AT + initData.aligned();
        int size = codeAt + code.position();
        var header = buffer(ProgramLayout.HEADER_BYTES);
        header.putInt(0, ProgramLayout.MAGIC).putInt(4, ProgramLayout.VERSION).putInt(ProgramLayout.SIZE, size)
                .putInt(ProgramLayout.COUNT, count).putInt(ProgramLayout.CODE, codeAt).putInt(ProgramLayout.RESULTS, ProgramLayout.RESULTS_AT)
                .putInt(ProgramLayout.CLEANUP, cleanup);
        var rest = buffer(size - ProgramLayout.INIT_DATA_AT);
        rest.put(initData.bytes, 0, initData.size).position(codeAt - ProgramLayout.INIT_DATA_AT);
        rest.put(code.duplicate().flip()).flip();
        return new Program(header, ByteBuffer.wrap(monitorData.bytes, 0, monitorData.size), rest);
    }

    /** Data of one process, at consecutive addresses; equal texts share one place. */
    private static final class Data {
        private final int start;
        private final int limit;
        private final Map<String, Long> strings = new HashMap<>();
        private byte[] bytes = new byte[4096];
        private int size;

        Data(int start, int limit) {
            this.start = start;
            this.limit = limit;
        }

        int aligned() {
            return (size + 7) & ~7;
        }

        long string(String text) {
            Long known = strings.get(text);
            if (known == null) {
                if (text.indexOf('\0') >= 0) {
                    throw Fault.invalid("assemble", "\"" + text.replace('\0', '?') + "\"", "the text contains a NUL character");
                }
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                known = add(Arrays.copyOf(utf8, utf8.length + 1), 1);
                strings.put(text, known);
            }
            return known;
        }

        long add(byte[] block, int alignment) {
            int at = (size + alignment - 1) & -alignment;
            if (at + block.length > limit) {
                throw Fault.of(Fault.Kind.EXHAUSTED, "assemble", "plan", "its data exceeds " + limit + " bytes");
            }
            if (at + block.length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, at + block.length));
            }
            System.arraycopy(block, 0, bytes, at, block.length);
            size = at + block.length;
            return ProgramLayout.BASE + start + at;
        }
    }
}
