package dev.carafe.network;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Links;
import dev.carafe.plan.Connections;
import dev.carafe.plan.NetworkOperation.Published;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a container would be connected by if it started now. Nothing is leased, made or written, so another one may come first. What is chosen by chance at a start
 * stands as zeros: the name of the port of the bridge, and a port of the host that may be any.
 */
public final class Foresight {
    private static final String LINK = "veth0000000";

    private final HostNetlink host;
    private final Networks.Places places;
    private final Definitions definitions;
    private final Leases leases;
    private final RandomGenerator random;

    private Foresight(HostNetlink host, Networks.Places places, RandomGenerator random) {
        this.host = host;
        this.places = places;
        this.definitions = new Definitions(places.definitions());
        this.leases = new Leases(places.leases());
        this.random = random;
    }

    /** @param run the run directory that the container would have */
    public static Connections of(Kernel kernel, Networks.Places places, RandomGenerator random, String container, Path run, List<EndpointRequest> requests,
            List<PortSpecification> ports) {
        try (var host = new HostNetlink(kernel)) {
            return new Foresight(host, places, random).connections(container, run, requests, ports);
        }
    }

    private Connections connections(String container, Path run, List<EndpointRequest> requests, List<PortSpecification> ports) {
        var networks = new ArrayList<Network>();
        for (EndpointRequest request : requests) {
            networks.add(network(request.network()));
        }
        int chosen = EndpointLeases.defaultRoute(requests, networks);
        var endpoints = new ArrayList<Endpoint>();
        var leased = new ArrayList<Path>();
        for (int k = 0; k < requests.size(); k++) {
            Endpoint endpoint = endpoint(networks.get(k), requests.get(k), "eth" + k, k == chosen);
            endpoint.addresses().forEach(held -> leased.add(leases.path(endpoint.networkId(), held.address())));
            endpoints.add(endpoint);
        }
        var published = new ArrayList<Published>();
        if (!ports.isEmpty()) {
            Endpoint carrier = Networks.carrier(endpoints);
            for (PortSpecification port : ports) {
                for (IpAddress address : Publishing.addresses(port, networks.get(endpoints.indexOf(carrier)), carrier)) {
                    published.add(new Published(port.protocol(), address, port.hostFrom(), carrier.held(address.six()).orElseThrow().address(), port.port()));
                }
            }
        }
        return EndpointPlan.of(new Attachment(container, "", endpoints, published, false), places.table(), leased, run);
    }

    private Network network(String text) {
        Optional<Network> known = definitions.find(text);
        if (known.isPresent()) {
            return known.get();
        }
        if (!text.equals(Network.DEFAULT)) {
            throw Networks.unknown(text);
        }
        return NetworkShape.of(NetworkDefinition.usual(places.bridge()), definitions.list(), Links.taken(host.route()), random);
    }

    private Endpoint endpoint(Network network, EndpointRequest request, String device, boolean defaultRoute) {
        EndpointLeases.checkRequest(network, request);
        var held = new ArrayList<Endpoint.Held>();
        for (Pool pool : network.pools()) {
            Optional<IpAddress> wanted = pool.subnet().six() ? request.six() : request.four();
            IpAddress address = wanted.or(() -> leases.next(network.id(), pool)).orElseThrow(() -> Fault.of(Fault.Kind.EXHAUSTED, "plan for", "\"" + network.name() + "\"",
                    "all addresses of " + pool.subnet() + " are taken"));
            held.add(new Endpoint.Held(address, pool.subnet().prefix(), network.internal() ? Optional.empty() : pool.gateway()));
        }
        MacAddress mac = request.mac().orElseGet(() -> EndpointLeases.mac(held, random));
        Endpoint.Wire wire = network.isMacvlan() ? EndpointLeases.shared(network, host)
                : new Endpoint.Wire(network.bridge(), host.bridges().find(network).orElse(0), network.mtu(), !network.converses(), false);
        return new Endpoint("0".repeat(64), network.id(), network.name(), device, wire.shared() ? "" : LINK, mac, held, request.aliases(), defaultRoute, wire);
    }
}
