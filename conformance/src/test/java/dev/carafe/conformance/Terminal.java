package dev.carafe.conformance;

import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.kernel.SystemCall;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/** A user at a pseudo terminal, see pty(7): types, reads, resizes. */
final class Terminal implements AutoCloseable {
    private static final int HERE = -100;
    private static final int READ_WRITE = 2 | 0x80000 | 0x100;
    private static final long UNLOCK = 0x40045431L;
    private static final long NUMBER = 0x80045430L;
    private static final long SET_SIZE = 0x5414L;
    private static final short POLLIN = 1;

    private final Kernel kernel = new NativeKernel();
    private final int master;
    /** Stays open, so that the terminal is never hung up. */
    private final int slave;
    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Thread reader;
    private volatile boolean closed;

    /** Starts a command on a terminal of its own, which controls it. */
    Terminal(ProcessBuilder builder, int rows, int columns) {
        master = open("/dev/ptmx");
        String name;
        try (Memory number = kernel.allocate(4)) {
            Kernel.check(kernel.call(SystemCall.IOCTL, master, UNLOCK, number.address()), "unlock", "terminal");
            Kernel.check(kernel.call(SystemCall.IOCTL, master, NUMBER, number.address()), "number", "terminal");
            name = "/dev/pts/" + number.bytes().getInt(0);
        }
        slave = open(name);
        resize(rows, columns);
        var words = new ArrayList<String>(builder.command());
        words.addFirst("--ctty");
        words.addFirst("setsid");
        File file = new File(name);
        try {
            process = builder.command(words).redirectInput(file).redirectOutput(ProcessBuilder.Redirect.appendTo(file))
                    .redirectError(ProcessBuilder.Redirect.appendTo(file)).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader = Thread.ofPlatform().daemon().start(this::gather);
    }

    private int open(String file) {
        try (Memory path = kernel.string(file)) {
            return (int) Kernel.check(kernel.call(SystemCall.OPENAT, HERE, path.address(), READ_WRITE, 0), "open", file);
        }
    }

    private void gather() {
        try (Memory poll = kernel.allocate(32);
                Memory buffer = kernel.allocate(4096)) {
            while (!closed) {
                poll.bytes().putInt(0, master).putShort(4, POLLIN).putShort(6, (short) 0).putLong(8, 0).putLong(16, 50_000_000);
                if (kernel.call(SystemCall.PPOLL, poll.address(), 1, poll.address() + 8, 0, 0) > 0) {
                    int got = (int) kernel.call(SystemCall.READ, master, buffer.address(), 4096);
                    if (got > 0) {
                        byte[] bytes = new byte[got];
                        buffer.bytes().get(0, bytes);
                        output.writeBytes(bytes);
                    }
                }
            }
        }
    }

    void resize(int rows, int columns) {
        try (Memory size = kernel.allocate(8)) {
            size.bytes().putShort(0, (short) rows).putShort(2, (short) columns);
            Kernel.check(kernel.call(SystemCall.IOCTL, master, SET_SIZE, size.address()), "resize", "terminal");
        }
    }

    void type(String keys) {
        byte[] bytes = keys.getBytes(StandardCharsets.UTF_8);
        try (Memory memory = kernel.allocate(bytes.length)) {
            memory.bytes().put(0, bytes);
            Kernel.check(kernel.call(SystemCall.WRITE, master, memory.address(), bytes.length), "type", "keys");
        }
    }

    String screen() {
        return output.toString(StandardCharsets.UTF_8);
    }

    void awaitScreen(String text) {
        Tools.await(() -> screen().contains(text));
        if (!screen().contains(text)) {
            throw new AssertionError("the terminal never showed \"" + text + "\" but \"" + screen() + "\"");
        }
    }

    /** How the terminal is set, in the words of stty(1). */
    String settings() {
        return Tools.check("stty", "-F", "/proc/" + ProcessHandle.current().pid() + "/fd/" + slave, "-a");
    }

    /** Waits for the command's end; its exit status. */
    int await() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end; the terminal shows \"" + screen() + "\"");
            }
            Thread.sleep(120);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        closed = true;
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kernel.call(SystemCall.CLOSE, slave);
        kernel.call(SystemCall.CLOSE, master);
    }
}
