package dev.carafe.kernel;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A netlink socket: netlink(7). It speaks to the network namespace in which it was opened, wherever its holder goes afterwards.
 *
 * <p>One request at a time, which blocks until the kernel has answered; safe for use by many threads, which then wait for each other.
 */
public final class Netlink implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int RAW_CLOEXEC = 3 | 02000000;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int O_CLOEXEC = 02000000;
    private static final int AT_FDCWD = -100;
    /** Answers in several parts come in pieces of at most 32 KiB. */
    private static final int RECEIVED_BYTES = 65536;
    private static final int SOL_SOCKET = 1;
    /** A large transaction is one message, for which there must be room. */
    private static final int SO_SNDBUFFORCE = 32;

    private final Kernel kernel;
    private final Fd socket;
    private final Memory received;
    private int sequence;

    /** Which part of the kernel a socket speaks to. */
    public enum Family {
        /** Links, addresses, routes: rtnetlink(7). */
        ROUTE(0),
        /** Packet filters and translation of addresses. */
        NETFILTER(12);

        private final int number;

        Family(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    private Netlink(Kernel kernel, Fd socket) {
        this.kernel = kernel;
        this.socket = socket;
        this.received = kernel.allocate(RECEIVED_BYTES);
    }

    /** For the network namespace of this process. */
    public static Netlink open(Kernel kernel, Family family) {
        return new Netlink(kernel, openSocket(kernel, AF_NETLINK, RAW_CLOEXEC, family.number()));
    }

    /** For the network namespace of that file, such as {@code /proc/PID/ns/net}. */
    public static Netlink open(Kernel kernel, Family family, String namespace) {
        return within(kernel, namespace, () -> open(kernel, family));
    }

    static Fd openSocket(Kernel kernel, int domain, int type, int protocol) {
        return new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.SOCKET, domain, type, protocol), "make", "socket"));
    }

    /** What is done within a namespace. */
    public interface Action<T> {
        T perform();
    }

    /**
     * Does something in another network namespace: setns(2), on a thread of its own, since a namespace belongs to the thread that joined it, and back
     * again, since a kernel may perform the calls of all threads by one.
     */
    public static <T> T within(Kernel kernel, String namespace, Action<T> action) {
        var result = new ArrayList<T>();
        var failure = new ArrayList<RuntimeException>();
        var thread = new Thread(null, () -> {
            try {
                result.add(visit(kernel, namespace, action));
            } catch (RuntimeException e) {
                failure.add(e);
            }
        }, "netns", 256 << 10);
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!failure.isEmpty()) {
            throw failure.getFirst();
        }
        return result.getFirst();
    }

    private static <T> T visit(Kernel kernel, String namespace, Action<T> action) {
        try (Fd home = openFile(kernel, "/proc/thread-self/ns/net"); Fd there = openFile(kernel, namespace)) {
            Kernel.check(kernel.call(SystemCall.SETNS, there.number(), CLONE_NEWNET), "join", "network namespace \"" + namespace + "\"");
            try {
                return action.perform();
            } finally {
                kernel.call(SystemCall.SETNS, home.number(), CLONE_NEWNET);
            }
        }
    }

    private static Fd openFile(Kernel kernel, String path) {
        try (Memory text = kernel.string(path)) {
            return new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.OPENAT, AT_FDCWD, text.address(), O_CLOEXEC, 0), "open", "\"" + path + "\""));
        }
    }

    /**
     * Sends one message, and waits for the answer that it was obeyed.
     *
     * @throws Fault with the error number, named by operation and object
     */
    public void request(NetlinkMessage message, String operation, String object) {
        int error = attempt(message);
        if (error != 0) {
            throw Fault.of(Errno.of(error), operation, object);
        }
    }

    /** As {@link #request}, but a refusal is a value: 0, or the error number. */
    public synchronized int attempt(NetlinkMessage message) {
        byte[] bytes = message.bytes();
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        header.putShort(6, (short) (header.getShort(6) | NetlinkMessage.ACK)).putInt(8, ++sequence);
        send(bytes);
        while (true) {
            for (Part part : receive()) {
                if (part.sequence() == sequence && part.reply().type() == NetlinkMessage.ERROR) {
                    return -part.reply().int32(0);
                }
            }
        }
    }

    /** Sends a question, and collects the parts of the answer. */
    public synchronized List<NetlinkReply> ask(NetlinkMessage message, String operation, String object) {
        byte[] bytes = message.bytes();
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        boolean several = (header.getShort(6) & NetlinkMessage.DUMP) == NetlinkMessage.DUMP;
        header.putInt(8, ++sequence);
        send(bytes);
        var replies = new ArrayList<NetlinkReply>();
        while (true) {
            for (Part part : receive()) {
                if (part.sequence() != sequence) {
                    continue;
                }
                if (part.reply().type() == NetlinkMessage.DONE) {
                    return replies;
                }
                if (part.reply().type() == NetlinkMessage.ERROR) {
                    throw Fault.of(Errno.of(-part.reply().int32(0)), operation, object);
                }
                replies.add(part.reply());
                if (!several) {
                    return replies;
                }
            }
        }
    }

    /**
     * Sends several messages that the kernel obeys all or not at all, as netfilter does between its BATCH_BEGIN and BATCH_END; every one of them but
     * these two asks for an answer.
     *
     * @return the first refusal as an error number, or 0
     */
    public synchronized int transact(List<NetlinkMessage> batch) {
        int size = 0;
        var parts = new ArrayList<byte[]>();
        int first = sequence + 1;
        for (NetlinkMessage message : batch) {
            byte[] bytes = message.bytes();
            ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(8, ++sequence);
            parts.add(bytes);
            size += bytes.length;
        }
        byte[] whole = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        send(whole);
        int awaited = batch.size() - 2;
        int refusal = 0;
        while (awaited > 0) {
            for (Part part : receive()) {
                if (part.reply().type() == NetlinkMessage.ERROR && part.sequence() >= first) {
                    int error = -part.reply().int32(0);
                    refusal = refusal == 0 ? error : refusal;
                    // The batch itself was refused, so nothing in it is answered.
                    boolean frame = part.sequence() == first || part.sequence() == sequence;
                    awaited = frame ? 0 : awaited - 1;
                }
            }
        }
        return refusal;
    }

    private void send(byte[] bytes) {
        try (Memory memory = kernel.allocate(bytes.length + 8)) {
            if (bytes.length > RECEIVED_BYTES) {
                memory.bytes().putInt(0, 4 * bytes.length);
                kernel.call(SystemCall.SETSOCKOPT, socket.number(), SOL_SOCKET, SO_SNDBUFFORCE, memory.address(), 4);
            }
            memory.bytes().put(0, bytes);
            long sent;
            do {
                sent = kernel.call(SystemCall.SENDTO, socket.number(), memory.address(), bytes.length, 0, 0, 0);
            } while (sent == -Errno.EINTR.number());
            Kernel.check(sent, "ask", "the kernel by netlink");
        }
    }

    private record Part(int sequence, NetlinkReply reply) {
    }

    private List<Part> receive() {
        long size;
        do {
            size = kernel.call(SystemCall.RECVFROM, socket.number(), received.address(), RECEIVED_BYTES, 0, 0, 0);
        } while (size == -Errno.EINTR.number());
        Kernel.check(size, "hear", "the kernel by netlink");
        var parts = new ArrayList<Part>();
        ByteBuffer bytes = received.bytes();
        int at = 0;
        while (at + NetlinkMessage.HEADER_BYTES <= size) {
            int length = bytes.getInt(at);
            if (length < NetlinkMessage.HEADER_BYTES || at + length > size) {
                break;
            }
            byte[] body = new byte[length - NetlinkMessage.HEADER_BYTES];
            bytes.get(at + NetlinkMessage.HEADER_BYTES, body);
            parts.add(new Part(bytes.getInt(at + 8), new NetlinkReply(bytes.getShort(at + 4) & 0xffff, body)));
            at += length + 3 & ~3;
        }
        return parts;
    }

    @Override
    public void close() {
        socket.close();
        received.close();
    }
}
