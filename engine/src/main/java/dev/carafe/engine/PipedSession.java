package dev.carafe.engine;

import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.Sockets;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.Session;
import dev.carafe.runtime.SessionStreams;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session whose bytes this process carries, for a client whose own descriptors cannot go to the monitor: a pipe for each stream, and the
 * socket over which the monitor tells how it goes. Give {@link #streams} to whoever starts or attaches, say {@link #begun}, then {@link #carry} in
 * one thread while another writes to {@link #input}. Its reads and writes block the thread of the machine, so virtual threads keep away.
 */
public final class PipedSession implements AutoCloseable {
    private static final int CHUNK = 32768;
    private static final short POLLIN = 1;
    private static final int O_CLOEXEC = 02000000;
    private static final int SHUT_RDWR = 2;
    private static final int POLLS = 24;

    private final Kernel kernel;
    private final Session session;
    private final List<Fd> far = new ArrayList<>();
    private final SessionStreams streams;
    private final Fd control;
    private @Nullable Fd input;
    private final @Nullable Fd output;
    private final @Nullable Fd error;

    /** How a session came to its end. */
    public enum Outcome {
        /** The process has ended, and all it wrote was carried. */
        ENDED,
        /** The keys that let go were typed. */
        DETACHED,
        /** One side has vanished. */
        GONE
    }

    /** Takes what comes from the container. */
    public interface Sink {
        /** @throws IOException when nobody takes it any more */
        void take(boolean error, byte[] bytes, int length) throws IOException;
    }

    PipedSession(Kernel kernel, Session session) {
        this.kernel = kernel;
        this.session = session;
        Fd[] pair = Sockets.pair(kernel);
        control = pair[0];
        far.add(pair[1]);
        Fd[] in = session.input() ? pipe(kernel) : null;
        Fd[] out = session.output() ? pipe(kernel) : null;
        Fd[] err = session.error() ? pipe(kernel) : null;
        input = in == null ? null : in[1];
        output = out == null ? null : out[0];
        error = err == null ? null : err[0];
        streams = new SessionStreams(far(in, 0), far(out, 1), far(err, 1), pair[1].number());
    }

    private int far(Fd @Nullable [] pipe, int end) {
        if (pipe == null) {
            return -1;
        }
        far.add(pipe[end]);
        return pipe[end].number();
    }

    private static Fd[] pipe(Kernel kernel) {
        try (Memory pair = kernel.allocate(8)) {
            Kernel.check(kernel.call(SystemCall.PIPE2, pair.address(), O_CLOEXEC), "make", "pipe");
            return new Fd[] {new Fd(kernel, pair.bytes().getInt(0)), new Fd(kernel, pair.bytes().getInt(4))};
        }
    }

    public Session session() {
        return session;
    }

    /** The far ends, for the monitor. */
    public SessionStreams streams() {
        return streams;
    }

    /** The monitor has the far ends; ours would keep the streams open when it lets go. */
    public void begun() {
        far.forEach(Fd::close);
    }

    /** To the container's standard input; closing it ends that. */
    public OutputStream input() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                Fd open = input;
                if (open == null || length == 0) {
                    return;
                }
                try (Memory memory = kernel.allocate(length)) {
                    memory.bytes().put(0, from, offset, length);
                    for (int sent = 0; sent < length;) {
                        long n = kernel.call(SystemCall.WRITE, open.number(), memory.address() + sent, length - sent);
                        if (n < 0) {
                            throw new IOException("the container takes no more input");
                        }
                        sent += (int) n;
                    }
                }
            }

            @Override
            public void close() {
                Fd open = input;
                if (open != null) {
                    open.close();
                }
            }
        };
    }

    /** Hands on what the container writes, until the session is over. Blocks. */
    public Outcome carry(Sink sink) {
        @Nullable Fd[] sources = {output, error};
        Outcome outcome = Outcome.GONE;
        boolean over = false;
        try (Memory memory = kernel.allocate(POLLS + CHUNK)) {
            byte[] bytes = new byte[CHUNK];
            while (!over || sources[0] != null || sources[1] != null) {
                for (int k = 0; k < 2; k++) {
                    Fd source = sources[k];
                    poll(memory, k, source == null ? -1 : source.number());
                }
                poll(memory, 2, over ? -1 : control.number());
                kernel.call(SystemCall.PPOLL, memory.address(), 3, 0, 0, 0);
                for (int k = 0; k < 2; k++) {
                    Fd source = sources[k];
                    if (source != null && isReady(memory, k)) {
                        long n = kernel.call(SystemCall.READ, source.number(), memory.address() + POLLS, CHUNK);
                        if (n <= 0) {
                            sources[k] = null;
                        } else {
                            memory.bytes().get(POLLS, bytes, 0, (int) n);
                            sink.take(k == 1, bytes, (int) n);
                        }
                    }
                }
                if (!over && isReady(memory, 2)) {
                    Sockets.Message word = Sockets.receive(kernel, control, 16);
                    word.descriptors().forEach(Fd::close);
                    if (word.isEnd()) {
                        return Outcome.GONE;
                    } else if (word.bytes()[0] == 'D') {
                        return Outcome.DETACHED;
                    } else if (word.bytes()[0] == 'X') {
                        outcome = Outcome.ENDED;
                        over = true;
                    }
                }
            }
            return outcome;
        } catch (IOException nobody) {
            return Outcome.GONE;
        }
    }

    private static void poll(Memory memory, int place, int fd) {
        memory.bytes().putInt(8 * place, fd).putShort(8 * place + 4, POLLIN).putShort(8 * place + 6, (short) 0);
    }

    private static boolean isReady(Memory memory, int place) {
        return memory.bytes().getShort(8 * place + 6) != 0;
    }

    /** Gives the terminal another size; nothing happens where there is none. */
    public void resize(int rows, int columns) {
        Sockets.send(kernel, control, new byte[] {'W', (byte) rows, (byte) (rows >> 8), (byte) columns, (byte) (columns >> 8)});
    }

    /** Lets go: whoever carries comes to an end, and the monitor drops the session. */
    public void leave() {
        kernel.call(SystemCall.SHUTDOWN, control.number(), SHUT_RDWR);
    }

    /** Once nobody carries any more. */
    @Override
    public void close() {
        begun();
        control.close();
        for (Fd fd : new @Nullable Fd[] {input, output, error}) {
            if (fd != null) {
                fd.close();
            }
        }
    }
}
