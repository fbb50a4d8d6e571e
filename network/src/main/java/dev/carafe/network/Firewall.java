package dev.carafe.network;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Netlink;
import dev.carafe.kernel.NetlinkMessage;
import dev.carafe.kernel.NetlinkReply;
import dev.carafe.kernel.NftMessages;
import dev.carafe.kernel.NftMessages.Element;
import dev.carafe.kernel.NftMessages.Family;
import dev.carafe.kernel.NftMessages.Hook;
import dev.carafe.kernel.NftMessages.Type;
import dev.carafe.kernel.NftRule;
import dev.carafe.runtime.Admission;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Our part of the packet filter: one table for packets (family inet) and one of the same name for frames (family bridge). Rules are the same few for any number of
 * networks and endpoints; what differs stands in sets. Whoever flushes the tables gets them back at the next start.
 *
 * <p>A verdict of ours to accept ends only our own chains, so rules of others still apply to containers; a verdict to drop is final.
 */
final class Firewall {
    static final String BRIDGES = "bridges";
    static final String MASQUERADED = "masqueraded";
    static final String INTERNAL = "internal";
    static final String CONVERSING = "conversing";
    private static final byte[] NOTHING = new byte[0];

    private static final List<Admission.Table> NETWORK_SETS = List.of(
            new Admission.Table(Family.INET, BRIDGES, List.of(Type.LINK_NAME), List.of(), "bridges of networks"),
            new Admission.Table(Family.INET, MASQUERADED, List.of(Type.LINK_NAME), List.of(), "those whose containers are seen outside under the host's address"),
            new Admission.Table(Family.INET, INTERNAL, List.of(Type.LINK_NAME), List.of(), "those that lead nowhere else"),
            new Admission.Table(Family.INET, CONVERSING, List.of(Type.LINK_NAME, Type.LINK_NAME), List.of(), "those whose containers may reach each other"));

    /** A chain that packets come to by themselves. */
    record Chain(Family family, String name, String type, Hook hook, int priority) {
    }

    /** A rule: how nft prints it, about, and why it is there. */
    record Line(Chain chain, String text, String why, NftRule rule) {
    }

    private static final Chain GUARD = new Chain(Family.INET, "guard", "filter", Hook.PREROUTING, -300);
    private static final Chain ARRIVING = new Chain(Family.INET, "arriving", "nat", Hook.PREROUTING, -100);
    private static final Chain LOCAL = new Chain(Family.INET, "local", "nat", Hook.OUTPUT, -100);
    private static final Chain LEAVING = new Chain(Family.INET, "leaving", "nat", Hook.POSTROUTING, 100);
    private static final Chain PASSING = new Chain(Family.INET, "passing", "filter", Hook.FORWARD, 0);
    private static final Chain FRAMES = new Chain(Family.BRIDGE, "frames", "filter", Hook.PREROUTING, -300);
    private static final List<Chain> CHAINS = List.of(GUARD, ARRIVING, LOCAL, LEAVING, PASSING, FRAMES);

    private final Netlink filter;
    private final String table;

    /** @param table the name of both tables */
    Firewall(Netlink filter, String table) {
        this.filter = filter;
        this.table = table;
    }

    String table() {
        return table;
    }

    static List<Line> lines() {
        var lines = new ArrayList<Line>();
        lines.add(new Line(GUARD, "iifname @bridges ip daddr 127.0.0.0/8 drop", "bridges route 127.0.0.0/8, so that published ports answer on the host's loopback;"
                + " no container may reach the host's own services that way",
                new NftRule().fourOnly().loadDestination4(0).is(0, new byte[] {127}).loadInLink(0).inSet(BRIDGES, 0).count().drop()));
        for (Chain chain : List.of(ARRIVING, LOCAL)) {
            String who = chain == ARRIVING ? "from outside and from containers" : "from the host itself";
            lines.add(new Line(chain, "dnat ip to ip daddr . meta l4proto . th dport map @published4_at", "published on one address, " + who,
                    new NftRule().fourOnly().loadDestination4(0).loadProtocol(1).loadDestinationPort(2).lookUp(Admission.PUBLISHED4_AT).translate(false)));
            lines.add(new Line(chain, "fib daddr type local dnat ip to meta l4proto . th dport map @published4", "published on every address of the host, " + who,
                    new NftRule().fourOnly().toThisHost().loadProtocol(0).loadDestinationPort(1).lookUp(Admission.PUBLISHED4).translate(false)));
            lines.add(new Line(chain, "dnat ip6 to ip6 daddr . meta l4proto . th dport map @published6_at", "published on one IPv6 address, " + who,
                    new NftRule().sixOnly().loadDestination6(0).loadProtocol(4).loadDestinationPort(5).lookUp(Admission.PUBLISHED6_AT).translate(true)));
            lines.add(new Line(chain, "ip6 daddr != ::1 fib daddr type local dnat ip6 to meta l4proto . th dport map @published6",
                    "published on every IPv6 address of the host, " + who + "; but for ::1, to which the kernel lets no answer come back from outside",
                    new NftRule().sixOnly().loadDestination6(0).isNot(0, loopback6()).toThisHost().loadProtocol(0).loadDestinationPort(1).lookUp(Admission.PUBLISHED6).translate(true)));
        }
        lines.add(new Line(LEAVING, "ip saddr 127.0.0.0/8 oifname @bridges masquerade", "a container cannot answer to the host's loopback address",
                new NftRule().fourOnly().loadSource4(0).is(0, new byte[] {127}).loadOutLink(0).inSet(BRIDGES, 0).masquerade()));
        lines.add(new Line(LEAVING, "ct status dnat ip saddr . ip daddr @selves4 masquerade", "a container that uses its own published port must not answer to itself",
                new NftRule().translated().fourOnly().loadSource4(0).loadDestination4(1).inSet(Admission.SELVES4, 0).masquerade()));
        lines.add(new Line(LEAVING, "ct status dnat ip6 saddr . ip6 daddr @selves6 masquerade", "the same for IPv6",
                new NftRule().translated().sixOnly().loadSource6(0).loadDestination6(4).inSet(Admission.SELVES6, 0).masquerade()));
        lines.add(new Line(LEAVING, "ct status dnat iifname @bridges oifname @bridges masquerade", "a container that uses a published port of a neighbour"
                + " must get the answer by the host",
                new NftRule().translated().loadInLink(0).inSet(BRIDGES, 0).loadOutLink(0).inSet(BRIDGES, 0).masquerade()));
        lines.add(new Line(LEAVING, "iifname @masqueraded oifname != @bridges masquerade", "the outside does not know the addresses of containers",
                new NftRule().loadInLink(0).inSet(MASQUERADED, 0).loadOutLink(0).notInSet(BRIDGES, 0).masquerade()));
        lines.add(new Line(PASSING, "ct state established,related accept", "answers go back", new NftRule().known().accept()));
        lines.add(new Line(PASSING, "iifname . oifname @conversing accept", "containers of one network reach each other",
                new NftRule().loadInLink(0).loadOutLink(4).inSet(CONVERSING, 0).accept()));
        lines.add(new Line(PASSING, "iifname @internal drop", "internal networks lead nowhere", new NftRule().loadInLink(0).inSet(INTERNAL, 0).count().drop()));
        lines.add(new Line(PASSING, "oifname @internal drop", "and nobody comes in", new NftRule().loadOutLink(0).inSet(INTERNAL, 0).count().drop()));
        lines.add(new Line(PASSING, "ct status dnat accept", "published ports are open", new NftRule().translated().accept()));
        lines.add(new Line(PASSING, "oifname @bridges drop", "nothing else comes in, neither from outside nor from other networks",
                new NftRule().loadOutLink(0).inSet(BRIDGES, 0).count().drop()));
        lines.add(new Line(FRAMES, "iifname != @links accept", "ports of other bridges are not ours", new NftRule().loadInLink(0).notInSet(Admission.LINKS, 0).accept()));
        lines.add(new Line(FRAMES, "iifname . ether saddr != @macs drop", "a container sends as its own device only",
                new NftRule().loadInLink(0).loadSourceMac(4).notInSet(Admission.MACS, 0).count().drop()));
        lines.add(new Line(FRAMES, "ether type ip iifname . ip saddr @holders4 accept", "and from its own addresses only",
                new NftRule().etherType(0x0800).loadInLink(0).loadSource4(4).inSet(Admission.HOLDERS4, 0).accept()));
        lines.add(new Line(FRAMES, "ether type arp iifname . arp saddr ip @holders4 accept", "which it may claim",
                new NftRule().etherType(0x0806).loadInLink(0).loadArpSender(4).inSet(Admission.HOLDERS4, 0).accept()));
        lines.add(new Line(FRAMES, "ether type ip6 iifname . ip6 saddr @holders6 accept", "the same for IPv6",
                new NftRule().etherType(0x86dd).loadInLink(0).loadSource6(4).inSet(Admission.HOLDERS6, 0).accept()));
        lines.add(new Line(FRAMES, "ether type ip6 ip6 saddr :: accept", "whoever looks for an address of its own has none yet",
                new NftRule().etherType(0x86dd).loadSource6(0).is(0, new byte[16]).accept()));
        lines.add(new Line(FRAMES, "drop", "everything else is said in another one's name", new NftRule().count().drop()));
        return lines;
    }

    private static byte[] loopback6() {
        byte[] address = new byte[16];
        address[15] = 1;
        return address;
    }

    /** Whether both tables are there. */
    boolean isThere() {
        try {
            filter.ask(NftMessages.getTable(Family.INET, table), "find", "table inet " + table);
            filter.ask(NftMessages.getTable(Family.BRIDGE, table), "find", "table bridge " + table);
            return true;
        } catch (Fault absent) {
            if (absent.errno().equals(Optional.of(Errno.ENOENT))) {
                return false;
            }
            throw unavailable(absent);
        }
    }

    private static Fault unavailable(Fault fault) {
        return Fault.of(fault.kind(), "use", "the packet filter", fault.reason()).cause(fault).hint("networks need nf_tables and CAP_NET_ADMIN; use --network none or host");
    }

    /** Makes the tables with chains, sets and rules, all at once. */
    void make() {
        var batch = new ArrayList<NetlinkMessage>();
        batch.add(NftMessages.begin());
        // One of the two may be left: the first message makes it when it is not there, so that the second one can remove it.
        for (Family family : List.of(Family.INET, Family.BRIDGE)) {
            batch.add(NftMessages.makeTable(family, table, false));
            batch.add(NftMessages.removeTable(family, table));
            batch.add(NftMessages.makeTable(family, table, false));
        }
        int id = 1;
        var sets = new ArrayList<>(NETWORK_SETS);
        sets.addAll(Admission.SETS);
        for (Admission.Table set : sets) {
            batch.add(NftMessages.makeSet(set.family(), table, set.name(), set.key(), set.value(), id++));
        }
        for (Chain chain : CHAINS) {
            batch.add(NftMessages.makeBaseChain(chain.family(), table, chain.name(), chain.type(), chain.hook(), chain.priority()));
        }
        for (Line line : lines()) {
            batch.add(NftMessages.addRule(line.chain().family(), table, line.chain().name(), line.rule()));
        }
        batch.add(NftMessages.end());
        transact(batch, "make", "tables \"" + table + "\"");
    }

    private void transact(List<NetlinkMessage> batch, String operation, String object) {
        int error = filter.transact(batch);
        if (error != 0) {
            throw unavailable(Fault.of(Errno.of(error), operation, object));
        }
    }

    /** Enters a network's bridge; harmless when it is there. */
    void enter(Network network) {
        var batch = new ArrayList<NetlinkMessage>();
        batch.add(NftMessages.begin());
        batch.add(element(BRIDGES, network));
        if (network.masquerades()) {
            batch.add(element(MASQUERADED, network));
        }
        if (network.internal()) {
            batch.add(element(INTERNAL, network));
        }
        if (network.converses()) {
            batch.add(element(CONVERSING, network));
        }
        batch.add(NftMessages.end());
        transact(batch, "admit", "bridge \"" + network.bridge() + "\"");
    }

    private static List<Element> elements(String set, Network network) {
        byte[] name = Admission.linkName(network.bridge());
        return List.of(new Element(set.equals(CONVERSING) ? Admission.join(name, name) : name, NOTHING));
    }

    private NetlinkMessage element(String set, Network network) {
        return NftMessages.addElements(Family.INET, table, set, elements(set, network), false);
    }

    /** Removes it, whatever is left of it. */
    void remove(Network network) {
        for (Admission.Table set : NETWORK_SETS) {
            filter.transact(List.of(NftMessages.begin(), NftMessages.removeElements(Family.INET, table, set.name(), elements(set.name(), network)), NftMessages.end()));
        }
    }

    /** Removes both tables. */
    void remove() {
        for (Family family : List.of(Family.INET, Family.BRIDGE)) {
            filter.transact(List.of(NftMessages.begin(), NftMessages.removeTable(family, table), NftMessages.end()));
        }
    }

    /** As nft writes it. */
    private static String word(Family family) {
        return switch (family) {
            case INET -> "inet";
            case IPV4 -> "ip";
            case IPV6 -> "ip6";
            case BRIDGE -> "bridge";
        };
    }

    /** Chains of others that packets to be forwarded pass, and that drop what none of their rules accepts: {@code TABLE CHAIN}. */
    List<String> strangers() {
        var found = new ArrayList<String>();
        for (Family family : List.of(Family.INET, Family.IPV4, Family.IPV6)) {
            for (NetlinkReply chain : filter.ask(NftMessages.chains(family), "list", "chains")) {
                String owner = chain.text(NftMessages.HEADER_BYTES, 1).orElse("");
                Optional<byte[]> place = chain.attribute(NftMessages.HEADER_BYTES, 4);
                Optional<byte[]> policy = chain.attribute(NftMessages.HEADER_BYTES, 5);
                boolean forwards = place.isPresent() && NetlinkReply.find(place.get(), 0, 1).map(hook -> ByteBuffer.wrap(hook).getInt() == Hook.FORWARD.ordinal()).orElse(false);
                if (forwards && policy.isPresent() && ByteBuffer.wrap(policy.get()).getInt() == 0 && !owner.equals(table)) {
                    found.add(word(family) + " " + owner + " " + chain.text(NftMessages.HEADER_BYTES, 3).orElse(""));
                }
            }
        }
        return found;
    }
}
