package dev.carafe.engine;

import java.util.List;
import java.util.Optional;

/**
 * How a container is reached and what it is called.
 *
 * @param mode which network it is on: usual, none, host, another container's, or a named one
 * @param hostname its host name; absent: the first twelve digits of its id, or the host's own where it shares that
 * @param domainname its NIS domain name
 * @param publish its ports that the host hands on, each as docker writes it: {@code [[ADDRESS:]HOST:]PORT[/PROTOCOL]}, with ranges
 * @param publishAll whether every exposed port is handed on from some port of the host
 * @param expose further ports that it says it listens on: {@code PORT[/PROTOCOL]}, with ranges
 */
public record NetworkOptions(NamespaceMode mode, Optional<String> hostname, Optional<String> domainname, List<String> publish, boolean publishAll,
        List<String> expose) {
    /** All as usual. */
    public static final NetworkOptions NONE = new NetworkOptions(new NamespaceMode.Usual(), Optional.empty(), Optional.empty(), List.of(), false,
            List.of());

    public NetworkOptions {
        publish = List.copyOf(publish);
        expose = List.copyOf(expose);
    }

    public NetworkOptions mode(NamespaceMode other) {
        return new NetworkOptions(other, hostname, domainname, publish, publishAll, expose);
    }

    public NetworkOptions hostname(String name) {
        return new NetworkOptions(mode, Optional.of(name), domainname, publish, publishAll, expose);
    }

    public NetworkOptions domainname(String name) {
        return new NetworkOptions(mode, hostname, Optional.of(name), publish, publishAll, expose);
    }

    public NetworkOptions publish(List<String> ports) {
        return new NetworkOptions(mode, hostname, domainname, ports, publishAll, expose);
    }

    public NetworkOptions publishAll(boolean all) {
        return new NetworkOptions(mode, hostname, domainname, publish, all, expose);
    }

    public NetworkOptions expose(List<String> ports) {
        return new NetworkOptions(mode, hostname, domainname, publish, publishAll, ports);
    }
}
