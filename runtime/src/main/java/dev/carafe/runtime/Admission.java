package dev.carafe.runtime;

import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.kernel.NetlinkMessage;
import dev.carafe.kernel.NftMessages;
import dev.carafe.kernel.NftMessages.Element;
import dev.carafe.kernel.NftMessages.Family;
import dev.carafe.kernel.NftMessages.Type;
import dev.carafe.plan.NetworkOperation;
import dev.carafe.plan.NetworkOperation.Published;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What an endpoint is to the packet filter: elements of sets that fixed rules look into, so that any number of endpoints costs each packet the same. Here
 * are the sets, and the transactions that enter and remove an endpoint; the rules are made by those who make networks.
 */
public final class Admission {
    /** Protocol and port of every address of the host, to address and port of a container. */
    public static final String PUBLISHED4 = "published4";
    public static final String PUBLISHED6 = "published6";
    /** The same for one address of the host. */
    public static final String PUBLISHED4_AT = "published4_at";
    public static final String PUBLISHED6_AT = "published6_at";
    /** Each address that publishes a port, twice: who calls itself by way of the host. */
    public static final String SELVES4 = "selves4";
    public static final String SELVES6 = "selves6";
    /** Ports of bridges that belong to endpoints. */
    public static final String LINKS = "links";
    /** Which device sends from which port. */
    public static final String MACS = "macs";
    /** Which addresses send from which port. */
    public static final String HOLDERS4 = "holders4";
    public static final String HOLDERS6 = "holders6";

    /**
     * A set, or a map when there is a value.
     *
     * @param note what is in it, for people
     */
    public record Table(Family family, String name, List<Type> key, List<Type> value, String note) {
    }

    /** All that endpoints are entered into. */
    public static final List<Table> SETS = List.of(
            new Table(Family.INET, PUBLISHED4, List.of(Type.PROTOCOL, Type.SERVICE), List.of(Type.IPV4, Type.SERVICE), "ports published on every IPv4 address"),
            new Table(Family.INET, PUBLISHED4_AT, List.of(Type.IPV4, Type.PROTOCOL, Type.SERVICE), List.of(Type.IPV4, Type.SERVICE), "ports published on one IPv4 address"),
            new Table(Family.INET, PUBLISHED6, List.of(Type.PROTOCOL, Type.SERVICE), List.of(Type.IPV6, Type.SERVICE), "ports published on every IPv6 address"),
            new Table(Family.INET, PUBLISHED6_AT, List.of(Type.IPV6, Type.PROTOCOL, Type.SERVICE), List.of(Type.IPV6, Type.SERVICE), "ports published on one IPv6 address"),
            new Table(Family.INET, SELVES4, List.of(Type.IPV4, Type.IPV4), List.of(), "containers that publish ports, as callers of themselves"),
            new Table(Family.INET, SELVES6, List.of(Type.IPV6, Type.IPV6), List.of(), "the same for IPv6"),
            new Table(Family.BRIDGE, LINKS, List.of(Type.LINK_NAME), List.of(), "ports of bridges that belong to endpoints"),
            new Table(Family.BRIDGE, MACS, List.of(Type.LINK_NAME, Type.ETHERNET), List.of(), "the device behind each port"),
            new Table(Family.BRIDGE, HOLDERS4, List.of(Type.LINK_NAME, Type.IPV4), List.of(), "the IPv4 addresses behind each port"),
            new Table(Family.BRIDGE, HOLDERS6, List.of(Type.LINK_NAME, Type.IPV6), List.of(), "the IPv6 addresses behind each port"));

    private Admission() {
    }

    /** The transaction that enters an endpoint. @param again whether it may be there already */
    public static List<NetlinkMessage> enter(NetworkOperation.Admit admit, boolean again) {
        var batch = new ArrayList<NetlinkMessage>();
        batch.add(NftMessages.begin());
        for (Table set : SETS) {
            List<Element> elements = elements(set.name(), admit.link(), admit.mac(), admit.addresses(), admit.ports());
            if (!elements.isEmpty()) {
                batch.add(NftMessages.addElements(set.family(), admit.table(), set.name(), elements, !again && !set.value().isEmpty()));
            }
        }
        batch.add(NftMessages.end());
        return batch;
    }

    /** The transactions that remove an endpoint, each of which may find that nothing is there. */
    public static List<List<NetlinkMessage>> remove(NetworkOperation.Dismiss dismiss) {
        var batches = new ArrayList<List<NetlinkMessage>>();
        for (Table set : SETS) {
            List<Element> elements = elements(set.name(), dismiss.link(), dismiss.mac(), dismiss.addresses(), dismiss.ports());
            if (!elements.isEmpty()) {
                batches.add(List.of(NftMessages.begin(), NftMessages.removeElements(set.family(), dismiss.table(), set.name(), elements), NftMessages.end()));
            }
        }
        return batches;
    }

    /** As {@link #remove}, in one transaction, which does nothing when anything is not there. */
    static List<NetlinkMessage> removeAtOnce(NetworkOperation.Dismiss dismiss) {
        var batch = new ArrayList<NetlinkMessage>();
        batch.add(NftMessages.begin());
        for (List<NetlinkMessage> one : remove(dismiss)) {
            batch.add(one.get(1));
        }
        batch.add(NftMessages.end());
        return batch;
    }

    private static List<Element> elements(String set, String link, MacAddress mac, List<IpAddress> addresses, List<Published> ports) {
        var elements = new ArrayList<Element>();
        byte[] name = linkName(link);
        if (set.equals(LINKS)) {
            elements.add(new Element(name, new byte[0]));
        } else if (set.equals(MACS)) {
            elements.add(new Element(join(name, mac.bytes()), new byte[0]));
        } else if (set.equals(SELVES4) || set.equals(SELVES6)) {
            for (IpAddress address : addresses) {
                if (!ports.isEmpty() && address.six() == set.equals(SELVES6)) {
                    elements.add(new Element(join(address.bytes(), address.bytes()), new byte[0]));
                }
            }
        } else if (set.equals(HOLDERS4) || set.equals(HOLDERS6)) {
            for (IpAddress address : addresses) {
                if (address.six() == set.equals(HOLDERS6)) {
                    elements.add(new Element(join(name, address.bytes()), new byte[0]));
                }
            }
        } else {
            for (Published port : ports) {
                if (set.equals(mapOf(port))) {
                    elements.add(new Element(key(port), join(port.container().bytes(), port(port.containerPort()))));
                }
            }
        }
        return elements;
    }

    private static String mapOf(Published port) {
        if (port.host().isAny()) {
            return port.container().six() ? PUBLISHED6 : PUBLISHED4;
        }
        return port.host().six() ? PUBLISHED6_AT : PUBLISHED4_AT;
    }

    private static byte[] key(Published port) {
        byte[] protocol = {(byte) number(port.protocol())};
        return port.host().isAny() ? join(protocol, port(port.hostPort())) : join(port.host().bytes(), protocol, port(port.hostPort()));
    }

    /** The number of a transport protocol in the header of IP. */
    public static int number(String protocol) {
        return protocol.equals("udp") ? 17 : protocol.equals("sctp") ? 132 : 6;
    }

    private static byte[] port(int number) {
        return new byte[] {(byte) (number >> 8), (byte) number};
    }

    /** A link's name as the kernel compares it: 16 bytes. */
    public static byte[] linkName(String link) {
        return Arrays.copyOf(link.getBytes(StandardCharsets.UTF_8), 16);
    }

    /** Parts of a key, each padded to four bytes. */
    public static byte[] join(byte[]... parts) {
        int size = 0;
        for (byte[] part : parts) {
            size += part.length + 3 & ~3;
        }
        byte[] whole = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length + 3 & ~3;
        }
        return whole;
    }
}
