package dev.carafe.runtime;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.Sockets;
import dev.carafe.kernel.SystemCall;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A performer at the other end of a socket: beneath a warm engine, or beneath a program that embeds one. */
public final class SocketPerformer implements Performer {
    private static final File NOWHERE = new File("/dev/null");
    private static final File ROOT = new File("/");

    private final Kernel kernel;
    private final Fd socket;

    /** Takes ownership of the socket. */
    public SocketPerformer(Kernel kernel, Fd socket) {
        this.kernel = kernel;
        this.socket = socket;
    }

    /**
     * Starts a performer of this process's own, as an embedding program needs it.
     *
     * @param program the native program
     * @param directory where the two find each other for a moment; it must exist
     */
    public static SocketPerformer start(Kernel kernel, Path program, Path directory) {
        try {
            Path meeting = Files.createTempDirectory(directory, "performer");
            Path socket = meeting.resolve("engine.sock");
            try (Fd listener = Sockets.listen(kernel, socket, 1)) {
                new ProcessBuilder(program.toString(), "--connect", meeting.toString())
                        .redirectInput(ProcessBuilder.Redirect.from(NOWHERE)).redirectOutput(NOWHERE).redirectError(NOWHERE)
                        .directory(ROOT).start();
                return new SocketPerformer(kernel, Sockets.accept(kernel, listener));
            } finally {
                Files.deleteIfExists(socket);
                Files.delete(meeting);
            }
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "start", "\"" + program + "\"", String.valueOf(e.getMessage())).cause(e)
                    .hint("build the native program");
        }
    }

    @Override
    public Performance perform(Path program, SessionStreams session) {
        byte[] message = session.request(program);
        try (Memory pair = kernel.allocate(8)) {
            Kernel.check(kernel.call(SystemCall.PIPE2, pair.address(), Flags.O_CLOEXEC), "make", "status pipe");
            var near = new Fd(kernel, pair.bytes().getInt(0));
            try (var far = new Fd(kernel, pair.bytes().getInt(4))) {
                if (session.control() < 0 && session.input() < 0) {
                    Sockets.send(kernel, socket, message, far.number());
                } else if (session.control() < 0) {
                    Sockets.send(kernel, socket, message, far.number(), session.input(), session.output(), session.error());
                } else {
                    // Every place is filled, so that the performer can tell them apart; absent streams repeat the control socket.
                    Sockets.send(kernel, socket, message, far.number(), orControl(session.input(), session),
                            orControl(session.output(), session), orControl(session.error(), session), session.control());
                }
            } catch (RuntimeException e) {
                near.close();
                throw e;
            }
            return new StatusPipe(kernel, near);
        }
    }

    private static int orControl(int stream, SessionStreams session) {
        return stream < 0 ? session.control() : stream;
    }

    @Override
    public void close() {
        socket.close();
    }

    private record StatusPipe(Kernel kernel, Fd near) implements Performance {
        @Override
        public boolean awaitStart() {
            return read() > 0;
        }

        @Override
        public void awaitEnd() {
            while (read() > 0) {
                // The word of the start, if nobody has waited for it.
            }
        }

        private long read() {
            try (Memory word = kernel.allocate(8)) {
                return Kernel.check(kernel.call(SystemCall.READ, near.number(), word.address(), 1), "read", "status pipe");
            }
        }

        @Override
        public int descriptor() {
            return near.number();
        }

        @Override
        public void close() {
            near.close();
        }
    }
}
