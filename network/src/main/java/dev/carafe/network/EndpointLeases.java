package dev.carafe.network;

import dev.carafe.base.ContainerId;
import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.kernel.Links;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Finds what a container gets on one network: addresses, which it leases, a device's address and name, and what of the host it is connected with. */
final class EndpointLeases {
    private final HostNetlink host;
    private final Groundwork groundwork;
    private final Leases leases;
    private final RandomGenerator random;

    EndpointLeases(HostNetlink host, Groundwork groundwork, Leases leases, RandomGenerator random) {
        this.host = host;
        this.groundwork = groundwork;
        this.leases = leases;
        this.random = random;
    }

    /** Leases all or nothing. */
    Endpoint lease(String container, Network network, EndpointRequest request, String device, boolean defaultRoute) {
        checkRequest(network, request);
        Endpoint.Wire wire = wire(network);
        var held = new ArrayList<Endpoint.Held>();
        try {
            for (Pool pool : network.pools()) {
                Optional<IpAddress> wanted = pool.subnet().six() ? request.six() : request.four();
                IpAddress address;
                if (wanted.isPresent()) {
                    leases.lease(network.id(), network.name(), pool, wanted.get(), container);
                    address = wanted.get();
                } else {
                    address = leases.lease(network.id(), network.name(), pool, container);
                }
                held.add(new Endpoint.Held(address, pool.subnet().prefix(), network.internal() ? Optional.empty() : pool.gateway()));
            }
        } catch (RuntimeException e) {
            held.forEach(one -> leases.release(network.id(), one.address(), container));
            throw e;
        }
        MacAddress mac = request.mac().orElseGet(() -> mac(held));
        String link = wire.shared() ? "" : "veth" + Long.toHexString(random.nextLong(1L << 28) | 1L << 28).substring(1);
        return new Endpoint(ContainerId.random(random).hex(), network.id(), network.name(), device, link, mac, held, request.aliases(), defaultRoute, wire);
    }

    private MacAddress mac(List<Endpoint.Held> held) {
        return mac(held, random);
    }

    /** Docker's: of the IPv4 address where there is one. */
    static MacAddress mac(List<Endpoint.Held> held, RandomGenerator random) {
        for (Endpoint.Held one : held) {
            if (!one.address().six()) {
                return MacAddress.of(one.address());
            }
        }
        return new MacAddress(0x0242L << 32 | random.nextLong(1L << 32));
    }

    /** Which of the networks everything else is reached by: not an internal one, of high priority, the first one by name; -1: none. */
    static int defaultRoute(List<EndpointRequest> requests, List<Network> networks) {
        int best = -1;
        for (int k = 0; k < requests.size(); k++) {
            if (networks.get(k).internal()) {
                continue;
            }
            if (best < 0 || requests.get(k).priority() > requests.get(best).priority()
                    || requests.get(k).priority() == requests.get(best).priority() && requests.get(k).network().compareTo(requests.get(best).network()) < 0) {
                best = k;
            }
        }
        return best;
    }

    static void checkRequest(Network network, EndpointRequest request) {
        for (Optional<IpAddress> wanted : List.of(request.four(), request.six())) {
            if (wanted.isPresent() && network.isDefault()) {
                throw Fault.invalid("connect with", "\"" + network.name() + "\"", "user specified IP address is supported on user defined networks only");
            }
            if (wanted.isPresent() && network.pool(wanted.get().six()).isEmpty()) {
                throw Fault.invalid("connect with", "\"" + network.name() + "\"", "it has no subnet that " + wanted.get() + " could be in");
            }
        }
        if (!request.aliases().isEmpty() && network.isDefault()) {
            throw Fault.invalid("connect with", "\"" + network.name() + "\"", "network-scoped alias is supported only for containers in user defined networks");
        }
    }

    private Endpoint.Wire wire(Network network) {
        if (network.isMacvlan()) {
            return shared(network, host);
        }
        return new Endpoint.Wire(network.bridge(), groundwork.ready(network), network.mtu(), !network.converses(), false);
    }

    /** The host's device that a macvlan network shares. */
    static Endpoint.Wire shared(Network network, HostNetlink host) {
        String parent = network.parent().orElseThrow();
        int index = Links.find(host.route(), parent).orElseThrow(() -> Fault.notFound("connect with", "\"" + network.name() + "\"", "the host has no device " + parent)).index();
        int mtu = network.options().containsKey(Network.OPTION_MTU) ? network.mtu() : 0;
        return new Endpoint.Wire(parent, index, mtu, false, true);
    }
}
