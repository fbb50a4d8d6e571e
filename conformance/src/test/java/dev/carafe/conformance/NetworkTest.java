package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks on a host of their own, with another host outside; real packets. */
@ParameterizedClass(name = "{0}")
@EnumSource(EngineMode.class)
@Timeout(180)
class NetworkTest extends NetworkSuite {
    @Test
    void aContainerHasAnAddressARouteAndNames() {
        String inside = carafe.check("run", "--rm", "--hostname", "box", "busybox", "sh", "-c", "ip -4 -o address show eth0; ip route; cat /etc/hosts; ls /sys/class/net");
        assertThat(inside).contains("172.17.0.2/16", "default via 172.17.0.1 dev eth0", "172.17.0.2\tbox", "eth0\nlo\n").doesNotContain("eth1");
        assertThat(carafe.check("run", "--rm", "busybox", "cat", "/sys/class/net/eth0/address")).isEqualTo("02:42:ac:11:00:02\n");
        assertThat(carafe.check("run", "--rm", "busybox", "ping", "-c", "1", "-W", "2", "172.17.0.1")).contains("1 packets received");
        assertThat(carafe.check("run", "--rm", "busybox", "cat", "/proc/sys/net/ipv6/conf/eth0/disable_ipv6")).isEqualTo("1\n");
    }

    @Test
    void parametersOfTheDeviceAreSetOnceItIsThere() {
        assertThat(carafe.check("run", "--rm", "--sysctl", "net.ipv4.conf.eth0.forwarding=1", "busybox", "cat", "/proc/sys/net/ipv4/conf/eth0/forwarding")).isEqualTo("1\n");
    }

    @Test
    void neighboursReachEachOtherAndTheOutsideUnderTheHostsAddress() {
        serve("one");
        carafe.detached("--name", "two", "busybox", "sleep", "1000");
        assertThat(get("two", "http://" + address("one")).out()).isEqualTo("one\n");
        try (Running server = outside.start("busybox", "httpd", "-f", "-vv", "-p", "7000")) {
            Tools.await(() -> outside.run("ss", "-ltn").contains(":7000"));
            get("two", "http://198.51.100.2:7000/absent");
            Tools.await(() -> server.err().contains("198.51.100.1"));
            assertThat(server.err()).contains("198.51.100.1").doesNotContain("172.17");
        }
    }

    @Test
    void publishedPortsAreReachedFromEverywhere() {
        serve("web", "-p", "8080:80", "-p", "127.0.0.1:8081:80");
        carafe.detached("--name", "neighbour", "busybox", "sleep", "1000");
        assertThat(host.get("http://127.0.0.1:8080/")).as("loopback").isEqualTo("web\n");
        assertThat(host.get("http://198.51.100.1:8080/")).as("the host's own address").isEqualTo("web\n");
        assertThat(outside.get("http://198.51.100.1:8080/")).as("outside").isEqualTo("web\n");
        assertThat(get("neighbour", "http://172.17.0.1:8080/").out()).as("neighbour").isEqualTo("web\n");
        assertThat(get("web", "http://198.51.100.1:8080/").out()).as("itself").isEqualTo("web\n");
        assertThat(host.get("http://127.0.0.1:8081/")).as("loopback only").isEqualTo("web\n");
        assertThat(outside.get("http://198.51.100.1:8081/")).as("loopback only, from outside").isEmpty();
        assertThat(get("neighbour", "http://172.17.0.1:8081/").out()).as("loopback only, from a neighbour").isEmpty();
        // Whoever routes to the container itself comes to what is published by nobody.
        assertThat(outside.get("http://" + address("web") + "/")).as("directly").isEmpty();
        assertThat(carafe.check("port", "web")).contains("80/tcp -> 0.0.0.0:8080\n", "80/tcp -> 127.0.0.1:8081\n");
        assertThat(carafe.check("port", "web", "80")).isEqualTo("0.0.0.0:8080\n127.0.0.1:8081\n");
        assertThat(carafe.check("ps", "--format", "{{.Ports}}", "--filter", "name=web")).isEqualTo("0.0.0.0:8080->80/tcp, 127.0.0.1:8081->80/tcp\n");
        JsonObject ports = carafe.inspect("web").getAsJsonObject("NetworkSettings").getAsJsonObject("Ports");
        assertThat(ports.getAsJsonArray("80/tcp")).hasSize(2);
        carafe.check("stop", "-t", "0", "web");
        assertThat(host.get("http://127.0.0.1:8080/")).isEmpty();
        carafe.check("start", "web");
        Tools.await(() -> host.get("http://127.0.0.1:8080/").equals("web\n"));
        assertThat(host.get("http://127.0.0.1:8080/")).isEqualTo("web\n");
    }

    @Test
    void theServerSeesWhoCallsFromOutside() {
        carafe.detached("--name", "log", "-p", "9000:80", "busybox", "httpd", "-f", "-vv", "-p", "80");
        Tools.await(() -> {
            outside.get("http://198.51.100.1:9000/");
            return carafe.call("logs", "log").error().contains("198.51.100.2");
        });
        assertThat(carafe.call("logs", "log").error()).contains("198.51.100.2");
    }

    @Test
    void udpIsPublishedToo() {
        assumeThat(Tools.has("perl")).as("perl, of which the test makes an echo server").isTrue();
        carafe.detached("--name", "echo", "-p", "5000:5000/udp", "busybox", "sleep", "1000");
        String program = "use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => 5000, Proto => 'udp'); while ($s->recv(my $m, 99)) { $s->send($m) }";
        Running echo = new Running(new ProcessBuilder("nsenter", "-t", Integer.toString(carafe.pid("echo")), "-n", "perl", "-e", program));
        for (String server : List.of("127.0.0.1", "198.51.100.1")) {
            Outcome[] last = new Outcome[1];
            Tools.await(() -> {
                last[0] = host.call("bash", "-c", "exec 3<>/dev/udp/" + server + "/5000; echo marco >&3; timeout 1 head -n 1 <&3");
                return last[0].out().equals("marco\n");
            });
            assertThat(last[0].out()).as(server).isEqualTo("marco\n");
        }
        echo.close();
    }

    @Test
    void rangesAndRandomPortsAreChosen() {
        carafe.detached("--name", "many", "-p", "7000-7002:80-82", "-p", "90", "--expose", "100", "busybox", "sleep", "1000");
        String ports = carafe.check("port", "many");
        assertThat(ports).contains("80/tcp -> 0.0.0.0:7000\n", "81/tcp -> 0.0.0.0:7001\n", "82/tcp -> 0.0.0.0:7002\n").containsPattern("90/tcp -> 0.0.0.0:[0-9]{4,5}\n")
                .doesNotContain("100/tcp");
        carafe.detached("--name", "all", "-P", "--expose", "100-101", "--expose", "53/udp", "busybox", "sleep", "1000");
        assertThat(carafe.check("port", "all")).containsPattern("100/tcp -> ").containsPattern("101/tcp -> ").containsPattern("53/udp -> ");
        carafe.detached("--name", "one", "-p", "7000-7005:80", "busybox", "sleep", "1000");
        assertThat(carafe.check("port", "one")).isEqualTo("80/tcp -> 0.0.0.0:7003\n");
    }

    @Test
    void whoHoldsAPortIsNamed() {
        try (Running server = host.start("busybox", "httpd", "-f", "-p", "8085")) {
            Tools.await(() -> host.run("ss", "-ltn").contains(":8085"));
            Outcome refused = carafe.call("run", "-d", "--name", "late", "-p", "8085:80", "busybox", "sleep", "1000");
            assertThat(refused.status()).isEqualTo(125);
            assertThat(refused.error()).contains("port 8085/tcp on 0.0.0.0 is held by pid " + server.pid() + " (busybox)").hasLineCount(1);
            carafe.check("rm", "-f", "late");
        }
        String first = carafe.detached("-p", "8086:80", "busybox", "sleep", "1000");
        Outcome second = carafe.call("run", "--rm", "-p", "127.0.0.1:8086:80", "busybox", "true");
        assertThat(second.status()).isEqualTo(125);
        // An address of its own is another address; the one on all is taken.
        assertThat(second.error()).contains("port 8086/tcp on 127.0.0.1").contains(first.substring(0, 12)).hasLineCount(1);
        Outcome bound = host.call("busybox", "timeout", "2", "busybox", "httpd", "-f", "-p", "8086");
        assertThat(bound.error()).as("nobody else can listen there").contains("in use");
    }

    @Test
    void aContainerCannotSpeakInAnothersName() {
        serve("victim");
        carafe.detached("--name", "liar", "--cap-add", "NET_ADMIN", "busybox", "sleep", "1000");
        assertThat(get("liar", "http://172.17.0.2/").out()).isEqualTo("victim\n");
        carafe.check("exec", "liar", "sh", "-c", "true");
        int pid = carafe.pid("liar");
        Tools.check("nsenter", "-t", Integer.toString(pid), "-n", "ip", "address", "add", "172.17.0.77/16", "dev", "eth0");
        Outcome spoofed = Tools.run("nsenter", "-t", Integer.toString(pid), "-n", "busybox", "ping", "-c", "1", "-W", "1", "-I", "172.17.0.77", "172.17.0.2");
        assertThat(spoofed.out()).contains("0 packets received");
        Tools.check("nsenter", "-t", Integer.toString(pid), "-n", "ip", "link", "set", "eth0", "address", "02:42:ac:11:00:02");
        assertThat(Tools.run("nsenter", "-t", Integer.toString(pid), "-n", "busybox", "ping", "-c", "1", "-W", "1", "172.17.0.1").out()).contains("0 packets received");
        assertThat(host.rules()).containsPattern("counter packets [1-9]");
    }

    @Test
    void networksAreApart() {
        carafe.check("network", "create", "red");
        carafe.check("network", "create", "blue");
        serve("inred", "--network", "red");
        carafe.detached("--name", "inblue", "--network", "blue", "busybox", "sleep", "1000");
        carafe.detached("--name", "second", "--network", "red", "busybox", "sleep", "1000");
        String address = networkAddress("inred", "red");
        assertThat(get("second", "http://" + address).out()).isEqualTo("inred\n");
        assertThat(get("inblue", "http://" + address).status()).isNotZero();
        assertThat(carafe.call("network", "rm", "red").error()).contains("is connected with it").hasLineCount(1);
        carafe.check("network", "connect", "red", "inblue");
        assertThat(get("inblue", "http://" + address).out()).isEqualTo("inred\n");
        assertThat(carafe.check("exec", "inblue", "ls", "/sys/class/net")).isEqualTo("eth0\neth1\nlo\n");
        assertThat(carafe.call("network", "connect", "red", "inblue").error()).contains("already").hasLineCount(1);
        carafe.check("network", "disconnect", "red", "inblue");
        assertThat(get("inblue", "http://" + address).status()).isNotZero();
        assertThat(carafe.check("exec", "inblue", "ls", "/sys/class/net")).isEqualTo("eth0\nlo\n");
    }

    @Test
    void neighboursOfANetworkKnowEachOthersNames() {
        carafe.check("network", "create", "town");
        serve("server", "--network", "town", "--network-alias", "shop");
        String id = carafe.inspect("server").get("Id").getAsString();
        carafe.detached("--name", "client", "--network", "town", "--add-host", "gate:host-gateway", "busybox", "sleep", "1000");
        for (String name : List.of("server", "shop", id.substring(0, 12))) {
            assertThat(get("client", "http://" + name + "/").out()).as(name).isEqualTo("server\n");
        }
        assertThat(carafe.check("exec", "server", "cat", "/etc/hosts")).contains("\tclient ");
        assertThat(carafe.check("exec", "client", "ping", "-c", "1", "-W", "2", "gate")).contains("1 packets received");
        carafe.check("rm", "-f", "client");
        Tools.await(() -> !carafe.check("exec", "server", "cat", "/etc/hosts").contains("client"));
        assertThat(carafe.check("exec", "server", "cat", "/etc/hosts")).doesNotContain("client");
    }

    @Test
    void aNetworkIsWhatItWasAskedToBe() {
        carafe.check("network", "create", "--subnet", "10.77.0.0/24", "--gateway", "10.77.0.254", "--ip-range", "10.77.0.128/25", "--aux-address", "printer=10.77.0.128", "-o",
                "mtu=1400", "--label", "a=b", "made");
        String inside = carafe.check("run", "--rm", "--network", "made", "busybox", "sh", "-c", "ip -o -4 address show eth0; ip route; cat /sys/class/net/eth0/mtu");
        assertThat(inside).contains("10.77.0.129/24", "default via 10.77.0.254", "1400\n");
        assertThat(carafe.check("run", "--rm", "--network", "made", "--ip", "10.77.0.9", "--mac-address", "02:42:00:00:00:99", "busybox", "sh", "-c",
                "ip -o -4 address show eth0; cat /sys/class/net/eth0/address")).contains("10.77.0.9/24", "02:42:00:00:00:99\n");
        JsonObject document = JsonParser.parseString(carafe.check("network", "inspect", "made")).getAsJsonArray().get(0).getAsJsonObject();
        assertThat(document.getAsJsonObject("IPAM").getAsJsonArray("Config").get(0).getAsJsonObject().get("Gateway").getAsString()).isEqualTo("10.77.0.254");
        assertThat(carafe.check("network", "ls", "--filter", "label=a=b", "--format", "{{.Name}} {{.Driver}}")).isEqualTo("made bridge\n");
        Outcome overlap = carafe.call("network", "create", "--subnet", "10.77.0.0/16", "other");
        assertThat(overlap.error()).contains("overlaps with 10.77.0.0/24 of network \"made\"").hasLineCount(1);
        assertThat(carafe.call("network", "create", "--subnet", "198.51.100.0/25", "other").error()).contains("overlaps with the host's route").hasLineCount(1);
        assertThat(carafe.call("network", "create", "made").error()).contains("exists").hasLineCount(1);
        assertThat(carafe.check("network", "prune", "-f")).isEqualTo("Deleted Networks:\nmade\n\n");
    }

    @Test
    void anInternalNetworkLeadsNowhere() {
        carafe.check("network", "create", "--internal", "--subnet", "10.78.0.0/24", "inner");
        serve("member", "--network", "inner");
        carafe.detached("--name", "other", "--network", "inner", "busybox", "sleep", "1000");
        assertThat(get("other", "http://10.78.0.2/").out()).isEqualTo("member\n");
        assertThat(carafe.check("exec", "other", "ip", "route")).doesNotContain("default");
        assertThat(carafe.call("exec", "other", "ping", "-c", "1", "-W", "1", "198.51.100.2").status()).isNotZero();
        assertThat(carafe.call("run", "--rm", "--network", "inner", "-p", "8080:80", "busybox", "true").error()).contains("leads outside").hasLineCount(1);
    }

    @Test
    void withoutConversationNeighboursAreStrangers() {
        // Where bridges show their frames to the filter of packets, translation is done on the bridge itself, and isolated ports stay isolated.
        host.run("sysctl", "-q", "-w", "net.bridge.bridge-nf-call-iptables=0");
        carafe.check("network", "create", "-o", "com.docker.network.bridge.enable_icc=false", "--subnet", "10.79.0.0/24", "lonely");
        serve("first", "--network", "lonely", "-p", "8088:80");
        carafe.detached("--name", "second", "--network", "lonely", "busybox", "sleep", "1000");
        assertThat(get("second", "http://10.79.0.2/").status()).isNotZero();
        assertThat(get("second", "http://198.51.100.1:8088/").out()).as("what is published is for all").isEqualTo("first\n");
        host.run("sysctl", "-q", "-w", "net.bridge.bridge-nf-call-iptables=1");
    }

    @Test
    void ipv6WorksAsIpv4Does() {
        host.run("ip", "address", "add", "2001:db8::1/64", "dev", "cable0", "nodad");
        outside.run("ip", "address", "add", "2001:db8::2/64", "dev", "cable0", "nodad");
        carafe.check("network", "create", "--ipv6", "--subnet", "10.80.0.0/24", "--subnet", "fd00:80::/64", "dual");
        serve("web", "--network", "dual", "-p", "8090:80", "--ip6", "fd00:80::99");
        carafe.detached("--name", "other", "--network", "dual", "busybox", "sleep", "1000");
        assertThat(carafe.check("exec", "web", "ip", "-6", "-o", "address", "show", "eth0")).contains("fd00:80::99/64");
        assertThat(carafe.check("exec", "web", "ip", "-6", "route")).contains("default via fd00:80::1");
        Outcome[] last = new Outcome[1];
        Tools.await(() -> {
            last[0] = get("other", "http://[fd00:80::99]/");
            return last[0].status() == 0;
        });
        assertThat(last[0].out()).isEqualTo("web\n");
        Tools.await(() -> !outside.get("http://[2001:db8::1]:8090/").isEmpty());
        assertThat(outside.get("http://[2001:db8::1]:8090/")).isEqualTo("web\n");
        assertThat(host.get("http://[2001:db8::1]:8090/")).isEqualTo("web\n");
        assertThat(carafe.check("port", "web")).contains("0.0.0.0:8090", "[::]:8090");
        host.run("ip", "address", "del", "2001:db8::1/64", "dev", "cable0");
        outside.run("ip", "address", "del", "2001:db8::2/64", "dev", "cable0");
    }
}
