package dev.carafe.kernel;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What links, addresses and routes there are in a network namespace: rtnetlink(7). */
public final class Links {
    private static final int RTA_DST = 1;
    private static final int IFA_ADDRESS = 1;
    private static final int TABLE_MAIN = 254;

    private Links() {
    }

    /**
     * A link.
     *
     * @param index its number in its namespace
     * @param master the number of the bridge that it is a port of; 0: none
     */
    public record Link(int index, String name, boolean up, int mtu, int master) {
    }

    public static Optional<Link> find(Netlink route, String name) {
        try {
            return Optional.of(link(route.ask(RouteMessages.getLink(name), "find", "link \"" + name + "\"").getFirst()));
        } catch (Fault absent) {
            if (absent.errno().equals(Optional.of(Errno.ENODEV))) {
                return Optional.empty();
            }
            throw absent;
        }
    }

    public static List<Link> all(Netlink route) {
        var links = new ArrayList<Link>();
        for (NetlinkReply reply : route.ask(RouteMessages.links(), "list", "links")) {
            links.add(link(reply));
        }
        return links;
    }

    private static Link link(NetlinkReply reply) {
        return new Link(reply.int32(4), reply.text(RouteMessages.LINK_BYTES, RouteMessages.IFLA_NAME).orElse(""), (reply.int32(8) & 1) != 0,
                reply.number(RouteMessages.LINK_BYTES, RouteMessages.IFLA_MTU).orElse(0), reply.number(RouteMessages.LINK_BYTES, RouteMessages.IFLA_MASTER).orElse(0));
    }

    /** The blocks that the namespace's routes lead to, and those that its own addresses stand in; default routes are left out. */
    public static List<Subnet> taken(Netlink route) {
        var blocks = new ArrayList<Subnet>();
        for (boolean six : new boolean[] {false, true}) {
            for (NetlinkReply reply : route.ask(RouteMessages.routes(six), "list", "routes")) {
                Optional<byte[]> to = reply.attribute(RouteMessages.ROUTE_BYTES, RTA_DST);
                if (to.isPresent() && reply.int8(1) > 0 && reply.int8(4) == TABLE_MAIN) {
                    blocks.add(Subnet.around(IpAddress.of(to.get()), reply.int8(1)));
                }
            }
        }
        for (NetlinkReply reply : route.ask(RouteMessages.addresses(), "list", "addresses")) {
            Optional<byte[]> address = reply.attribute(RouteMessages.ADDRESS_BYTES, IFA_ADDRESS);
            if (address.isPresent()) {
                blocks.add(Subnet.around(IpAddress.of(address.get()), reply.int8(1)));
            }
        }
        return blocks;
    }
}
