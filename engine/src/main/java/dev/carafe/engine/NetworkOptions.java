package dev.carafe.engine;

import dev.carafe.network.EndpointRequest;
import dev.carafe.network.Network;
import java.util.List;
import java.util.Optional;

/**
 * How a container is reached and what it is called.
 *
 * @param mode which network it is on: usual, none, host, another container's, or a named one
 * @param endpoints what it asks for on its networks, where that is more than the mode says
 * @param hostname its host name; absent: the first twelve digits of its id, or the host's own where it shares that
 * @param domainname its NIS domain name
 * @param publish its ports that the host hands on, each as docker writes it: {@code [[ADDRESS:]HOST:]PORT[/PROTOCOL]}, with ranges
 * @param publishAll whether every exposed port is handed on from some port of the host
 * @param expose further ports that it says it listens on: {@code PORT[/PROTOCOL]}, with ranges
 * @param resolver whom it asks for names
 * @param hosts further lines of its /etc/hosts: {@code NAME:ADDRESS}, where {@code host-gateway} stands for the host's address
 */
public record NetworkOptions(NamespaceMode mode, List<EndpointRequest> endpoints, Optional<String> hostname, Optional<String> domainname, List<String> publish,
        boolean publishAll, List<String> expose, Resolver resolver, List<String> hosts) {
    /**
     * Whom a container asks for names (resolv.conf(5)); what is not said is the host's.
     *
     * @param servers addresses
     * @param search domains that names without a dot are looked for in; a dot alone: none
     */
    public record Resolver(List<String> servers, List<String> search, List<String> options) {
        public static final Resolver NONE = new Resolver(List.of(), List.of(), List.of());

        public Resolver {
            servers = List.copyOf(servers);
            search = List.copyOf(search);
            options = List.copyOf(options);
        }
    }

    /** All as usual. */
    public static final NetworkOptions NONE = new NetworkOptions(new NamespaceMode.Usual(), List.of(), Optional.empty(), Optional.empty(), List.of(), false,
            List.of(), Resolver.NONE, List.of());

    public NetworkOptions {
        endpoints = List.copyOf(endpoints);
        publish = List.copyOf(publish);
        expose = List.copyOf(expose);
        hosts = List.copyOf(hosts);
    }

    /** What it asks for on each network that it is to be connected with; nothing where it has none, or another one's. */
    public List<EndpointRequest> requests() {
        if (!endpoints.isEmpty()) {
            return endpoints;
        }
        if (mode instanceof NamespaceMode.Usual) {
            return List.of(EndpointRequest.of(Network.DEFAULT));
        }
        return mode instanceof NamespaceMode.Named named ? List.of(EndpointRequest.of(named.name())) : List.of();
    }

    /** Whether it asks for a network whose containers have names for each other: any but the usual one. */
    boolean hasNeighbours() {
        for (EndpointRequest request : requests()) {
            if (!request.network().equals(Network.DEFAULT)) {
                return true;
            }
        }
        return false;
    }

    public NetworkOptions mode(NamespaceMode other) {
        return new NetworkOptions(other, endpoints, hostname, domainname, publish, publishAll, expose, resolver, hosts);
    }

    public NetworkOptions endpoints(List<EndpointRequest> requests) {
        return new NetworkOptions(mode, requests, hostname, domainname, publish, publishAll, expose, resolver, hosts);
    }

    public NetworkOptions hostname(String name) {
        return new NetworkOptions(mode, endpoints, Optional.of(name), domainname, publish, publishAll, expose, resolver, hosts);
    }

    public NetworkOptions domainname(String name) {
        return new NetworkOptions(mode, endpoints, hostname, Optional.of(name), publish, publishAll, expose, resolver, hosts);
    }

    public NetworkOptions publish(List<String> ports) {
        return new NetworkOptions(mode, endpoints, hostname, domainname, ports, publishAll, expose, resolver, hosts);
    }

    public NetworkOptions publishAll(boolean all) {
        return new NetworkOptions(mode, endpoints, hostname, domainname, publish, all, expose, resolver, hosts);
    }

    public NetworkOptions expose(List<String> ports) {
        return new NetworkOptions(mode, endpoints, hostname, domainname, publish, publishAll, ports, resolver, hosts);
    }

    public NetworkOptions resolver(Resolver other) {
        return new NetworkOptions(mode, endpoints, hostname, domainname, publish, publishAll, expose, other, hosts);
    }

    public NetworkOptions hosts(List<String> lines) {
        return new NetworkOptions(mode, endpoints, hostname, domainname, publish, publishAll, expose, resolver, lines);
    }
}
