package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks beside others: several networks, rules of other programs, devices of the host, ends by force, and what is refused. */
@ParameterizedClass(name = "{0}")
@EnumSource(EngineMode.class)
@Timeout(180)
class NetworkCompanyTest extends NetworkSuite {
    @Test
    void severalNetworksGiveSeveralDevices() {
        carafe.check("network", "create", "--subnet", "10.81.0.0/24", "alpha");
        carafe.check("network", "create", "--subnet", "10.82.0.0/24", "beta");
        String routes = carafe.check("run", "--rm", "--network", "beta", "--network", "name=alpha,ip=10.81.0.7", "busybox", "sh", "-c", "ip -o -4 address; ip route");
        assertThat(routes).contains("10.82.0.2/24", "10.81.0.7/24", "default via 10.81.0.1");
        assertThat(carafe.check("run", "--rm", "--network", "name=beta,gw-priority=5", "--network", "alpha", "busybox", "ip", "route")).contains("default via 10.82.0.1");
    }

    @Test
    void aNamespaceIsSharedOrJoined() {
        serve("owner", "-p", "8091:80");
        assertThat(carafe.check("run", "--rm", "--network", "container:owner", "busybox", "wget", "-q", "-O", "-", "http://127.0.0.1/")).isEqualTo("owner\n");
        for (String[] contradiction : new String[][] {{"-p", "1:1"}, {"--dns", "10.0.0.1"}, {"--hostname", "x"}, {"--add-host", "a:1.2.3.4"}, {"--expose", "1"}}) {
            Outcome refused = carafe.call("run", "--rm", "--network", "container:owner", contradiction[0], contradiction[1], "busybox", "true");
            assertThat(refused.status()).as(contradiction[0]).isEqualTo(125);
            assertThat(refused.error()).contains("conflicting options").hasLineCount(1);
        }
        String path = "/proc/" + carafe.pid("owner") + "/ns/net";
        assertThat(carafe.check("run", "--rm", "--network", "ns:" + path, "busybox", "readlink", "/proc/self/ns/net")).isEqualTo(carafe.check("exec", "owner", "readlink",
                "/proc/self/ns/net"));
        carafe.detached("--name", "guest", "--network", "container:owner", "busybox", "sleep", "1000");
        carafe.check("stop", "-t", "0", "owner");
        Tools.await(() -> !host.hasEndpoints());
        assertThat(host.hasEndpoints()).as("its device does not outlive the owner").isFalse();
    }

    @Test
    void whatAKilledMonitorLeftIsTakenBack() throws Exception {
        carafe.detached("--name", "shot", "-p", "8092:80", "busybox", "sleep", "1000");
        Path leases = carafe.run().resolve("leases");
        assertThat(Files.isSymbolicLink(leases.resolve(".ports/tcp,8092,0.0.0.0"))).isTrue();
        String status = Files.readString(Path.of("/proc/" + carafe.pid("shot") + "/status"));
        String monitor = status.lines().filter(line -> line.startsWith("PPid:")).findFirst().orElseThrow().substring(5).trim();
        Tools.check("kill", "-KILL", monitor);
        Tools.await(() -> !carafe.isRunning("shot"));
        carafe.check("ps", "-a");
        Tools.await(() -> !Files.isSymbolicLink(leases.resolve(".ports/tcp,8092,0.0.0.0")));
        assertThat(host.rules()).doesNotContain("8092");
        carafe.check("start", "shot");
        assertThat(carafe.check("port", "shot")).isEqualTo("80/tcp -> 0.0.0.0:8092\n");
    }

    @Test
    void whoFlushesTheTablesGetsThemBack() {
        serve("web", "-p", "8093:80");
        host.run("nft", "flush", "ruleset");
        assertThat(outside.get("http://198.51.100.1:8093/")).isEmpty();
        carafe.check("run", "--rm", "busybox", "true");
        assertThat(outside.get("http://198.51.100.1:8093/")).isEqualTo("web\n");
    }

    @Test
    void rulesOfOthersStay() {
        host.run("nft", "add table inet others; add chain inet others c { type filter hook forward priority 0 ; policy drop ; }; add rule inet others c accept");
        serve("web", "-p", "8094:80");
        assertThat(host.rules()).contains("table inet others");
        String explained = carafe.check("network", "explain");
        assertThat(explained).contains("network \"bridge\", 172.17.0.0/16; up", "why   published ports are open", "0.0.0.0:8094 -> 172.17.0.2:80/tcp",
                "beware: chain inet others c is not ours");
        carafe.check("rm", "-f", "web");
        host.run("nft", "delete", "table", "inet", "others");
    }

    @Test
    void aPoolThatIsUsedUpSaysSo() {
        carafe.check("network", "create", "--subnet", "10.83.0.0/30", "tiny");
        carafe.detached("--network", "tiny", "busybox", "sleep", "1000");
        Outcome refused = carafe.call("run", "--rm", "--network", "tiny", "busybox", "true");
        assertThat(refused.status()).isEqualTo(125);
        assertThat(refused.error()).contains("all 4 addresses of 10.83.0.0/30 are taken").hasLineCount(1);
    }

    @Test
    void aNetworkThatIsNotThereIsRefusedWhenTheContainerIsMade() {
        for (String command : List.of("create", "run")) {
            Outcome refused = carafe.call(command, "--network", "nowhere", "busybox", "true");
            assertThat(refused.status()).isNotZero();
            assertThat(refused.error()).contains("network nowhere not found").hasLineCount(1);
            assertThat(carafe.containers()).isEmpty();
        }
    }

    @Test
    void thePlanShowsHowAContainerWouldBeConnected() throws Exception {
        carafe.check("network", "create", "--subnet", "10.84.0.0/24", "foreseen");
        String bridges = host.links().toString();
        String plan = carafe.check("run", "--plan", "--network", "foreseen", "-p", "8100:80", "--ip", "10.84.0.9", "busybox", "true");
        assertThat(plan).contains("reserve port 8100/tcp on 0.0.0.0", "give eth0 the address 10.84.0.9/24", "route everything else by 10.84.0.1",
                "publish 0.0.0.0:8100 -> 10.84.0.9:80/tcp", "dismiss 02:42:0a:54:00:09 from veth0000000 with its 1 port", "ip link add veth0000000");
        assertThat(carafe.check("run", "--plan", "busybox", "true")).contains("give eth0 the address 172.17.0.2/16");
        assertThat(host.links()).as("nothing is made").hasToString(bridges);
        assertThat(Files.exists(carafe.run().resolve("leases/.ports/tcp,8100,0.0.0.0"))).isFalse();
        assertThat(carafe.check("run", "--plan", "--network", "none", "busybox", "true")).doesNotContain("eth0");
        assertThat(carafe.call("run", "--plan", "--network", "nowhere", "busybox", "true").error()).contains("network nowhere not found");
    }

    @Test
    void aMacvlanSharesADeviceOfTheHost() {
        host.run("ip", "link", "add", "trunk0", "type", "veth", "peer", "name", "trunk0", "netns", Long.toString(outside.pid()));
        host.run("ip", "link", "set", "trunk0", "up");
        outside.run("ip", "link", "set", "trunk0", "up");
        outside.run("ip", "address", "add", "10.85.0.1/24", "dev", "trunk0");
        try {
            assertThat(carafe.call("network", "create", "-d", "macvlan", "wrong").error()).contains("-o parent=DEVICE").hasLineCount(1);
            carafe.check("network", "create", "-d", "macvlan", "-o", "parent=trunk0", "--subnet", "10.85.0.0/24", "--gateway", "10.85.0.1", "lan");
            serve("first", "--network", "lan", "--ip", "10.85.0.20");
            carafe.detached("--name", "second", "--network", "lan", "busybox", "sleep", "1000");
            assertThat(outside.get("http://10.85.0.20/")).as("from the same wire").isEqualTo("first\n");
            assertThat(get("second", "http://10.85.0.20/").out()).as("from a neighbour").isEqualTo("first\n");
            assertThat(carafe.check("exec", "second", "ping", "-c", "1", "-W", "2", "10.85.0.1")).contains("1 packets received");
            assertThat(host.get("http://10.85.0.20/")).as("a macvlan device does not talk with the host itself").isEmpty();
            assertThat(carafe.check("exec", "second", "ip", "route")).contains("default via 10.85.0.1");
            assertThat(carafe.call("run", "--rm", "--network", "lan", "-p", "80:80", "busybox", "true").error()).contains("leads outside").hasLineCount(1);
            assertThat(carafe.call("network", "disconnect", "lan", "second").error()).contains("stays until the container ends").hasLineCount(1);
            assertThat(carafe.check("network", "explain")).contains("trunk0  shared by network \"lan\" (macvlan)");
        } finally {
            carafe.removeContainers();
            carafe.call("network", "rm", "lan");
            host.run("ip", "link", "del", "trunk0");
        }
    }

    @Test
    void whoLeavesOneNetworkKeepsThePortsThatItPublishesByAnother() {
        carafe.check("network", "create", "aside");
        serve("web", "--network", "name=bridge,gw-priority=1", "--network", "aside", "-p", "8101:80");
        carafe.check("network", "disconnect", "aside", "web");
        assertThat(host.get("http://127.0.0.1:8101/")).isEqualTo("web\n");
        assertThat(Files.isSymbolicLink(carafe.run().resolve("leases/.ports/tcp,8101,0.0.0.0"))).isTrue();
        Outcome second = carafe.call("run", "--rm", "-p", "8101:80", "busybox", "true");
        assertThat(second.error()).contains("it is published by container").hasLineCount(1);
    }

    @Test
    void aChainOfOthersThatRefusesStaysAndIsNamed() {
        // As firewalld has it: what no zone has accepted is refused at the end.
        host.run("nft", "add table inet firewalld; add chain inet firewalld filter_FORWARD { type filter hook forward priority 10 ; policy drop ; };"
                + " add rule inet firewalld filter_FORWARD ct state { established, related } accept; add rule inet firewalld filter_FORWARD ct status dnat accept;"
                + " add rule inet firewalld filter_FORWARD iifname cable0 reject with icmpx admin-prohibited");
        // As docker has it: everything is dropped but what its own chains accept.
        host.run("iptables", "-P", "FORWARD", "DROP");
        host.run("iptables", "-N", "DOCKER-USER");
        host.run("iptables", "-A", "FORWARD", "-j", "DOCKER-USER");
        try {
            String before = host.run("iptables", "-S");
            serve("web", "-p", "8102:80");
            assertThat(host.get("http://127.0.0.1:8102/")).as("from the host itself, which forwards nothing for that").isEqualTo("web\n");
            assertThat(outside.get("http://198.51.100.1:8102/")).as("docker's chain drops it").isEmpty();
            assertThat(carafe.check("network", "explain")).contains("beware: chain ip filter FORWARD is not ours", "beware: chain inet firewalld filter_FORWARD is not ours");
            // Where docker's users let packets through, containers of ours have them, too, and firewalld's table lets translated ones pass.
            host.run("iptables", "-I", "DOCKER-USER", "-m", "conntrack", "--ctstate", "DNAT", "-j", "ACCEPT");
            host.run("iptables", "-I", "DOCKER-USER", "-m", "conntrack", "--ctstate", "ESTABLISHED,RELATED", "-j", "ACCEPT");
            assertThat(outside.get("http://198.51.100.1:8102/")).isEqualTo("web\n");
            carafe.check("rm", "-f", "web");
            host.run("iptables", "-F", "DOCKER-USER");
            assertThat(host.run("iptables", "-S")).as("nothing of others is changed").isEqualTo(before);
            assertThat(host.rules()).contains("chain filter_FORWARD");
        } finally {
            carafe.removeContainers();
            host.call("nft", "delete", "table", "inet", "firewalld");
            host.call("nft", "delete", "table", "ip", "filter");
        }
    }

    @Test
    void manyStartAndStopAtOnce() {
        carafe.check("network", "create", "--subnet", "10.86.0.0/24", "busy");
        var running = new ArrayList<Running>();
        for (int k = 0; k < 12; k++) {
            running.add(carafe.start("run", "--rm", "--network", "busy", "-p", "80", "busybox", "sh", "-c", "ip -4 -o address show eth0 | grep -o '10.86.0.[0-9]*' | head -n 1"));
        }
        carafe.check("network", "connect", "busy", carafe.detached("--name", "late", "busybox", "sleep", "1000"));
        carafe.check("network", "disconnect", "busy", "late");
        for (Running one : running) {
            Outcome outcome = one.await();
            assertThat(outcome.status()).as(outcome.toString()).isZero();
            assertThat(outcome.out()).startsWith("10.86.0.");
        }
        carafe.check("rm", "-f", "late");
        Path leases = carafe.run().resolve("leases");
        Tools.await(() -> leases.resolve(".ports").toFile().list().length == 0);
        assertThat(leases.resolve(".ports").toFile().list()).as("all ports are given back").isEmpty();
    }

    @Test
    void portsArePublishedInEveryForm() {
        assumeThat(Tools.has("perl")).as("perl, of which the test makes an echo server").isTrue();
        host.run("ip", "address", "add", "2001:db8::1/64", "dev", "cable0", "nodad");
        outside.run("ip", "address", "add", "2001:db8::2/64", "dev", "cable0", "nodad");
        try {
            carafe.check("network", "create", "--ipv6", "--subnet", "10.87.0.0/24", "--subnet", "fd00:87::/64", "forms");
            serve("web", "--network", "forms", "-p", "198.51.100.1:8110:80", "-p", "[2001:db8::1]:8111:80", "-p", "127.0.0.1::80", "-p", "8113:80/tcp", "-p",
                    "8113-8114:5000-5001/udp");
            String ports = carafe.check("port", "web");
            assertThat(ports).contains("80/tcp -> 198.51.100.1:8110\n", "80/tcp -> [2001:db8::1]:8111\n", "5000/udp -> 0.0.0.0:8113\n",
                    "5001/udp -> [::]:8114\n").containsPattern("80/tcp -> 127.0.0.1:[0-9]{4,5}\n");
            assertThat(outside.get("http://198.51.100.1:8110/")).as("one address of the host").isEqualTo("web\n");
            assertThat(host.get("http://127.0.0.1:8110/")).as("and no other").isEmpty();
            Tools.await(() -> outside.get("http://[2001:db8::1]:8111/").equals("web\n"));
            assertThat(outside.get("http://[2001:db8::1]:8111/")).as("one IPv6 address").isEqualTo("web\n");
            assertThat(outside.get("http://[2001:db8::1]:8113/")).as("every address").isEqualTo("web\n");
            assertThat(host.call("busybox", "timeout", "5", "busybox", "wget", "-q", "-O", "-", "http://[::1]:8113/").error()).as("::1 refuses at once, and localhost has another address")
                    .contains("refused");
            assertThat(carafe.call("run", "--rm", "--network", "forms", "-p", "[::1]:8112:80", "busybox", "true").error()).contains("publish on 127.0.0.1").hasLineCount(1);
            String program = "use IO::Socket::IP; my $s = IO::Socket::IP->new(LocalHost => '::', LocalPort => 5001, Type => Socket::SOCK_DGRAM(), V6Only => 0) or die;"
                    + " while (defined $s->recv(my $m, 99)) { $s->send($m) }";
            try (Running echo = new Running(new ProcessBuilder("nsenter", "-t", Integer.toString(carafe.pid("web")), "-n", "perl", "-MSocket", "-e", program))) {
                for (String[] way : new String[][] {{"127.0.0.1", "host"}, {"198.51.100.1", "outside"}, {"2001:db8::1", "outside"}}) {
                    Outcome[] last = new Outcome[1];
                    Tools.await(() -> {
                        String ask = "exec 3<>/dev/udp/" + way[0] + "/8114; echo marco >&3; timeout 1 head -n 1 <&3";
                        last[0] = way[1].equals("host") ? host.call("bash", "-c", ask) : outside.call("bash", "-c", ask);
                        return last[0].out().equals("marco\n");
                    });
                    assertThat(last[0].out()).as("UDP from " + way[1] + " to " + way[0] + echo.err()).isEqualTo("marco\n");
                }
            }
        } finally {
            host.run("ip", "address", "del", "2001:db8::1/64", "dev", "cable0");
            outside.run("ip", "address", "del", "2001:db8::2/64", "dev", "cable0");
        }
    }

    @Test
    void whatCannotBeIsRefusedInOneLine() {
        for (String[] wrong : new String[][] {{"--network", "nowhere"}, {"-p", "x"}, {"-p", "8080:80/icmp"}, {"--ip", "10.0.0.1"}, {"--network-alias", "x"},
                {"--network", "none", "-p", "80"}, {"--network", "host", "--ip", "1.2.3.4"}, {"-p", "[::1]:80:80"}, {"--mac-address", "x"}, {"--add-host", "x"}}) {
            var words = new ArrayList<>(List.of("run", "--rm"));
            words.addAll(List.of(wrong));
            words.addAll(List.of("busybox", "true"));
            Outcome refused = carafe.call(words.toArray(String[]::new));
            assertThat(refused.status()).as(String.join(" ", wrong)).isEqualTo(125);
            assertThat(refused.error().strip().lines().toList()).as(String.join(" ", wrong)).isNotEmpty();
            assertThat(carafe.containers()).as(String.join(" ", wrong)).isEmpty();
        }
    }
}
