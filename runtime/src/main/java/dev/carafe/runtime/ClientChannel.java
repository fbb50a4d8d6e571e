package dev.carafe.runtime;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.MemoryBlocks;
import dev.carafe.kernel.SystemCall;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The native client as seen by the JVM that it started for one command: performer and kernel at once. Messages go over standard
 * input, which is a socket; system calls are written as a program of one instruction into memory that both share, which is file
 * descriptor {@value #SCRATCH_FD}. Nothing here links a foreign function, which would take longer than most commands.
 */
public final class ClientChannel implements Performer, Kernel {
    private static final int SCRATCH_FD = 4;
    private static final int SCRATCH_BYTES = 0x100000;
    private static final int CODE_AT = 256;
    private static final int RESULTS_AT = 512;
    private static final int HEAP_AT = 4096;
    private static final int LONGEST_MESSAGE = 65536;

    private final FileInputStream in = new FileInputStream(FileDescriptor.in);
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.in);
    private final ByteBuffer scratch;
    private final Deque<byte[]> words = new ArrayDeque<>();
    private final MemoryBlocks blocks;
    /** Whether the monitor of the last plan has ended, or the client with it. */
    private boolean ended;

    private ClientChannel(ByteBuffer scratch) {
        this.scratch = scratch;
        scratch.putInt(0, ProgramLayout.MAGIC).putInt(4, ProgramLayout.VERSION).putInt(ProgramLayout.SIZE, SCRATCH_BYTES)
                .putInt(ProgramLayout.COUNT, 1).putInt(ProgramLayout.CODE, CODE_AT).putInt(ProgramLayout.RESULTS, RESULTS_AT);
        scratch.putShort(CODE_AT, (short) ProgramLayout.KIND_CALL).putInt(CODE_AT + 20, 1);
        this.blocks = new MemoryBlocks(new Heap(scratch));
    }

    /** What of the shared memory is not taken by the one instruction: a single piece. */
    private static final class Heap implements MemoryBlocks.Source {
        private final ByteBuffer scratch;
        private boolean given;

        Heap(ByteBuffer scratch) {
            this.scratch = scratch;
        }

        @Override
        public MemoryBlocks.Piece piece(int bytes) {
            if (given) {
                throw Fault.of(Fault.Kind.EXHAUSTED, "allocate", bytes + " bytes", "the memory shared with the client is full");
            }
            given = true;
            return new MemoryBlocks.Piece(scratch.slice(HEAP_AT, SCRATCH_BYTES - HEAP_AT), ProgramLayout.BASE + HEAP_AT);
        }
    }

    /** Connects with the client that started this JVM. */
    public static ClientChannel open() {
        try (FileChannel channel = FileChannel.open(Path.of("/proc/self/fd/" + SCRATCH_FD), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // Not as a memory segment, which would link method handles. This way takes reflection, which the launcher has done by native code.
            return new ClientChannel(channel.map(FileChannel.MapMode.READ_WRITE, 0, SCRATCH_BYTES).order(ByteOrder.nativeOrder()));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private static Fault broken(IOException e) {
        return Fault.of(Fault.Kind.UNAVAILABLE, "talk to", "the client", String.valueOf(e.getMessage())).cause(e).hint("start the carafe program, not java");
    }

    /** Sends a word to the client. */
    public synchronized void send(byte[] message) {
        try {
            out.write(message);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The next word of the client that is not an answer to a system call; empty when it has gone. */
    public synchronized byte[] receive() {
        byte[] queued = words.poll();
        byte[] word = queued != null ? queued : read();
        ended |= word.length == 0 || word[0] == 'z';
        return word;
    }

    private byte[] read() {
        try {
            byte[] message = new byte[LONGEST_MESSAGE];
            int size = in.read(message);
            return size <= 0 ? new byte[0] : Arrays.copyOf(message, size);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    @Override
    public synchronized long call(SystemCall call, long a, long b, long c, long d, long e, long f) {
        scratch.putShort(CODE_AT + 2, (short) call.number());
        long[] arguments = {a, b, c, d, e, f};
        for (int k = 0; k < arguments.length; k++) {
            scratch.putLong(CODE_AT + ProgramLayout.ARGUMENTS_AT + 8 * k, arguments[k]);
        }
        send(new byte[] {'C'});
        while (true) {
            byte[] answer = read();
            if (answer.length == 0) {
                throw Fault.of(Fault.Kind.CANCELLED, "talk to", "the client", "it has gone");
            }
            if (answer[0] == 'c') {
                return scratch.getLong(RESULTS_AT);
            }
            words.add(answer);
        }
    }

    @Override
    public Memory allocate(int bytes) {
        return blocks.allocate(bytes);
    }

    @Override
    public Performance perform(Path program, SessionStreams session) {
        ended = false;
        // The client's own streams: there are no others.
        send(session.request(program));
        return new Performance() {
            @Override
            public boolean awaitStart() {
                return status() == 's';
            }

            @Override
            public void awaitEnd() {
                while (!ended && status() == 's') {
                    // The word of the start, if nobody has waited for it.
                }
            }

            @Override
            public int descriptor() {
                return -1;
            }

            @Override
            public void close() {
                // The client lets go of the pipe when it ends.
            }
        };
    }

    /** The next word about the plan that is being performed; others are kept for {@link #receive}. */
    private synchronized char status() {
        var others = new ArrayDeque<byte[]>();
        try {
            while (true) {
                byte[] word = receive();
                if (word.length == 0 || word[0] == 's' || word[0] == 'z') {
                    return word.length == 0 ? 'z' : (char) word[0];
                }
                others.add(word);
            }
        } finally {
            words.addAll(others);
        }
    }

    @Override
    public void close() {
        // The streams are the process's own.
    }
}
