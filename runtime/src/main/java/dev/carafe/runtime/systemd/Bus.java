package dev.carafe.runtime.systemd;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.Sockets;
import dev.carafe.kernel.SystemCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;

/** A connection to a bus, or to a service itself: authenticated as this user (D-Bus Specification, "EXTERNAL"), one call after the other. Not for two threads. */
final class Bus implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;
    private static final int CHUNK = 8192;

    private final Kernel kernel;
    private final Fd socket;
    private final String peer;
    private final boolean daemon;
    private final Deque<BusMessage> signals = new ArrayDeque<>();
    private byte[] read = new byte[0];
    private int serial;

    private Bus(Kernel kernel, Fd socket, String peer, boolean daemon) {
        this.daemon = daemon;
        this.kernel = kernel;
        this.socket = socket;
        this.peer = peer;
    }

    /**
     * Connects.
     *
     * @param path of the socket
     * @param uid the user that the kernel will name to the other side
     * @param daemon whether a bus listens there, which gives each of its clients a name; else it is the service
     */
    static Bus connect(Kernel kernel, Path path, long uid, boolean daemon) {
        var bus = new Bus(kernel, Sockets.connectStream(kernel, path), "\"" + path + "\"", daemon);
        try {
            // The end of the handshake goes with its beginning, and no message before the answer: systemd lets lie what it reads together with BEGIN.
            bus.write("\0AUTH EXTERNAL ".concat(HexFormat.of().formatHex(Long.toString(uid).getBytes(StandardCharsets.US_ASCII))).concat("\r\nBEGIN\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = bus.line();
            if (!answer.startsWith("OK ")) {
                throw Fault.of(Fault.Kind.PERMISSION, "connect to", bus.peer, "it does not let this user in: " + answer);
            }
            if (daemon) {
                bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello", "", new byte[0]);
            }
            return bus;
        } catch (RuntimeException e) {
            bus.close();
            throw e;
        }
    }

    /** Whether a bus lies between. */
    boolean isDaemon() {
        return daemon;
    }

    /**
     * Calls a method and waits for its answer; signals that come meanwhile are kept.
     *
     * @throws Fault what the other side says went wrong; its reason begins with the error's name
     */
    BusMessage call(String destination, String path, String interfaceName, String member, String signature, byte[] body) {
        int own = ++serial;
        write(BusMessage.call(own, destination, path, interfaceName, member, signature, body).bytes());
        while (true) {
            BusMessage message = message();
            if (message.type() == BusMessage.SIGNAL) {
                signals.add(message);
            } else if (message.replySerial() == own && message.type() == BusMessage.ERROR) {
                var texts = message.texts();
                throw Fault.of(Fault.Kind.UNAVAILABLE, "call", interfaceName + "." + member, message.error().orElse("error") + (texts.isEmpty() ? "" : ": " + texts.getFirst()));
            } else if (message.replySerial() == own) {
                return message;
            }
        }
    }

    /** The next signal that is meant. */
    BusMessage signal(Predicate<BusMessage> meant) {
        while (true) {
            BusMessage message = signals.isEmpty() ? message() : signals.remove();
            if (message.type() == BusMessage.SIGNAL && meant.test(message)) {
                return message;
            }
        }
    }

    private BusMessage message() {
        byte[] head = take(16);
        byte[] rest = take(BusMessage.size(head) - 16);
        byte[] whole = Arrays.copyOf(head, 16 + rest.length);
        System.arraycopy(rest, 0, whole, 16, rest.length);
        return BusMessage.parse(whole);
    }

    private String line() {
        for (int at = 0;; at++) {
            while (at >= read.length) {
                more();
            }
            if (read[at] == '\n') {
                return new String(take(at + 1), StandardCharsets.US_ASCII).strip();
            }
        }
    }

    private byte[] take(int count) {
        while (read.length < count) {
            more();
        }
        byte[] taken = Arrays.copyOf(read, count);
        read = Arrays.copyOfRange(read, count, read.length);
        return taken;
    }

    private void more() {
        try (Memory block = kernel.allocate(32 + CHUNK)) {
            block.bytes().putInt(0, socket.number()).putInt(4, 1).putLong(16, PATIENCE_SECONDS).putLong(24, 0);
            long ready = retry(SystemCall.PPOLL, block.address(), 1, block.address() + 16, 0, 0);
            if (Kernel.check(ready, "await", peer) == 0) {
                throw Fault.of(Fault.Kind.TIMEOUT, "await answer of", peer, "nothing came for " + PATIENCE_SECONDS + " s");
            }
            int size = (int) Kernel.check(retry(SystemCall.READ, socket.number(), block.address() + 32, CHUNK, 0, 0), "read from", peer);
            if (size == 0) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "read from", peer, "it has closed the connection");
            }
            int before = read.length;
            read = Arrays.copyOf(read, before + size);
            block.bytes().get(32, read, before, size);
        }
    }

    private void write(byte[] bytes) {
        try (Memory block = kernel.allocate(bytes.length)) {
            block.bytes().put(0, bytes);
            for (int at = 0; at < bytes.length;) {
                // MSG_NOSIGNAL: that it has gone is an error and no signal.
                at += (int) Kernel.check(retry(SystemCall.SENDTO, socket.number(), block.address() + at, bytes.length - at, 0x4000, 0), "write to", peer);
            }
        }
    }

    private long retry(SystemCall call, long a, long b, long c, long d, long e) {
        while (true) {
            long result = kernel.call(call, a, b, c, d, e);
            if (result != -Errno.EINTR.number()) {
                return result;
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    /** The name of the error that a call was answered with, as {@link #call} tells it. */
    static Optional<String> name(Fault fault) {
        String reason = fault.reason();
        int colon = reason.indexOf(':');
        return reason.startsWith("org.") ? Optional.of(colon < 0 ? reason : reason.substring(0, colon)) : Optional.empty();
    }
}
