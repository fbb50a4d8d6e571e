package dev.carafe.cli.surface;

import dev.carafe.engine.Container;
import dev.carafe.engine.Run;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.Sockets;
import dev.carafe.kernel.SystemCall;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import dev.carafe.runtime.SocketPerformer;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A client at the other end of a warm engine's socket, with the descriptors that it sent. */
final class WarmConsole implements Console, AutoCloseable {
    private static final int CHUNK = 32768;
    private static final short POLLIN = 1;
    private static final short POLLHUP = 0x10;

    private final Kernel kernel;
    private final Fd connection;
    private final Request request;
    /** The far end of the client's session, then its standard input, output and error. */
    private final List<Fd> descriptors;

    WarmConsole(Kernel kernel, Fd connection, Request request, List<Fd> descriptors) {
        this.kernel = kernel;
        this.connection = connection;
        this.request = request;
        this.descriptors = descriptors;
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public void out(byte[] bytes) {
        print('O', bytes);
    }

    @Override
    public void error(byte[] bytes) {
        print('E', bytes);
    }

    private void print(char letter, byte[] bytes) {
        for (int at = 0; at < bytes.length; at += CHUNK) {
            int size = Math.min(CHUNK, bytes.length - at);
            byte[] message = new byte[size + 1];
            message[0] = (byte) letter;
            System.arraycopy(bytes, at, message, 1, size);
            Sockets.send(kernel, connection, message);
        }
    }

    @Override
    public Kernel kernel() {
        return kernel;
    }

    @Override
    public Performer performer() {
        return new SocketPerformer(kernel, connection);
    }

    void word(char letter, int value) {
        Sockets.send(kernel, connection, new byte[] {(byte) letter, (byte) value});
    }

    @Override
    public InputStream in() {
        int fd = descriptors.get(1).number();
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                try (Memory memory = kernel.allocate(Math.min(length, CHUNK))) {
                    int got = (int) Kernel.check(kernel.call(SystemCall.READ, fd, memory.address(), Math.min(length, CHUNK)), "read", "standard input");
                    memory.bytes().get(0, into, offset, got);
                    return got == 0 ? -1 : got;
                }
            }
        };
    }

    @Override
    public SessionStreams streams(boolean input, boolean output, boolean errors) {
        return new SessionStreams(input ? descriptors.get(1).number() : -1, output ? descriptors.get(2).number() : -1,
                errors ? descriptors.get(3).number() : -1, descriptors.get(0).number());
    }

    @Override
    public void session(boolean raw, boolean signals) {
        word('R', (raw ? 1 : 0) | (signals ? 2 : 0));
    }

    @Override
    public Outcome await(Performer.Performance performance) {
        release();
        try (Memory polls = kernel.allocate(16)) {
            polls.bytes().putInt(0, performance.descriptor()).putShort(4, POLLIN).putInt(8, connection.number()).putShort(12, POLLIN);
            while (true) {
                polls.bytes().putShort(6, (short) 0).putShort(14, (short) 0);
                kernel.call(SystemCall.PPOLL, polls.address(), 2, 0, 0, 0);
                if (polls.bytes().getShort(14) != 0) {
                    Sockets.Message message = Sockets.receive(kernel, connection, 16);
                    if (message.isEnd()) {
                        return Outcome.GONE;
                    }
                    if (message.bytes()[0] == 'D') {
                        return Outcome.DETACHED;
                    }
                } else if (polls.bytes().getShort(6) != 0) {
                    return Outcome.ENDED;
                }
            }
        }
    }

    /** The monitor has its own copies; ours would keep the session open when the client lets go. */
    private void release() {
        descriptors.forEach(Fd::close);
    }

    @Override
    public Outcome awaitSession(BooleanSupplier running) {
        release();
        while (true) {
            Sockets.Message message = Sockets.receive(kernel, connection, 16);
            if (message.isEnd()) {
                return Outcome.GONE;
            }
            if (message.bytes()[0] == 'D') {
                return Outcome.DETACHED;
            }
            if (message.bytes()[0] == 'X') {
                return Outcome.ENDED;
            }
        }
    }

    @Override
    public boolean gone() {
        try (Memory poll = kernel.allocate(32)) {
            poll.bytes().putInt(0, connection.number()).putShort(4, (short) 0).putShort(6, (short) 0).putLong(16, 0).putLong(24, 0);
            return kernel.call(SystemCall.PPOLL, poll.address(), 1, poll.address() + 16, 0, 0) > 0 && (poll.bytes().getShort(6) & POLLHUP) != 0;
        }
    }

    @Override
    public void leave(Run run, Container container) {
        container.watch(run);
    }

    @Override
    public void close() {
        release();
        connection.close();
    }
}
