package dev.carafe.cli.surface;

import dev.carafe.base.Fault;
import dev.carafe.engine.Container;
import dev.carafe.engine.Run;
import dev.carafe.kernel.Kernel;
import dev.carafe.runtime.ClientChannel;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** The client that started this JVM for one command: output is inherited, the rest goes over the channel. */
public final class ColdConsole implements Console {
    private final ClientChannel channel;
    private final Request request;
    /** As it was when that was first asked. */
    private long parent;
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private final FileOutputStream error = new FileOutputStream(FileDescriptor.err);

    public ColdConsole(ClientChannel channel, Request request) {
        this.channel = channel;
        this.request = request;
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public void out(byte[] bytes) {
        write(out, bytes);
    }

    @Override
    public void error(byte[] bytes) {
        write(error, bytes);
    }

    private static void write(OutputStream stream, byte[] bytes) {
        try {
            stream.write(bytes);
        } catch (IOException closed) {
            throw Fault.of(Fault.Kind.CANCELLED, "write", "output", String.valueOf(closed.getMessage())).cause(closed);
        }
    }

    /** The client's own standard input, by way of the parent process: this JVM's is the channel. */
    @Override
    public InputStream in() {
        long client = ProcessHandle.current().parent().orElseThrow().pid();
        try {
            return Files.newInputStream(Path.of("/proc/" + client + "/fd/0"));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "read", "standard input", "it cannot be opened again").cause(e).hint("give a file's name instead");
        }
    }

    @Override
    public SessionStreams streams(boolean input, boolean output, boolean errors) {
        return new SessionStreams(input ? 0 : -1, output ? 1 : -1, errors ? 2 : -1, request.session());
    }

    @Override
    public void session(boolean raw, boolean signals) {
        channel.send(new byte[] {'R', (byte) ((raw ? 1 : 0) | (signals ? 2 : 0))});
    }

    @Override
    public Outcome await(Performer.Performance performance) {
        return awaitWord('z');
    }

    @Override
    public Kernel kernel() {
        return channel;
    }

    @Override
    public Performer performer() {
        return channel;
    }

    private Outcome awaitWord(char end) {
        while (true) {
            byte[] word = channel.receive();
            if (word.length == 0) {
                return Outcome.GONE;
            }
            if (word[0] == end) {
                return Outcome.ENDED;
            }
            if (word[0] == 'D') {
                return Outcome.DETACHED;
            }
        }
    }

    @Override
    public Outcome awaitSession(BooleanSupplier running) {
        return awaitWord('X');
    }

    /** The client is the parent; who loses it gets another. */
    @Override
    public boolean gone() {
        long now = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
        if (parent == 0) {
            parent = now;
        }
        return now != parent;
    }

    @Override
    public void leave(Run run, Container container) {
        // The next engine finishes what is to be finished.
    }
}
