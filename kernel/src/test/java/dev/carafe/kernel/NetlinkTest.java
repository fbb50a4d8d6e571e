package dev.carafe.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.base.Subnet;
import dev.carafe.kernel.NftMessages.Element;
import dev.carafe.kernel.NftMessages.Family;
import dev.carafe.kernel.NftMessages.Hook;
import dev.carafe.kernel.NftMessages.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In network namespaces of its own. */
class NetlinkTest {
    private static final MacAddress MAC = MacAddress.parse("02:42:0a:00:00:01");

    private final Kernel kernel = new NativeKernel();
    private Process here;
    private Process there;
    private Netlink route;

    @BeforeEach
    void open() throws Exception {
        here = namespace();
        there = namespace();
        route = Netlink.open(kernel, Netlink.Family.ROUTE, path(here));
    }

    private static Process namespace() throws Exception {
        Process keeper = new ProcessBuilder("unshare", "-n", "sh", "-c", "echo; exec sleep 100").redirectErrorStream(true).start();
        assumeThat(keeper.getInputStream().read()).as("a network namespace can be made here").isEqualTo('\n');
        return keeper;
    }

    private static String path(Process keeper) {
        return "/proc/" + keeper.pid() + "/ns/net";
    }

    @AfterEach
    void close() {
        route.close();
        here.destroyForcibly();
        there.destroyForcibly();
    }

    private static Fd descriptor(Kernel kernel, String path) {
        try (Memory text = kernel.string(path)) {
            return new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.OPENAT, -100, text.address(), 02000000, 0), "open", path));
        }
    }

    private int bridge() {
        route.request(RouteMessages.makeBridge("br0", MAC, 1400), "make", "br0");
        return Links.find(route, "br0").orElseThrow().index();
    }

    @Test
    void makesABridgeWithAnAddress() {
        int index = bridge();
        route.request(RouteMessages.addAddress(index, IpAddress.parse("10.0.0.1"), 24), "address", "br0");
        route.request(RouteMessages.raise("br0"), "raise", "br0");
        Links.Link link = Links.find(route, "br0").orElseThrow();
        assertThat(link.up()).isTrue();
        assertThat(link.mtu()).isEqualTo(1400);
        assertThat(Links.taken(route)).contains(Subnet.parse("10.0.0.0/24"));
        assertThat(Links.all(route)).extracting(Links.Link::name).contains("lo", "br0");
        route.request(RouteMessages.remove("br0"), "remove", "br0");
        assertThat(Links.find(route, "br0")).isEmpty();
    }

    @Test
    void connectsTwoNamespaces() {
        int index = bridge();
        try (Fd other = descriptor(kernel, path(there)); Netlink inside = Netlink.open(kernel, Netlink.Family.ROUTE, path(there))) {
            route.request(RouteMessages.makePair("v0", index, "eth0", MacAddress.parse("02:42:0a:00:00:02"), 1400, other.number()), "make", "pair");
            route.request(RouteMessages.settlePort("v0", true, true), "settle", "v0");
            route.request(RouteMessages.raise("v0"), "raise", "v0");
            Links.Link eth = Links.find(inside, "eth0").orElseThrow();
            inside.request(RouteMessages.addAddress(eth.index(), IpAddress.parse("10.0.0.2"), 24), "address", "eth0");
            inside.request(RouteMessages.addAddress(eth.index(), IpAddress.parse("fd00::2"), 64), "address", "eth0");
            inside.request(RouteMessages.raise("eth0"), "raise", "eth0");
            inside.request(RouteMessages.addRoute(Optional.empty(), IpAddress.parse("10.0.0.1")), "route", "default");
            inside.request(RouteMessages.addRoute(Optional.of(Subnet.parse("10.9.0.0/16")), IpAddress.parse("10.0.0.1")), "route", "10.9");
            assertThat(Links.find(route, "v0").orElseThrow().master()).isEqualTo(index);
            assertThat(Links.find(inside, "eth0").orElseThrow().mtu()).isEqualTo(1400);
            assertThat(Links.taken(inside)).contains(Subnet.parse("10.0.0.0/24"), Subnet.parse("10.9.0.0/16"), Subnet.parse("fd00::/64"));
        }
    }

    @Test
    void renamesAndMovesALink() {
        int index = bridge();
        route.request(RouteMessages.rename(index, "other"), "rename", "br0");
        assertThat(Links.find(route, "other").orElseThrow().index()).isEqualTo(index);
        try (Fd other = descriptor(kernel, path(there))) {
            int refused = route.attempt(RouteMessages.move("lo", other.number()));
            assertThat(refused).isEqualTo(Errno.EINVAL.number());
        }
    }

    @Test
    void aRefusalIsAFaultWithTheErrorsName() {
        assertThatThrownBy(() -> route.request(RouteMessages.remove("absent"), "remove", "link \"absent\"")).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault).hasMessage("remove link \"absent\": no such device (ENODEV)");
            assertThat(fault.errno()).contains(Errno.ENODEV);
        });
        bridge();
        assertThat(route.attempt(RouteMessages.makeBridge("br0", MAC, 1500))).isEqualTo(Errno.EEXIST.number());
        assertThat(Links.find(route, "absent")).isEmpty();
    }

    @Test
    void theThreadThatVisitsComesBack() throws IOException {
        String before = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
        String visited = Netlink.within(kernel, path(there), () -> {
            try {
                return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(visited).isEqualTo(Files.readSymbolicLink(Path.of(path(there))).toString()).isNotEqualTo(before);
        assertThat(Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString()).isEqualTo(before);
        assertThatThrownBy(() -> Netlink.within(kernel, "/proc/self/ns/absent", () -> 1)).isInstanceOf(Fault.class).hasMessageContaining("ENOENT");
    }

    @Test
    void aTransactionOfThePacketFilterIsWholeOrNothing() {
        try (Netlink filter = Netlink.open(kernel, Netlink.Family.NETFILTER, path(here))) {
            int made = filter.transact(List.of(NftMessages.begin(), NftMessages.makeTable(Family.INET, "t", true),
                    NftMessages.makeSet(Family.INET, "t", "ports", List.of(Type.PROTOCOL, Type.SERVICE), List.of(Type.IPV4, Type.SERVICE), 1),
                    NftMessages.makeBaseChain(Family.INET, "t", "c", "nat", Hook.PREROUTING, -100),
                    NftMessages.addRule(Family.INET, "t", "c", new NftRule().fourOnly().toThisHost().loadProtocol(0).loadDestinationPort(1).lookUp("ports").translate(false)),
                    NftMessages.end()));
            assertThat(made).isZero();
            var element = new Element(new byte[] {6, 0, 0, 0, 0, 80, 0, 0}, new byte[] {10, 0, 0, 2, 0, 80, 0, 0});
            assertThat(filter.transact(List.of(NftMessages.begin(), NftMessages.addElements(Family.INET, "t", "ports", List.of(element), true), NftMessages.end()))).isZero();
            assertThat(filter.transact(List.of(NftMessages.begin(), NftMessages.makeTable(Family.BRIDGE, "u", true),
                    NftMessages.addElements(Family.INET, "t", "ports", List.of(element), true), NftMessages.end()))).isEqualTo(Errno.EEXIST.number());
            assertThatThrownBy(() -> filter.ask(NftMessages.getTable(Family.BRIDGE, "u"), "find", "table")).isInstanceOf(Fault.class).hasMessageContaining("ENOENT");
            assertThat(filter.ask(NftMessages.listElements(Family.INET, "t", "ports"), "list", "ports")).anyMatch(reply -> reply.attribute(NftMessages.HEADER_BYTES, 3).filter(list -> list.length > 0).isPresent());
            assertThat(filter.transact(List.of(NftMessages.begin(), NftMessages.removeTable(Family.INET, "t"), NftMessages.end()))).isZero();
        }
    }

    @Test
    void aBatchOfManyElementsFitsIntoOneMessage() {
        try (Netlink filter = Netlink.open(kernel, Netlink.Family.NETFILTER, path(here))) {
            var elements = new java.util.ArrayList<Element>();
            for (int k = 0; k < 4000; k++) {
                elements.add(new Element(new byte[] {6, 0, 0, 0, (byte) (k >> 8), (byte) k, 0, 0}, new byte[0]));
            }
            int error = filter.transact(List.of(NftMessages.begin(), NftMessages.makeTable(Family.INET, "t", true),
                    NftMessages.makeSet(Family.INET, "t", "s", List.of(Type.PROTOCOL, Type.SERVICE), List.of(), 1),
                    NftMessages.addElements(Family.INET, "t", "s", elements.subList(0, 2000), true), NftMessages.addElements(Family.INET, "t", "s", elements.subList(2000, 4000), true),
                    NftMessages.end()));
            assertThat(error).isZero();
        }
    }
}
