package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The servers of names within the namespaces of containers, on a host of their own; real questions. */
@Timeout(180)
class NameServerTest {
    private static final String SERVER = "127.0.0.11";

    static TestHost host;
    static Carafe carafe;
    static List<String> links;

    @BeforeAll
    static void open() {
        host = new TestHost();
        carafe = Carafe.open(EngineMode.WARM, host);
        Tools.await(() -> !host.hasEndpoints());
        links = host.links();
    }

    @AfterAll
    static void close() {
        if (carafe != null) {
            carafe.close();
        }
        host.close();
    }

    @AfterEach
    void nothingIsLeft() {
        carafe.removeContainers();
        for (String id : carafe.check("network", "ls", "-q", "--filter", "type=custom").lines().toList()) {
            carafe.check("network", "rm", id);
        }
        Tools.await(() -> host.links().equals(links));
        assertThat(host.links()).as("a server lets go of its namespace").isEqualTo(links);
        carafe.residue().assertNone("after the test");
        carafe.mark();
    }

    private static String sleeper(String name, String... options) {
        var words = new ArrayList<>(List.of("--name", name));
        words.addAll(List.of(options));
        words.addAll(List.of("busybox", "sleep", "1000"));
        return carafe.detached(words.toArray(String[]::new));
    }

    private static ProcessBuilder inside(String container, String... probe) {
        var words = new ArrayList<>(List.of("nsenter", "-t", Integer.toString(carafe.pid(container)), "-n"));
        words.addAll(DnsProbe.command(probe));
        return new ProcessBuilder(words);
    }

    /** The code and the answers. */
    private static Answer ask(String container, String... question) {
        var words = new ArrayList<>(List.of("ask", SERVER));
        words.addAll(List.of(question));
        Outcome outcome = new Running(inside(container, words.toArray(String[]::new))).await();
        assertThat(outcome.status()).as(outcome.toString()).isZero();
        List<String> lines = outcome.out().lines().toList();
        return new Answer(lines.getFirst(), lines.subList(1, lines.size()));
    }

    private record Answer(String head, List<String> records) {
        String code() {
            return head.split(" ")[0];
        }
    }

    private static String address(String container, String network) {
        return carafe.inspect(container).getAsJsonObject("NetworkSettings").getAsJsonObject("Networks").getAsJsonObject(network).get("IPAddress").getAsString();
    }

    /** A server where the machine's first one is supposed to be. */
    private static Running upstream() {
        String server = Tools.read(Path.of("/etc/resolv.conf")).lines().filter(line -> line.startsWith("nameserver")).map(line -> line.split("[ \t]+")[1]).findFirst().orElse("");
        assumeThat(server).as("the first server in the machine's resolv.conf, by an IPv4 address").matches("[0-9.]+");
        host.call("ip", "address", "add", server + "/32", "dev", "lo");
        Running running = host.start(DnsProbe.command("serve", server).toArray(String[]::new));
        running.awaitOutput("ready");
        return running;
    }

    @Test
    void theVeryFirstQuestionIsAnswered() {
        carafe.check("network", "create", "--ipv6", "--subnet", "10.90.0.0/24", "--subnet", "fd00:90::/64", "town");
        sleeper("db", "--network", "town");
        assertThat(carafe.check("run", "--rm", "--network", "town", "busybox", "nslookup", "db")).contains("Address: 10.90.0.2", "Address: fd00:90::2");
        assertThat(carafe.check("run", "--rm", "--network", "town", "busybox", "cat", "/etc/resolv.conf")).startsWith("nameserver 127.0.0.11\n").contains("ndots:0");
        assertThat(carafe.check("run", "--rm", "busybox", "cat", "/etc/resolv.conf")).as("the usual network has no names").doesNotContain("127.0.0.11");
    }

    @Test
    void neighboursAreFoundByAllTheirNamesAndByTheirAddresses() {
        carafe.check("network", "create", "--ipv6", "--subnet", "10.91.0.0/24", "--subnet", "fd00:91::/64", "town");
        String id = sleeper("Server", "--network", "town", "--network-alias", "shop");
        sleeper("second", "--network", "town", "--network-alias", "shop");
        sleeper("asker", "--network", "town");
        for (String name : List.of("server", "SERVER", "Server.town", id.substring(0, 12))) {
            assertThat(ask("asker", "A", name).records()).as(name).containsExactly("10.91.0.2");
            assertThat(ask("asker", "A", name, "tcp").records()).as(name).containsExactly("10.91.0.2");
        }
        assertThat(ask("asker", "AAAA", "server").records()).containsExactly("fd00:91:0:0:0:0:0:2");
        assertThat(ask("asker", "A", "asker").records()).as("itself").containsExactly("10.91.0.4");
        assertThat(ask("asker", "PTR", "2.0.91.10.in-addr.arpa").records()).containsExactly("Server.town.");
        String six = "2." + "0.".repeat(23) + "1.9.0.0.0.0.d.f.ip6.arpa";
        assertThat(ask("asker", "PTR", six).records()).as(six).containsExactly("Server.town.");
        assertThat(ask("asker", "MX", "server").head()).as("nothing of another kind, and nobody else is asked").startsWith("0 recursion 0");
        var first = new TreeSet<String>();
        for (int k = 0; k < 4; k++) {
            List<String> holders = ask("asker", "A", "shop").records();
            assertThat(holders).containsExactlyInAnyOrder("10.91.0.2", "10.91.0.3");
            first.add(holders.getFirst());
        }
        assertThat(first).as("each holder comes first in turn").hasSize(2);
        carafe.check("rename", "second", "renamed");
        assertThat(ask("asker", "A", "renamed").records()).containsExactly("10.91.0.3");
        assertThat(ask("asker", "A", "second").records()).isEmpty();
        carafe.check("rm", "-f", "renamed");
        assertThat(ask("asker", "A", "renamed").records()).isEmpty();
        assertThat(ask("asker", "A", "shop").records()).containsExactly("10.91.0.2");
    }

    @Test
    void strangersAreNotTold() {
        carafe.check("network", "create", "red");
        carafe.check("network", "create", "blue");
        sleeper("inred", "--network", "red", "--network-alias", "both");
        sleeper("inblue", "--network", "blue", "--network-alias", "both");
        sleeper("usual");
        assertThat(ask("inred", "A", "both").records()).containsExactly(address("inred", "red"));
        assertThat(ask("inred", "A", "inblue").records()).isEmpty();
        assertThat(ask("inred", "A", "usual").records()).isEmpty();
        String[] parts = address("inblue", "blue").split("\\.");
        assertThat(ask("inred", "PTR", parts[3] + "." + parts[2] + "." + parts[1] + "." + parts[0] + ".in-addr.arpa").records()).isEmpty();
        carafe.check("network", "connect", "--alias", "visitor", "blue", "inred");
        assertThat(ask("inred", "A", "inblue").records()).containsExactly(address("inblue", "blue"));
        assertThat(ask("inred", "A", "both").records()).hasSize(2);
        assertThat(ask("inblue", "A", "visitor").records()).containsExactly(address("inred", "blue"));
        carafe.check("network", "disconnect", "blue", "inred");
        assertThat(ask("inred", "A", "inblue").records()).isEmpty();
        assertThat(ask("inblue", "A", "visitor").records()).isEmpty();
        carafe.check("network", "connect", "blue", "usual");
        assertThat(carafe.check("exec", "usual", "cat", "/etc/resolv.conf")).as("it has neighbours from now on").startsWith("nameserver 127.0.0.11\n");
        assertThat(ask("usual", "A", "inblue").records()).hasSize(1);
        carafe.check("network", "disconnect", "blue", "usual");
        assertThat(carafe.check("exec", "usual", "cat", "/etc/resolv.conf")).doesNotContain("127.0.0.11");
    }

    @Test
    void otherNamesAreAskedOfTheHostsServers() {
        carafe.check("network", "create", "town");
        carafe.check("network", "create", "--internal", "--subnet", "10.92.0.0/24", "inner");
        sleeper("asker", "--network", "town");
        sleeper("secluded", "--network", "inner");
        try (Running server = upstream()) {
            assertThat(ask("asker", "A", "7.example.test").records()).containsExactly("192.0.2.7");
            assertThat(ask("asker", "A", "7.example.test", "tcp").records()).containsExactly("192.0.2.7");
            assertThat(ask("asker", "A", "none.example.test").code()).as("no such name").isEqualTo("3");
            assertThat(ask("asker", "A", "fail.example.test").code()).isEqualTo("2");
            assertThat(ask("asker", "A", "big.example.test").head()).as("too much for a datagram").startsWith("0 cut");
            assertThat(ask("asker", "A", "big.example.test", "tcp").records()).hasSize(100);
            assertThat(server.out()).contains("udp 7.example.test.", "tcp 7.example.test.", "tcp big.example.test.");
            assertThat(ask("secluded", "A", "7.leak.test").code()).as("who reaches nobody outside asks nobody outside").isEqualTo("2");
            assertThat(server.out()).doesNotContain("leak");
        }
    }

    @Test
    void serversThatAreNamedAreAskedFromWithin() {
        carafe.check("network", "create", "town");
        sleeper("asker", "--network", "town", "--dns", "127.0.0.1", "--dns-search", "example.test", "--dns-option", "timeout:1", "--dns-option", "ndots:2");
        assertThat(carafe.check("exec", "asker", "cat", "/etc/resolv.conf")).isEqualTo("nameserver 127.0.0.11\nnameserver 127.0.0.1\nsearch example.test\noptions timeout:1 ndots:2\n");
        // A server of its own on port 53 of every address has room beside that of the engine.
        try (Running own = new Running(inside("asker", "serve", "0.0.0.0"))) {
            own.awaitOutput("ready");
            assertThat(ask("asker", "A", "7.example.test").records()).containsExactly("192.0.2.7");
            assertThat(ask("asker", "A", "asker").records()).hasSize(1);
            assertThat(own.out()).contains("7.example.test").doesNotContain("asker");
        }
    }

    @Test
    void anEngineThatIsKilledIsReplaced() throws Exception {
        carafe.check("network", "create", "town");
        sleeper("one", "--network", "town");
        sleeper("two", "--network", "town");
        String address = address("two", "town");
        ProcessBuilder asking = inside("one", "ask", SERVER, "A", "two");
        carafe.killEngine();
        assertThat(new Running(asking).await().out()).as("nobody is there, and says so at once").isEqualTo("refused\n");
        Outcome ping = Tools.run("nsenter", "-t", asking.command().get(2), "-n", "-m", "busybox", "ping", "-c", "1", "-W", "2", "two");
        assertThat(ping.out()).as("the hosts file has the name").contains("1 packets received");
        carafe.check("ps");
        String[] last = new String[1];
        Tools.await(() -> {
            last[0] = new Running(asking).await().out();
            return !last[0].equals("refused\n");
        });
        assertThat(last[0]).endsWith("\n" + address + "\n");
        assertThat(Files.exists(carafe.run().resolve("leases/.names"))).isTrue();
    }

    @Test
    void nobodyIsHurtByNonsenseOrFloods() {
        carafe.check("network", "create", "town");
        sleeper("server", "--network", "town");
        sleeper("bad", "--network", "town");
        sleeper("good", "--network", "town");
        Outcome annoyed = new Running(inside("bad", "annoy", SERVER)).await();
        assertThat(annoyed.out()).as(annoyed.toString()).contains("heard ", "connected ");
        assertThat(ask("bad", "A", "server").records()).hasSize(1);
        assertThat(ask("bad", "A", "server", "tcp").records()).hasSize(1);
        try (Running storm = new Running(inside("bad", "storm", SERVER, "8"))) {
            storm.awaitOutput("storming");
            for (int k = 0; k < 5; k++) {
                assertThat(ask("good", "A", "server").records()).as("while a neighbour storms").hasSize(1);
            }
            assertThat(carafe.check("ps", "-q")).as("the engine serves").isNotEmpty();
        }
    }
}
