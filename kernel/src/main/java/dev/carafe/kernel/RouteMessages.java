package dev.carafe.kernel;

import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.base.Subnet;
import java.util.Optional;

/** Messages about links, addresses and routes: rtnetlink(7), veth(4). Each is one request; links are named by name unless said otherwise. */
public final class RouteMessages {
    public static final int NEWLINK = 16;
    public static final int DELLINK = 17;
    public static final int GETLINK = 18;
    public static final int SETLINK = 19;
    public static final int NEWADDR = 20;
    public static final int GETADDR = 22;
    public static final int NEWROUTE = 24;
    public static final int GETROUTE = 26;
    /** struct ifinfomsg. */
    public static final int LINK_BYTES = 16;
    /** struct ifaddrmsg; the link's index is its last four bytes. */
    public static final int ADDRESS_BYTES = 8;
    /** struct rtmsg. */
    public static final int ROUTE_BYTES = 12;
    public static final int IFLA_ADDRESS = 1;
    public static final int IFLA_NAME = 3;
    public static final int IFLA_MTU = 4;
    public static final int IFLA_MASTER = 10;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int UP = 1;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int INFO_KIND = 1;
    private static final int INFO_DATA = 2;
    private static final int INFO_SLAVE_KIND = 4;
    private static final int INFO_SLAVE_DATA = 5;
    private static final int VETH_PEER = 1;
    private static final int MACVLAN_MODE = 1;
    private static final int MACVLAN_BRIDGE = 4;
    private static final int BRPORT_MODE = 4;
    private static final int BRPORT_ISOLATED = 33;
    private static final int INET6_ADDR_GEN_MODE = 8;
    private static final int GENERATE_NONE = 1;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_BROADCAST = 4;
    private static final int IFA_F_NODAD = 2;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int TABLE_MAIN = 254;
    private static final int PROTOCOL_STATIC = 4;
    private static final int PROTOCOL_BOOT = 3;
    private static final int SCOPE_LINK = 253;
    private static final int UNICAST = 1;

    private RouteMessages() {
    }

    private static NetlinkMessage link(int type, int flags, int index, int state, int change) {
        return new NetlinkMessage(type, flags).put8(0).put8(0).put16(0).put32(index).put32(state).put32(change);
    }

    private static NetlinkMessage structure(NetlinkMessage message) {
        return message.put8(0).put8(0).put16(0).put32(0).put32(0).put32(0);
    }

    /** Asks for one link. */
    public static NetlinkMessage getLink(String name) {
        return link(GETLINK, 0, 0, 0, 0).attribute(IFLA_NAME, name);
    }

    /** Asks for all links. */
    public static NetlinkMessage links() {
        return link(GETLINK, NetlinkMessage.DUMP, 0, 0, 0);
    }

    /** A new bridge that is up. With an address of its own it keeps that, whatever its ports are. */
    public static NetlinkMessage makeBridge(String name, MacAddress mac, int mtu) {
        NetlinkMessage message = link(NEWLINK, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE, 0, 0, 0).attribute(IFLA_NAME, name).attribute(IFLA_ADDRESS, mac.bytes())
                .attribute32(IFLA_MTU, mtu);
        int kind = message.begin(IFLA_LINKINFO);
        return message.attribute(INFO_KIND, "bridge").end(kind);
    }

    /**
     * A pair of virtual devices: one here, on a bridge, the other one in the namespace whose descriptor the sender has under that number.
     *
     * @param bridge the index of the bridge
     */
    public static NetlinkMessage makePair(String here, int bridge, String there, MacAddress mac, int mtu, int namespace) {
        NetlinkMessage message = link(NEWLINK, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE, 0, 0, 0).attribute(IFLA_NAME, here).attribute32(IFLA_MTU, mtu)
                .attribute32(IFLA_MASTER, bridge);
        int info = message.begin(IFLA_LINKINFO);
        message.attribute(INFO_KIND, "veth");
        int data = message.begin(INFO_DATA);
        int peer = message.begin(VETH_PEER);
        structure(message).attribute(IFLA_NAME, there).attribute(IFLA_ADDRESS, mac.bytes()).attribute32(IFLA_MTU, mtu).attribute32(IFLA_NET_NS_FD, namespace);
        return message.end(peer).end(data).end(info);
    }

    /** A device in that namespace that shares another one of this namespace, in bridge mode. */
    public static NetlinkMessage makeMacvlan(String name, int parent, MacAddress mac, int mtu, int namespace) {
        NetlinkMessage message = link(NEWLINK, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE, 0, 0, 0).attribute(IFLA_NAME, name).attribute(IFLA_ADDRESS, mac.bytes())
                .attribute32(IFLA_LINK, parent).attribute32(IFLA_NET_NS_FD, namespace);
        if (mtu > 0) {
            message.attribute32(IFLA_MTU, mtu);
        }
        int info = message.begin(IFLA_LINKINFO);
        message.attribute(INFO_KIND, "macvlan");
        int data = message.begin(INFO_DATA);
        return message.attribute32(MACVLAN_MODE, MACVLAN_BRIDGE).end(data).end(info);
    }

    /** A bridge's port makes no IPv6 address for itself; an isolated one exchanges frames with the bridge's own device only (Linux 4.18); one in hairpin mode gets back what
     * it sent to itself. */
    public static NetlinkMessage settlePort(String name, boolean isolated, boolean hairpin) {
        NetlinkMessage message = noOwnAddress(name);
        if (isolated || hairpin) {
            int info = message.begin(IFLA_LINKINFO);
            message.attribute(INFO_SLAVE_KIND, "bridge");
            int data = message.begin(INFO_SLAVE_DATA);
            if (isolated) {
                message.attribute8(BRPORT_ISOLATED, 1);
            }
            if (hairpin) {
                message.attribute8(BRPORT_MODE, 1);
            }
            message.end(data).end(info);
        }
        return message;
    }

    /** The link makes no IPv6 address for itself when it goes up. */
    public static NetlinkMessage noOwnAddress(String name) {
        NetlinkMessage message = link(NEWLINK, 0, 0, 0, 0).attribute(IFLA_NAME, name);
        int families = message.begin(IFLA_AF_SPEC);
        int six = message.begin(AF_INET6);
        return message.attribute8(INET6_ADDR_GEN_MODE, GENERATE_NONE).end(six).end(families);
    }

    public static NetlinkMessage raise(String name) {
        return link(NEWLINK, 0, 0, UP, UP).attribute(IFLA_NAME, name);
    }

    public static NetlinkMessage remove(String name) {
        return link(DELLINK, 0, 0, 0, 0).attribute(IFLA_NAME, name);
    }

    /** The link, which must be down, gets another name. */
    public static NetlinkMessage rename(int index, String name) {
        return link(SETLINK, 0, index, 0, 0).attribute(IFLA_NAME, name);
    }

    /** The link goes to the namespace whose descriptor the sender has under that number. */
    public static NetlinkMessage move(String name, int namespace) {
        return link(NEWLINK, 0, 0, 0, 0).attribute(IFLA_NAME, name).attribute32(IFLA_NET_NS_FD, namespace);
    }

    /** @param index of the link */
    public static NetlinkMessage addAddress(int index, IpAddress address, int prefix) {
        NetlinkMessage message = new NetlinkMessage(NEWADDR, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE).put8(address.six() ? AF_INET6 : AF_INET).put8(prefix)
                .put8(address.six() ? IFA_F_NODAD : 0).put8(0).put32(index).attribute(IFA_LOCAL, address.bytes()).attribute(IFA_ADDRESS, address.bytes());
        if (!address.six()) {
            message.attribute(IFA_BROADCAST, Subnet.around(address, prefix).last().bytes());
        }
        return message;
    }

    /** A way to a destination by a neighbour; no destination: everywhere. */
    public static NetlinkMessage addRoute(Optional<Subnet> destination, IpAddress gateway) {
        NetlinkMessage message = new NetlinkMessage(NEWROUTE, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE).put8(gateway.six() ? AF_INET6 : AF_INET)
                .put8(destination.isPresent() ? destination.get().prefix() : 0).put8(0).put8(0).put8(TABLE_MAIN)
                .put8(destination.isPresent() ? PROTOCOL_STATIC : PROTOCOL_BOOT).put8(0).put8(UNICAST).put32(0);
        if (destination.isPresent()) {
            message.attribute(RTA_DST, destination.get().first().bytes());
        }
        return message.attribute(RTA_GATEWAY, gateway.bytes());
    }

    /** Everything is reached through the link itself: a default route without a gateway. @param index of the link */
    public static NetlinkMessage addLinkRoute(int index, boolean six) {
        return new NetlinkMessage(NEWROUTE, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE).put8(six ? AF_INET6 : AF_INET).put8(0).put8(0).put8(0).put8(TABLE_MAIN)
                .put8(PROTOCOL_BOOT).put8(SCOPE_LINK).put8(UNICAST).put32(0).attribute32(RTA_OIF, index);
    }

    /** Asks for all routes of one version. */
    public static NetlinkMessage routes(boolean six) {
        return new NetlinkMessage(GETROUTE, NetlinkMessage.DUMP).put8(six ? AF_INET6 : AF_INET).put8(0).put8(0).put8(0).put8(0).put8(0).put8(0).put8(0).put32(0);
    }

    /** Asks for all addresses of both versions. */
    public static NetlinkMessage addresses() {
        return new NetlinkMessage(GETADDR, NetlinkMessage.DUMP).put8(0).put8(0).put8(0).put8(0).put32(0);
    }
}
