package dev.carafe.kernel;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Unix sockets that keep message boundaries and carry descriptors: unix(7), SOCK_SEQPACKET, SCM_RIGHTS, SO_PEERCRED. */
public final class Sockets {
    private static final int AF_UNIX = 1;
    private static final int SEQPACKET_CLOEXEC = 5 | 02000000;
    private static final int STREAM_CLOEXEC = 1 | 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int SO_PEERCRED = 17;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int MESSAGE_HEADER = 56;
    private static final int CONTROL_HEADER = 16;
    private static final int MAX_FDS = 6;

    private Sockets() {
    }

    /** One message and the descriptors that came with it, which the receiver owns. No bytes: the other side has closed. */
    public record Message(byte[] bytes, List<Fd> descriptors) {
        public boolean isEnd() {
            return bytes.length == 0;
        }
    }

    /** Who is at the other end, as the kernel recorded it when the connection was made. */
    public record Peer(int pid, int uid, int gid) {
    }

    /** Two connected sockets. */
    public static Fd[] pair(Kernel kernel) {
        try (Memory numbers = kernel.allocate(8)) {
            Kernel.check(kernel.call(SystemCall.SOCKETPAIR, AF_UNIX, SEQPACKET_CLOEXEC, 0, numbers.address()), "make", "socket pair");
            return new Fd[] {new Fd(kernel, numbers.bytes().getInt(0)), new Fd(kernel, numbers.bytes().getInt(4))};
        }
    }

    /** A socket that listens at the path; the caller makes sure that nothing is there. */
    public static Fd listen(Kernel kernel, Path path, int backlog) {
        return named(kernel, path, fd -> {
            long listening = kernel.call(SystemCall.LISTEN, fd.number(), backlog);
            Kernel.check(listening, "listen on", "\"" + path + "\"");
        }, SystemCall.BIND, "bind");
    }

    /** A connection to whoever listens at the path. */
    public static Fd connect(Kernel kernel, Path path) {
        return named(kernel, path, fd -> { }, SystemCall.CONNECT, "connect to");
    }

    /** A connection of a stream of bytes to whoever listens at the path. */
    public static Fd connectStream(Kernel kernel, Path path) {
        return named(kernel, path, STREAM_CLOEXEC, fd -> { }, SystemCall.CONNECT, "connect to");
    }

    private static Fd named(Kernel kernel, Path path, java.util.function.Consumer<Fd> then, SystemCall call, String verb) {
        return named(kernel, path, SEQPACKET_CLOEXEC, then, call, verb);
    }

    private static Fd named(Kernel kernel, Path path, int kind, java.util.function.Consumer<Fd> then, SystemCall call, String verb) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > 107) {
            throw Fault.of(Errno.ENAMETOOLONG, verb, "\"" + path + "\"").hint("a socket's path has at most 107 bytes: choose a shorter run root");
        }
        var fd = new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.SOCKET, AF_UNIX, kind, 0), "make", "socket"));
        try (Memory address = kernel.allocate(3 + name.length)) {
            address.bytes().putShort(0, (short) AF_UNIX).put(2, name);
            Kernel.check(kernel.call(call, fd.number(), address.address(), 3 + name.length), verb, "\"" + path + "\"");
            then.accept(fd);
            return fd;
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /** The next connection; blocks. */
    public static Fd accept(Kernel kernel, Fd listener) {
        return new Fd(kernel, (int) Kernel.check(retry(kernel, SystemCall.ACCEPT4, listener.number(), 0, 0, 02000000), "accept on", listener.toString()));
    }

    private static long retry(Kernel kernel, SystemCall call, long a, long b, long c, long d) {
        while (true) {
            long result = kernel.call(call, a, b, c, d);
            if (result != -Errno.EINTR.number()) {
                return result;
            }
        }
    }

    public static Peer peer(Kernel kernel, Fd socket) {
        try (Memory memory = kernel.allocate(16)) {
            memory.bytes().putInt(12, 12);
            Kernel.check(kernel.call(SystemCall.GETSOCKOPT, socket.number(), SOL_SOCKET, SO_PEERCRED, memory.address(), memory.address() + 12),
                    "identify the peer of", socket.toString());
            return new Peer(memory.bytes().getInt(0), memory.bytes().getInt(4), memory.bytes().getInt(8));
        }
    }

    /** Sends one message whole, with copies of the descriptors; blocks while the other side has no room. */
    public static void send(Kernel kernel, Fd socket, byte[] message, int... descriptors) {
        int control = CONTROL_HEADER + 4 * descriptors.length;
        try (Memory memory = kernel.allocate(MESSAGE_HEADER + 16 + 64 + message.length)) {
            ByteBuffer bytes = memory.bytes();
            long parts = memory.address() + MESSAGE_HEADER;
            long rights = parts + 16;
            long payload = rights + 64;
            bytes.putLong(16, parts).putLong(24, 1);
            if (descriptors.length > 0) {
                bytes.putLong(32, rights).putLong(40, control + 7 & ~7);
                int at = MESSAGE_HEADER + 16;
                bytes.putLong(at, control).putInt(at + 8, SOL_SOCKET).putInt(at + 12, SCM_RIGHTS);
                for (int k = 0; k < descriptors.length; k++) {
                    bytes.putInt(at + CONTROL_HEADER + 4 * k, descriptors[k]);
                }
            }
            bytes.putLong(MESSAGE_HEADER, payload).putLong(MESSAGE_HEADER + 8, message.length);
            bytes.put(MESSAGE_HEADER + 80, message);
            Kernel.check(retry(kernel, SystemCall.SENDMSG, socket.number(), memory.address(), MSG_NOSIGNAL, 0), "send to", socket.toString());
        }
    }

    /** The next message of at most that many bytes, with its descriptors; blocks. */
    public static Message receive(Kernel kernel, Fd socket, int atMost) {
        try (Memory memory = kernel.allocate(MESSAGE_HEADER + 16 + 64 + atMost)) {
            ByteBuffer bytes = memory.bytes().order(ByteOrder.nativeOrder());
            long parts = memory.address() + MESSAGE_HEADER;
            bytes.putLong(16, parts).putLong(24, 1).putLong(32, parts + 16).putLong(40, CONTROL_HEADER + 4 * MAX_FDS);
            bytes.putLong(MESSAGE_HEADER, parts + 80).putLong(MESSAGE_HEADER + 8, atMost);
            long size = retry(kernel, SystemCall.RECVMSG, socket.number(), memory.address(), MSG_CMSG_CLOEXEC, 0);
            if (size == -Errno.ECONNRESET.number()) {
                size = 0;
            }
            Kernel.check(size, "receive from", socket.toString());
            var descriptors = new ArrayList<Fd>();
            int at = MESSAGE_HEADER + 16;
            if (bytes.getLong(40) >= CONTROL_HEADER && bytes.getInt(at + 8) == SOL_SOCKET && bytes.getInt(at + 12) == SCM_RIGHTS) {
                for (long k = CONTROL_HEADER; k + 4 <= bytes.getLong(at); k += 4) {
                    descriptors.add(new Fd(kernel, bytes.getInt(at + (int) k)));
                }
            }
            byte[] message = new byte[(int) size];
            bytes.get(MESSAGE_HEADER + 80, message);
            return new Message(message, descriptors);
        }
    }
}
