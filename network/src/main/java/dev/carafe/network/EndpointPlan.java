package dev.carafe.network;

import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.plan.Connections;
import dev.carafe.plan.MonitorOperation;
import dev.carafe.plan.NetworkOperation;
import dev.carafe.plan.NetworkOperation.Published;
import dev.carafe.plan.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts together what connects endpoints, as operations. Pure. */
final class EndpointPlan {
    private EndpointPlan() {
    }

    /**
     * @param table the name of the packet filter's tables
     * @param leases the files that are removed when the container has ended
     * @param run the container's run directory
     */
    static Connections of(Attachment attachment, String table, List<Path> leases, Path run) {
        var make = new ArrayList<NetworkOperation>();
        for (Published port : attachment.ports()) {
            make.add(new NetworkOperation.Reserve(port.protocol(), port.host(), port.hostPort()));
        }
        var release = new ArrayList<Operation>();
        for (Endpoint endpoint : attachment.endpoints()) {
            make.addAll(endpoint(endpoint, table, portsOf(attachment, endpoint)));
            if (!endpoint.link().isEmpty()) {
                release.add(new NetworkOperation.Disconnect(endpoint.link(), run.resolve(Attachment.SHARED).toString()));
            }
        }
        if (attachment.served()) {
            make.add(new NetworkOperation.AwaitNames(run.resolve(Attachment.NAMES).toString()));
        }
        for (Path lease : leases) {
            release.add(new MonitorOperation.Forget(lease.toString()));
        }
        return new Connections(make, release);
    }

    static List<Published> portsOf(Attachment attachment, Endpoint endpoint) {
        var ports = new ArrayList<Published>();
        for (Published port : attachment.ports()) {
            for (Endpoint.Held held : endpoint.addresses()) {
                if (held.address().equals(port.container())) {
                    ports.add(port);
                }
            }
        }
        return ports;
    }

    /** What connects one endpoint, in a container that starts or that runs. */
    static List<NetworkOperation> endpoint(Endpoint endpoint, String table, List<Published> ports) {
        var make = new ArrayList<NetworkOperation>();
        Endpoint.Wire wire = endpoint.wire();
        String device = endpoint.device();
        make.add(wire.shared() ? new NetworkOperation.Share(wire.name(), wire.index(), device, endpoint.mac(), wire.mtu())
                : new NetworkOperation.Connect(endpoint.link(), wire.name(), wire.index(), device, endpoint.mac(), wire.mtu(), wire.isolated(), !ports.isEmpty()));
        boolean six = endpoint.held(true).isPresent();
        make.add(six ? new NetworkOperation.Parameter("net/ipv6/conf/" + device + "/accept_ra", "0", "no neighbour may say how this container is reached")
                : new NetworkOperation.Parameter("net/ipv6/conf/" + device + "/disable_ipv6", "1", "the network has no IPv6 addresses"));
        for (Endpoint.Held held : endpoint.addresses()) {
            make.add(new NetworkOperation.Assign(device, held.address(), held.prefix()));
        }
        make.add(new NetworkOperation.Raise(device));
        for (Endpoint.Held held : endpoint.addresses()) {
            if (endpoint.defaultRoute() && held.gateway().isPresent()) {
                make.add(new NetworkOperation.Route(Optional.empty(), held.gateway().get()));
            }
        }
        if (!wire.shared()) {
            make.add(admit(endpoint, table, ports));
        }
        return make;
    }

    static NetworkOperation.Admit admit(Endpoint endpoint, String table, List<Published> ports) {
        var addresses = new ArrayList<IpAddress>();
        endpoint.addresses().forEach(held -> addresses.add(held.address()));
        if (endpoint.held(true).isPresent()) {
            addresses.add(linkLocal(endpoint.mac()));
        }
        return new NetworkOperation.Admit(table, endpoint.link(), endpoint.mac(), addresses, ports);
    }

    /** The address that the kernel makes for a device itself: RFC 4291, appendix A. */
    static IpAddress linkLocal(MacAddress mac) {
        long value = mac.value();
        long low = (value >>> 24 ^ 0x020000) << 40 | 0xfffeL << 24 | value & 0xffffff;
        return new IpAddress(true, 0xfe80L << 48, low);
    }
}
