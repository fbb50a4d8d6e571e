package dev.carafe.network;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.kernel.Links;
import dev.carafe.kernel.Netlink;
import dev.carafe.kernel.RouteMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Makes and removes the bridge of a network. A bridge that is up is complete; one that is not was left by somebody who was killed, and is completed. */
final class Bridges {
    private static final Path SYSTEM = Path.of("/proc/sys/net");

    private final Netlink route;

    Bridges(Netlink route) {
        this.route = route;
    }

    /** The bridge's index, where it is complete. */
    Optional<Integer> find(Network network) {
        Optional<Links.Link> link = Links.find(route, network.bridge());
        return link.isPresent() && link.get().up() ? Optional.of(link.get().index()) : Optional.empty();
    }

    /** Makes it, but for bringing it up. */
    void make(Network network) {
        String name = network.bridge();
        Optional<IpAddress> four = network.pool(false).flatMap(Pool::gateway);
        MacAddress mac = four.isPresent() ? MacAddress.of(four.get()) : MacAddress.parse("02:42:00:00:00:01");
        int made = route.attempt(RouteMessages.makeBridge(name, mac, network.mtu()));
        if (made != 0 && made != Errno.EEXIST.number()) {
            Fault fault = Fault.of(Errno.of(made), "make bridge", "\"" + name + "\"");
            throw made == Errno.EPERM.number() ? fault.hint("networks need CAP_NET_ADMIN; use --network none or host")
                    : made == Errno.EOPNOTSUPP.number() ? fault.hint("this kernel has no bridges; use --network none or host") : fault;
        }
        int index = Links.find(route, name).orElseThrow(() -> Fault.notFound("find", "bridge \"" + name + "\"", "it vanished")).index();
        if (!network.six()) {
            set("ipv6/conf/" + name + "/disable_ipv6", "1");
        }
        set("ipv4/conf/" + name + "/route_localnet", "1");
        for (Pool pool : network.pools()) {
            if (pool.gateway().isPresent()) {
                int given = route.attempt(RouteMessages.addAddress(index, pool.gateway().get(), pool.subnet().prefix()));
                if (given != 0 && given != Errno.EEXIST.number()) {
                    throw Fault.of(Errno.of(given), "give bridge", "\"" + name + "\" the address " + pool.gateway().get());
                }
            }
        }
        if (!network.internal()) {
            forward(network);
        }
    }

    /** Containers reach the outside, and the outside published ports, only when the host forwards. */
    private static void forward(Network network) {
        set("ipv4/ip_forward", "1");
        if (network.six()) {
            set("ipv6/conf/all/forwarding", "1");
        }
    }

    int raise(Network network) {
        route.request(RouteMessages.raise(network.bridge()), "bring up", "bridge \"" + network.bridge() + "\"");
        return find(network).orElseThrow(() -> Fault.notFound("find", "bridge \"" + network.bridge() + "\"", "it vanished"));
    }

    void remove(Network network) {
        removeLink(network.bridge());
    }

    /** A link that is not there is no failure. */
    void removeLink(String name) {
        int error = route.attempt(RouteMessages.remove(name));
        if (error != 0 && error != Errno.ENODEV.number()) {
            throw Fault.of(Errno.of(error), "remove", "link \"" + name + "\"");
        }
    }

    private static void set(String parameter, String value) {
        Path file = SYSTEM.resolve(parameter);
        try {
            if (Files.exists(file) && !Files.readString(file).trim().equals(value)) {
                Files.writeString(file, value);
            }
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.PERMISSION, "set", "\"net." + parameter.replace('/', '.') + "\" to " + value, String.valueOf(e.getMessage())).cause(e)
                    .hint("use --network none or host");
        }
    }
}
