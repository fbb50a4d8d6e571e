package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far the performing of a program is: what the executor wrote back into the plan's file. A snapshot, taken at one moment;
 * the file may change at any time while the monitor lives.
 *
 * @param stage how far
 * @param failure what failed first, if anything did
 * @param monitor process id of the monitor, 0 before it began
 * @param init process id of the container's init, 0 before it was cloned
 * @param exit how init ended
 * @param lostLogBytes output that the log could not take
 * @param startedAt nanoseconds since 1970 when the program began to run
 * @param finishedAt likewise, when it ended
 */
public record Execution(Stage stage, Optional<Failure> failure, int monitor, int init, Optional<Exit> exit, int lostLogBytes,
        long startedAt, long finishedAt) {
    /** The states of a program; {@link #CREATED} comes between performing and running, where a container waits for its start. */
    public enum Stage {
        NEW, PERFORMING, RUNNING, EXITED, CREATED
    }

    /** The first instruction that failed: the operation that it belongs to, as an index into the plan's steps, and why. */
    public record Failure(int instruction, Errno errno) {
    }

    /**
     * How a process ended: the si_code of waitid(2) is 1 for an exit, else a signal.
     *
     * @param signalled whether a signal ended it
     * @param status its exit status, or the signal's number
     */
    public record Exit(boolean signalled, int status) {
        /** As a shell tells it: the status, or 128 and the signal. */
        public int code() {
            return signalled ? 128 + status : status;
        }
    }

    /** Reads the file; empty when there is none, or when it is not a whole program. */
    public static Optional<Execution> read(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            return read(channel);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Reads an open file, whose name may be gone; empty when it is not a whole program. */
    public static Optional<Execution> read(FileChannel channel) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(ProgramLayout.HEADER_BYTES).order(ByteOrder.nativeOrder());
        if (channel.read(header, 0) < ProgramLayout.HEADER_BYTES || header.getInt(0) != ProgramLayout.MAGIC) {
            return Optional.empty();
        }
        int failed = header.getInt(ProgramLayout.FAILED);
        int how = header.getInt(ProgramLayout.HOW);
        return Optional.of(new Execution(Stage.values()[header.getInt(ProgramLayout.STATE)],
                failed == 0 ? Optional.empty() : Optional.of(new Failure(failed - 1, Errno.of(header.getInt(ProgramLayout.ERROR)))),
                header.getInt(ProgramLayout.MONITOR), header.getInt(ProgramLayout.INIT),
                how == 0 ? Optional.empty() : Optional.of(new Exit(how != 1, header.getInt(ProgramLayout.STATUS))),
                header.getInt(ProgramLayout.LOG_LOST), header.getLong(ProgramLayout.STARTED), header.getLong(ProgramLayout.FINISHED)));
    }

    /**
     * How long each step took: the sum over its instructions of the time since the one before in the same process.
     *
     * @param steps how many the plan has
     */
    public static List<Long> times(Path file, int steps) {
        long[] sums = new long[steps];
        List<Result> results = results(file).stream().filter(r -> r.time() != 0).sorted(java.util.Comparator.comparingInt(Result::instruction)).toList();
        long before = 0;
        int last = -1;
        for (Result result : results) {
            // Between two processes there is no order: the first instruction of each has no one before it.
            if (before != 0 && result.time() >= before && result.step() >= last && result.step() < steps) {
                sums[result.step()] += result.time() - before;
            }
            before = result.time();
            last = result.step();
        }
        var list = new ArrayList<Long>(steps);
        for (long sum : sums) {
            list.add(sum);
        }
        return list;
    }

    /** The operation, as an index into the plan's steps, that an instruction of the program belongs to. */
    static int step(Path file, int instruction) {
        return results(file).get(instruction).step();
    }

    /** Whether an instruction of that operation was refused for lack of permission. */
    static boolean denied(Path file, int step) {
        for (Result result : results(file)) {
            if (result.step() == step && result.value() == -Errno.EACCES.number()) {
                return true;
            }
        }
        return false;
    }

    /**
     * What each instruction returned and when it was done (nanoseconds of CLOCK_MONOTONIC; 0: it was not performed).
     *
     * @param instruction its number
     * @param step the operation that it belongs to, as an index into the plan's steps
     */
    public record Result(int instruction, int step, long value, long time) {
    }

    /** An instruction as it stands in a program's file: its kind, its system call and its arguments. */
    record Instruction(int kind, int call, long[] arguments) {
    }

    /** The instructions of a program, in their order. */
    static List<Instruction> instructions(Path file) {
        ByteBuffer all = whole(file);
        int count = all.getInt(ProgramLayout.COUNT);
        var list = new ArrayList<Instruction>(count);
        for (int k = 0; k < count; k++) {
            int at = all.getInt(ProgramLayout.CODE) + k * ProgramLayout.INSTRUCTION_BYTES;
            var arguments = new long[6];
            all.slice(at + ProgramLayout.ARGUMENTS_AT, 48).order(ByteOrder.nativeOrder()).asLongBuffer().get(arguments);
            list.add(new Instruction(all.getShort(at), all.getShort(at + 2), arguments));
        }
        return list;
    }

    /** What stands in a program's file at an address of it. */
    static byte[] bytes(Path file, long address, int count) {
        var bytes = new byte[count];
        whole(file).get((int) (address - ProgramLayout.BASE), bytes);
        return bytes;
    }

    private static ByteBuffer whole(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer all = ByteBuffer.allocate((int) channel.size()).order(ByteOrder.nativeOrder());
            while (all.hasRemaining() && channel.read(all, all.position()) > 0) {
                // Reads until the end; the file's size does not change.
            }
            return all;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The results of all instructions, in their order. To be read before the container runs long, since the monitor gives the memory of its instructions back. */
    public static List<Result> results(Path file) {
        ByteBuffer all = whole(file);
        int count = all.getInt(ProgramLayout.COUNT);
        int code = all.getInt(ProgramLayout.CODE);
        var list = new ArrayList<Result>(count);
        for (int k = 0; k < count; k++) {
            int at = ProgramLayout.RESULTS_AT + k * ProgramLayout.RESULT_BYTES;
            list.add(new Result(k, all.getInt(code + k * ProgramLayout.INSTRUCTION_BYTES + 12), all.getLong(at), all.getLong(at + 8)));
        }
        return list;
    }

    private static Fault unreadable(Path file, IOException e) {
        return Fault.of(Fault.Kind.UNAVAILABLE, "read", "plan \"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
    }
}
