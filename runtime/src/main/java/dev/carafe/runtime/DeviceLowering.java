package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.NamespaceOperation;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Network devices that move into a container, as messages to the kernel (rtnetlink(7)). The number of a device is known only when the plan is
 * performed: SIOCGIFINDEX stores it where the message, which is sent in pieces, takes it from. An answer holds a negative error number, which
 * fails the instruction that loads it as a system call would.
 */
final class DeviceLowering {
    private static final long AF_INET = 2;
    private static final long AF_NETLINK = 16;
    private static final long SOCK_RAW = 3;
    private static final long SOCK_DGRAM = 2;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final int RTM_SETLINK = 19;
    private static final int RTM_NEWADDR = 20;
    private static final int REQUEST_ACK = 5;
    private static final int CREATE_EXCLUSIVE = 0x600;
    private static final int IFF_UP = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_F_PERMANENT = 0x80;
    private static final int INTERFACE_NAME_BYTES = 16;
    /** Both kinds of messages have the number of the device behind a head of that size. */
    private static final int HEAD_BYTES = 20;
    private static final int NAMESPACE_FD = 75;

    private final Assembler asm;
    private final Wiring wiring;

    DeviceLowering(Assembler assembler, Wiring wiring) {
        this.asm = assembler;
        this.wiring = wiring;
    }

    void lower(NamespaceOperation.MoveDevice move) {
        int namespace;
        if (move.namespace().isPresent()) {
            namespace = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(move.namespace().get()), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
        } else {
            int process = new IdMapLowering(asm, wiring).process(wiring.clone);
            namespace = asm.call(SystemCall.OPENAT, Assembler.result(process), asm.string("ns/net"), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
            asm.call(SystemCall.CLOSE, Assembler.result(process));
        }
        asm.call(SystemCall.DUP3, Assembler.result(namespace), NAMESPACE_FD, Flags.O_CLOEXEC);
        asm.call(SystemCall.CLOSE, Assembler.result(namespace));
        // Sockets belong to the namespace that they are made in, which the monitor enters for a moment.
        int own = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string("/proc/self/ns/net"), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
        asm.call(SystemCall.SETNS, NAMESPACE_FD, Flags.CLONE_NEWNET);
        int names = asm.call(SystemCall.SOCKET, AF_INET, SOCK_DGRAM | Flags.SOCK_CLOEXEC, 0);
        int inside = socket();
        asm.call(SystemCall.SETNS, Assembler.result(own), Flags.CLONE_NEWNET);
        asm.call(SystemCall.CLOSE, Assembler.result(own));
        boolean template = move.name().contains("%d");
        long there = request(move.name());
        if (!template) {
            mustBeFree(names, there);
        }
        long number = request(move.device());
        int outside = asm.call(SystemCall.SOCKET, AF_INET, SOCK_DGRAM | Flags.SOCK_CLOEXEC, 0);
        asm.call(SystemCall.IOCTL, Assembler.result(outside), SIOCGIFINDEX, number);
        int socket = socket();
        ask(socket, RTM_SETLINK, 0, 0, number, link(move.name()));
        // Another device may have the number there, and the kernel then gives a new one. With a template for a name only the number can tell.
        if (!template) {
            asm.call(SystemCall.IOCTL, Assembler.result(names), SIOCGIFINDEX, there);
        }
        for (String address : move.addresses()) {
            give(inside, template ? number : there, address);
        }
        for (int fd : new int[] {names, inside, outside, socket}) {
            asm.call(SystemCall.CLOSE, Assembler.result(fd));
        }
        asm.call(SystemCall.CLOSE, NAMESPACE_FD);
    }

    /** The kernel moves a device before it finds that the name is taken, and a device that has moved ends with the namespace. */
    private void mustBeFree(int socket, long request) {
        var free = new Assembler.Label();
        asm.call(SystemCall.IOCTL, Assembler.result(socket), SIOCGIFINDEX, request);
        asm.onError(free, Errno.ENODEV);
        // Says what is the matter: EEXIST.
        asm.call(SystemCall.MKDIRAT, Flags.AT_FDCWD, asm.string("/"), 0);
        asm.bind(free);
    }

    private static ByteBuffer link(String name) {
        byte[] text = (name + "\0").getBytes(StandardCharsets.UTF_8);
        var link = buffer(8 + 8 + 4 + padded(text.length));
        link.putInt(IFF_UP).putInt(IFF_UP);
        link.putShort((short) 8).putShort((short) IFLA_NET_NS_FD).putInt(NAMESPACE_FD);
        return link.putShort((short) (4 + text.length)).putShort((short) IFLA_IFNAME).put(text);
    }

    private void give(int socket, long number, String address) {
        int slash = address.indexOf('/');
        byte[] bytes = bytes(address.substring(0, slash));
        var attributes = buffer(2 * (4 + bytes.length));
        for (int kind : new int[] {IFA_LOCAL, IFA_ADDRESS}) {
            attributes.putShort((short) (4 + bytes.length)).putShort((short) kind).put(bytes);
        }
        int head = (bytes.length == 4 ? 2 : 10) | Integer.parseInt(address.substring(slash + 1)) << 8 | IFA_F_PERMANENT << 16;
        ask(socket, RTM_NEWADDR, CREATE_EXCLUSIVE, head, number, attributes);
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw Fault.invalid("move", "address \"" + address + "\"", "it is none").cause(e);
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    private static int padded(int bytes) {
        return (bytes + 3) & ~3;
    }

    private int socket() {
        return asm.call(SystemCall.SOCKET, AF_NETLINK, SOCK_RAW | Flags.SOCK_CLOEXEC, 0);
    }

    /** struct ifreq: the name, behind which SIOCGIFINDEX stores the number. */
    private long request(String device) {
        return asm.bytes(buffer(40).put(0, device.getBytes(StandardCharsets.UTF_8)).array());
    }

    /** struct nlmsghdr and the first four bytes of what follows; the number of the device; the rest. */
    private void ask(int socket, int type, int flags, int first, long request, ByteBuffer rest) {
        var head = buffer(HEAD_BYTES);
        head.putInt(HEAD_BYTES + 4 + rest.capacity()).putShort((short) type).putShort((short) (REQUEST_ACK | flags)).putLong(0).putInt(first);
        long parts = asm.longs(asm.bytes(head.array()), HEAD_BYTES, request + INTERFACE_NAME_BYTES, 4, asm.bytes(rest.array()), rest.capacity());
        asm.call(SystemCall.SENDMSG, Assembler.result(socket), asm.longs(0, 0, parts, 3, 0, 0, 0), 0);
        long reply = asm.space(64);
        asm.call(SystemCall.READ, Assembler.result(socket), reply, 64);
        // struct nlmsgerr follows the head of 16 bytes.
        asm.load(reply + 16);
    }
}
