package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.base.IpAddress;
import dev.carafe.kernel.NetlinkMessage;
import dev.carafe.kernel.RouteMessages;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.NetworkOperation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Connections with networks as system calls: netlink messages that Java has written, sent by the monitor. The kernel answers a message with minus an
 * error number, which is loaded and so fails the step like any other call.
 *
 * <p>The monitor speaks to two network namespaces: by one socket that it opens in its own, and one that it opens while it visits init's. The index of a link
 * of init's namespace is not known when the program is written, so the kernel puts it (netdevice(7), SIOCGIFINDEX) where a message gathers it from.
 */
final class NetworkLowering {
    private static final long HERE_FD = 60;
    private static final long THERE_FD = 61;
    private static final long HOST_FD = 62;
    private static final long INSIDE_FD = 63;
    private static final long PLAIN_FD = 64;
    private static final long FILTER_FD = 65;
    private static final long AF_INET = 2;
    private static final long AF_INET6 = 10;
    private static final long AF_NETLINK = 16;
    private static final long SOCK_DGRAM = 2;
    private static final long SOCK_RAW = 3;
    private static final long NETLINK_ROUTE = 0;
    private static final long NETLINK_NETFILTER = 12;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final long IPPROTO_IPV6 = 41;
    private static final long IPV6_V6ONLY = 26;
    private static final long LOCK_SHARED = 1;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_INDEX_AT = 16;
    /** Of an address message: behind the header and the first four bytes of struct ifaddrmsg. */
    private static final int INDEX_AT = 20;
    private static final int ANSWER_BYTES = 64;

    private final Assembler asm;
    private final Wiring wiring;
    private final Map<String, Long> indexes = new HashMap<>();
    private long answer;
    private boolean open;
    private boolean filtering;

    NetworkLowering(Assembler asm, Wiring wiring) {
        this.asm = asm;
        this.wiring = wiring;
    }

    void lower(NetworkOperation operation) {
        if (operation instanceof NetworkOperation.Reserve reserve) {
            reserve(reserve);
        } else if (operation instanceof NetworkOperation.Connect connect) {
            open();
            request(HOST_FD, RouteMessages.makePair(connect.link(), connect.bridge(), connect.name(), connect.mac(), connect.mtu(), (int) THERE_FD));
            request(HOST_FD, RouteMessages.settlePort(connect.link(), connect.isolated(), connect.hairpin()));
            // A kernel without IPv6 knows nothing of such addresses.
            asm.orElseGoOn(Errno.EAFNOSUPPORT, Errno.EOPNOTSUPP);
            request(HOST_FD, RouteMessages.raise(connect.link()));
        } else if (operation instanceof NetworkOperation.Share share) {
            open();
            request(HOST_FD, RouteMessages.makeMacvlan(share.name(), share.parent(), share.mac(), share.mtu(), (int) THERE_FD));
        } else if (operation instanceof NetworkOperation.Parameter parameter) {
            parameter(parameter);
        } else if (operation instanceof NetworkOperation.Assign assign) {
            assign(assign);
        } else if (operation instanceof NetworkOperation.Raise raise) {
            open();
            request(INSIDE_FD, RouteMessages.raise(raise.name()));
        } else if (operation instanceof NetworkOperation.Route route) {
            open();
            request(INSIDE_FD, RouteMessages.addRoute(route.destination(), route.gateway()));
        } else if (operation instanceof NetworkOperation.Admit admit) {
            filter(FILTER_FD);
            filtering = true;
            transact(FILTER_FD, Admission.enter(admit, false));
        } else if (operation instanceof NetworkOperation.Dismiss dismiss) {
            dismiss(dismiss);
        } else if (operation instanceof NetworkOperation.Disconnect disconnect) {
            disconnect(disconnect);
        } else if (operation instanceof NetworkOperation.AwaitNames names) {
            awaitNames(names);
        } else if (operation instanceof NetworkOperation.Announce) {
            announce();
        } else if (operation instanceof NetworkOperation.Await) {
            int near = asm.load(wiring.mapped);
            asm.call(SystemCall.READ, Assembler.result(near), asm.space(8), 1);
            asm.mustBePositive();
        } else {
            throw new MatchException(String.valueOf(operation), null);
        }
    }

    /** Opens what the rest needs, once. */
    private void open() {
        if (open) {
            return;
        }
        open = true;
        int here = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string("/proc/self/ns/net"), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
        settle(here, HERE_FD);
        byte[] prefix = "/proc/".getBytes(StandardCharsets.US_ASCII);
        long path = asm.bytes(java.util.Arrays.copyOf(prefix, prefix.length + 16));
        asm.text(path + prefix.length, wiring.clone);
        int process = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, path, Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_CLOEXEC, 0);
        int there = asm.call(SystemCall.OPENAT, Assembler.result(process), asm.string("ns/net"), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
        asm.call(SystemCall.CLOSE, Assembler.result(process));
        settle(there, THERE_FD);
        settle(asm.call(SystemCall.SOCKET, AF_NETLINK, SOCK_RAW | Flags.SOCK_CLOEXEC, NETLINK_ROUTE), HOST_FD);
        visit();
        settle(asm.call(SystemCall.SOCKET, AF_NETLINK, SOCK_RAW | Flags.SOCK_CLOEXEC, NETLINK_ROUTE), INSIDE_FD);
        settle(asm.call(SystemCall.SOCKET, AF_INET, SOCK_DGRAM | Flags.SOCK_CLOEXEC, 0), PLAIN_FD);
        leave();
    }

    private void visit() {
        asm.call(SystemCall.SETNS, THERE_FD, Flags.CLONE_NEWNET);
    }

    private void leave() {
        asm.call(SystemCall.SETNS, HERE_FD, Flags.CLONE_NEWNET);
    }

    private void settle(int fd, long number) {
        asm.call(SystemCall.DUP3, Assembler.result(fd), number, Flags.O_CLOEXEC);
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
    }

    private void request(long socket, NetlinkMessage message) {
        byte[] bytes = acknowledged(message);
        asm.call(SystemCall.SENDTO, socket, asm.bytes(bytes), bytes.length, 0, 0, 0);
        answered(socket);
    }

    private static byte[] acknowledged(NetlinkMessage message) {
        byte[] bytes = message.bytes();
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        header.putShort(6, (short) (header.getShort(6) | NetlinkMessage.ACK));
        return bytes;
    }

    private void answered(long socket) {
        if (answer == 0) {
            answer = asm.space(ANSWER_BYTES);
        }
        asm.call(SystemCall.RECVFROM, socket, answer, ANSWER_BYTES, 0, 0, 0);
        asm.load(answer + NetlinkMessage.ERROR_AT);
    }

    private void transact(long socket, List<NetlinkMessage> batch) {
        send(socket, batch);
        for (int k = 2; k < batch.size(); k++) {
            answered(socket);
        }
    }

    private void send(long socket, List<NetlinkMessage> batch) {
        int size = 0;
        for (NetlinkMessage message : batch) {
            size += message.bytes().length;
        }
        byte[] whole = new byte[size];
        int at = 0;
        for (NetlinkMessage message : batch) {
            byte[] bytes = message.bytes();
            System.arraycopy(bytes, 0, whole, at, bytes.length);
            at += bytes.length;
        }
        asm.call(SystemCall.SENDTO, socket, asm.aside(whole), whole.length, 0, 0, 0);
    }

    private void filter(long fd) {
        settle(asm.call(SystemCall.SOCKET, AF_NETLINK, SOCK_RAW | Flags.SOCK_CLOEXEC, NETLINK_NETFILTER), fd);
    }

    private void assign(NetworkOperation.Assign assign) {
        open();
        long request = index(assign.name());
        byte[] message = acknowledged(RouteMessages.addAddress(0, assign.address(), assign.prefix()));
        long bytes = asm.bytes(message);
        long parts = asm.longs(bytes, INDEX_AT, request + IFREQ_INDEX_AT, 4, bytes + INDEX_AT + 4, message.length - INDEX_AT - 4);
        asm.call(SystemCall.SENDMSG, INSIDE_FD, asm.longs(0, 0, parts, 3, 0, 0, 0), 0);
        answered(INSIDE_FD);
    }

    /** The struct ifreq in which the kernel has put the link's index. */
    private long index(String name) {
        Long known = indexes.get(name);
        if (known != null) {
            return known;
        }
        var request = ByteBuffer.allocate(IFREQ_BYTES);
        request.put(0, name.getBytes(StandardCharsets.US_ASCII));
        long address = asm.bytes(request.array());
        asm.call(SystemCall.IOCTL, PLAIN_FD, SIOCGIFINDEX, address);
        indexes.put(name, address);
        return address;
    }

    private void parameter(NetworkOperation.Parameter parameter) {
        open();
        visit();
        var done = new Assembler.Label();
        int file = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string("/proc/sys/" + parameter.path()), Flags.O_WRONLY | Flags.O_CLOEXEC, 0);
        asm.onError(done, Errno.ENOENT);
        asm.call(SystemCall.WRITE, Assembler.result(file), asm.string(parameter.value()), parameter.value().length());
        asm.call(SystemCall.CLOSE, Assembler.result(file));
        asm.bind(done);
        leave();
    }

    /** Without SO_REUSEADDR, so that nobody who uses it gets the port either. */
    private void reserve(NetworkOperation.Reserve reserve) {
        IpAddress address = reserve.address();
        var done = new Assembler.Label();
        int socket = asm.call(SystemCall.SOCKET, address.six() ? AF_INET6 : AF_INET,
                (reserve.protocol().equals("tcp") ? Flags.SOCK_STREAM : SOCK_DGRAM) | Flags.SOCK_CLOEXEC, 0);
        // A process has only so many descriptors; ports beyond that are published, but not reserved.
        asm.onError(done, Errno.EMFILE);
        if (address.six()) {
            long one = asm.longs(1);
            asm.call(SystemCall.SETSOCKOPT, Assembler.result(socket), IPPROTO_IPV6, IPV6_V6ONLY, one, 4);
        }
        var name = ByteBuffer.allocate(address.six() ? 28 : 16).order(ByteOrder.nativeOrder());
        name.putShort((short) (address.six() ? AF_INET6 : AF_INET)).put((byte) (reserve.port() >> 8)).put((byte) reserve.port());
        name.position(address.six() ? 8 : 4);
        name.put(address.bytes());
        asm.call(SystemCall.BIND, Assembler.result(socket), asm.bytes(name.array()), name.capacity());
        asm.bind(done);
    }

    /**
     * It may never have been admitted, so that nothing of this may fail the rest. The socket is left to the end of the process: before the kernel lets
     * go of one, it waits until nobody uses what was removed by any (nf_tables frees that after a grace period), which takes 10 ms and more.
     */
    private void dismiss(NetworkOperation.Dismiss dismiss) {
        var done = new Assembler.Label();
        int socket = asm.call(SystemCall.SOCKET, AF_NETLINK, SOCK_RAW | Flags.SOCK_CLOEXEC, NETLINK_NETFILTER);
        asm.onError(done);
        send(Assembler.result(socket), Admission.removeAtOnce(dismiss));
        asm.orElseGoOn();
        asm.bind(done);
        wiring.lingers = true;
    }

    private void disconnect(NetworkOperation.Disconnect disconnect) {
        var done = new Assembler.Label();
        int mark = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(disconnect.ifThere()), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
        asm.onError(done);
        asm.call(SystemCall.CLOSE, Assembler.result(mark));
        int socket = asm.call(SystemCall.SOCKET, AF_NETLINK, SOCK_RAW | Flags.SOCK_CLOEXEC, NETLINK_ROUTE);
        asm.onError(done);
        byte[] bytes = RouteMessages.remove(disconnect.link()).bytes();
        asm.call(SystemCall.SENDTO, Assembler.result(socket), asm.bytes(bytes), bytes.length, 0, 0, 0);
        asm.orElseGoOn();
        asm.call(SystemCall.CLOSE, Assembler.result(socket));
        asm.orElseGoOn();
        asm.bind(done);
    }

    /** An engine that is gone has taken its lock with it, and a directory of state may be on a file system without locks: then nobody waits. */
    private void awaitNames(NetworkOperation.AwaitNames names) {
        var done = new Assembler.Label();
        int file = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(names.lock()), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
        asm.onError(done);
        asm.call(SystemCall.FLOCK, Assembler.result(file), LOCK_SHARED);
        asm.orElseGoOn();
        asm.call(SystemCall.CLOSE, Assembler.result(file));
        asm.bind(done);
    }

    private void announce() {
        int far = asm.load(wiring.mapped + 4);
        asm.call(SystemCall.WRITE, Assembler.result(far), asm.string("x"), 1);
        long last = filtering ? FILTER_FD : PLAIN_FD;
        if (open || filtering) {
            asm.call(SystemCall.CLOSE_RANGE, open ? HERE_FD : FILTER_FD, last, 0);
        }
    }
}
