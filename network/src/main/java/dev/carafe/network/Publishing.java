package dev.carafe.network;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.plan.NetworkOperation.Published;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses and leases the host's ports that lead to containers. */
final class Publishing {
    private static final int PORT_ATTEMPTS = 50;

    private final PortLeases portLeases;

    Publishing(PortLeases portLeases) {
        this.portLeases = portLeases;
    }

    /** @param endpoint the one that packets come by */
    List<Published> publish(String container, List<PortSpecification> ports, Network network, Endpoint endpoint) {
        var published = new ArrayList<Published>();
        for (PortSpecification port : ports) {
            List<IpAddress> addresses = addresses(port, network, endpoint);
            int number = lease(container, port, addresses);
            for (IpAddress address : addresses) {
                published.add(new Published(port.protocol(), address, number, endpoint.held(address.six()).orElseThrow().address(), port.port()));
            }
        }
        return published;
    }

    /** The host's addresses that a port is published on. */
    static List<IpAddress> addresses(PortSpecification port, Network network, Endpoint endpoint) {
        var addresses = new ArrayList<IpAddress>();
        if (port.address().isPresent()) {
            addresses.add(port.address().get());
        } else if (network.binding().isPresent()) {
            addresses.add(network.binding().get());
        } else {
            endpoint.held(false).ifPresent(held -> addresses.add(IpAddress.ANY4));
            endpoint.held(true).ifPresent(held -> addresses.add(IpAddress.ANY6));
        }
        for (IpAddress address : addresses) {
            if (endpoint.held(address.six()).isEmpty()) {
                throw Fault.invalid("publish", "port " + port.port() + "/" + port.protocol() + " on " + address,
                        "network \"" + network.name() + "\" has no " + (address.six() ? "IPv6" : "IPv4") + " addresses");
            }
        }
        for (IpAddress address : addresses) {
            if (address.six() && address.isLoopback()) {
                throw Fault.of(Fault.Kind.UNSUPPORTED, "publish", "port " + port.port() + "/" + port.protocol() + " on " + address,
                        "the kernel lets no answer of a container come back to it").hint("publish on 127.0.0.1, which localhost also means");
            }
        }
        return addresses;
    }

    /** The host's port: the one that is wanted, the first one of a range that is free, or any. */
    private int lease(String container, PortSpecification port, List<IpAddress> addresses) {
        if (port.hostFrom() > 0 && port.hostFrom() == port.hostTo()) {
            portLeases.lease(ports(port.protocol(), port.hostFrom(), addresses), container);
            return port.hostFrom();
        }
        for (int attempt = 0; port.hostFrom() > 0 ? port.hostFrom() + attempt <= port.hostTo() : attempt < PORT_ATTEMPTS; attempt++) {
            Optional<Integer> free = FreePort.of(port.protocol(), addresses.getFirst(), port.hostFrom() > 0 ? port.hostFrom() + attempt : 0);
            if (free.isPresent() && ports(port.protocol(), free.get(), addresses).stream().allMatch(portLeases::isFree)) {
                portLeases.lease(ports(port.protocol(), free.get(), addresses), container);
                return free.get();
            }
        }
        throw Fault.of(Fault.Kind.EXHAUSTED, "publish", "port " + port.port() + "/" + port.protocol(),
                port.hostFrom() > 0 ? "all host ports of " + port.hostFrom() + "-" + port.hostTo() + " are in use" : "no free port of the host was found");
    }

    private static List<PortLeases.Port> ports(String protocol, int number, List<IpAddress> addresses) {
        var ports = new ArrayList<PortLeases.Port>();
        addresses.forEach(address -> ports.add(new PortLeases.Port(protocol, address, number)));
        return ports;
    }

    Path path(Published port) {
        return portLeases.path(port(port));
    }

    private static PortLeases.Port port(Published port) {
        return new PortLeases.Port(port.protocol(), port.host(), port.hostPort());
    }

    /** Gives back those of these ports that the container holds. */
    void release(List<Published> ports, String container) {
        for (Published port : ports) {
            portLeases.release(port(port), container);
        }
    }

    /** Gives back all that the container holds. */
    void releaseAll(String container) {
        portLeases.of(container).forEach(port -> portLeases.release(port, container));
    }
}
