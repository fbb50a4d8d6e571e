package dev.carafe.network.names;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.Netlink;
import dev.carafe.kernel.NetlinkMessage;
import dev.carafe.kernel.NftMessages;
import dev.carafe.kernel.NftMessages.Family;
import dev.carafe.kernel.NftMessages.Hook;
import dev.carafe.kernel.NftRule;
import dev.carafe.kernel.RouteMessages;
import dev.carafe.kernel.SystemCall;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * What a server has in a container's network namespace: a UDP and a TCP socket on 127.0.0.11, and rules by which port 53 leads to them.
 *
 * <p>They listen on a port of chance, so that the container may run a server of its own on port 53 of every address, as in docker. Packets get the other port written
 * into them on their way through the loopback device; no connection is tracked for that, which would cost all others. The rules stand in a table that belongs
 * to a socket of ours: however this process ends, they go, and a question to port 53 is refused at once.
 */
final class NameSockets implements AutoCloseable {
    /** Docker's, which programs look for to see that they are in a container. */
    static final byte[] ADDRESS = {127, 0, 0, 11};
    private static final int DNS = 53;
    private static final int UDP = 17;
    private static final int TCP = 6;
    private static final String TABLE = "carafe-names";
    /** Before others see the packet. */
    private static final int PRIORITY = -300;
    private static final int O_CLOEXEC = 02000000;
    private static final int AT_FDCWD = -100;
    private static final int BACKLOG = 16;
    private static final int PORT_ATTEMPTS = 20;

    final DatagramChannel datagrams;
    final ServerSocketChannel connections;
    private final Kernel kernel;
    private final Fd namespace;
    private final Netlink rules;

    private NameSockets(Kernel kernel, Fd namespace, DatagramChannel datagrams, ServerSocketChannel connections, Netlink rules) {
        this.kernel = kernel;
        this.namespace = namespace;
        this.datagrams = datagrams;
        this.connections = connections;
        this.rules = rules;
    }

    /**
     * Opens them. A thread of its own enters the namespace for that, and leaves it.
     *
     * @param path of the namespace, such as {@code /proc/PID/ns/net}
     * @throws Fault of kind {@code ALREADY_EXISTS}: somebody serves there already
     */
    static NameSockets open(Kernel kernel, String path) {
        Fd namespace;
        try (Memory text = kernel.string(path)) {
            namespace = new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.OPENAT, AT_FDCWD, text.address(), O_CLOEXEC, 0), "open", "\"" + path + "\""));
        }
        try {
            return Netlink.within(kernel, path(namespace), () -> openHere(kernel, namespace));
        } catch (RuntimeException e) {
            namespace.close();
            throw e;
        }
    }

    private static String path(Fd namespace) {
        return "/proc/self/fd/" + namespace.number();
    }

    private static NameSockets openHere(Kernel kernel, Fd namespace) {
        try (Netlink route = Netlink.open(kernel, Netlink.Family.ROUTE)) {
            // In a namespace that is so new that it has no routes at all, a socket may be bound to any address, and sends from another one.
            route.request(RouteMessages.raise("lo"), "bring up", "lo");
        }
        Netlink rules = Netlink.open(kernel, Netlink.Family.NETFILTER);
        try {
            for (int attempt = 1;; attempt++) {
                DatagramChannel datagrams = DatagramChannel.open(StandardProtocolFamily.INET);
                ServerSocketChannel connections = ServerSocketChannel.open(StandardProtocolFamily.INET);
                try {
                    var any = new InetSocketAddress(InetAddress.getByAddress(ADDRESS), 0);
                    int port = ((InetSocketAddress) datagrams.bind(any).getLocalAddress()).getPort();
                    connections.bind(new InetSocketAddress(any.getAddress(), port), BACKLOG);
                    lead(rules, port);
                    return new NameSockets(kernel, namespace, datagrams, connections, rules);
                } catch (IOException | RuntimeException e) {
                    datagrams.close();
                    connections.close();
                    // A port that is free for one protocol may be taken for the other.
                    if (!(e instanceof BindException) || attempt == PORT_ATTEMPTS) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            rules.close();
            throw Fault.of(Fault.Kind.UNAVAILABLE, "serve names in", path(namespace), String.valueOf(e.getMessage())).cause(e);
        } catch (RuntimeException e) {
            rules.close();
            throw e;
        }
    }

    private static void lead(Netlink rules, int port) {
        var batch = new ArrayList<NetlinkMessage>();
        batch.add(NftMessages.begin());
        batch.add(NftMessages.makeOwnTable(Family.IPV4, TABLE));
        batch.add(NftMessages.makeBaseChain(Family.IPV4, TABLE, "local", "filter", Hook.OUTPUT, PRIORITY));
        for (int protocol : new int[] {UDP, TCP}) {
            batch.add(NftMessages.addRule(Family.IPV4, TABLE, "local", new NftRule().loadDestination4(0).is(0, ADDRESS).loadProtocol(0).is(0, new byte[] {(byte) protocol})
                    .loadDestinationPort(0).is(0, bytes(DNS)).writePort(true, port, protocol)));
            batch.add(NftMessages.addRule(Family.IPV4, TABLE, "local", new NftRule().loadSource4(0).is(0, ADDRESS).loadProtocol(0).is(0, new byte[] {(byte) protocol})
                    .loadSourcePort(0).is(0, bytes(port)).writePort(false, DNS, protocol)));
        }
        batch.add(NftMessages.end());
        int error = rules.transact(batch);
        if (error == Errno.EEXIST.number() || error == Errno.EPERM.number()) {
            throw Fault.of(Fault.Kind.ALREADY_EXISTS, "serve names", "table \"" + TABLE + "\"", "another engine does");
        }
        if (error != 0) {
            throw Fault.of(Errno.of(error), "serve names", "table \"" + TABLE + "\"");
        }
    }

    private static byte[] bytes(int port) {
        return new byte[] {(byte) (port >> 8), (byte) port};
    }

    /** Makes a socket in the container's namespace. */
    <T> T make(Callable<T> socket) throws IOException {
        var failure = new ArrayList<IOException>();
        List<T> made = Netlink.within(kernel, path(namespace), () -> {
            try {
                return List.of(socket.call());
            } catch (Exception e) {
                failure.add(e instanceof IOException io ? io : new IOException(e));
                return List.<T>of();
            }
        });
        if (made.isEmpty()) {
            throw failure.getFirst();
        }
        return made.getFirst();
    }

    @Override
    public void close() {
        rules.close();
        namespace.close();
        try {
            datagrams.close();
            connections.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
