package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Killed in the middle: the engine before each message by which it makes networks ready, the monitor before each instruction that connects a container. */
@Timeout(400)
class NetworkKillTest {
    private static final int MOST_MESSAGES = 60;

    private TestHost host;
    private Carafe carafe;

    @BeforeEach
    void open() {
        host = new TestHost();
        carafe = Carafe.open(EngineMode.IN_PROCESS, host);
    }

    @AfterEach
    void close() {
        if (carafe != null) {
            carafe.call("rm", "-f", "victim");
            carafe.call("network", "rm", "doomed");
            carafe.close();
        }
        host.close();
    }

    private Outcome probe(String who, String moment) {
        var words = new ArrayList<>(host.prefix());
        words.addAll(KillProbe.command(who, Carafe.program().toString(), carafe.root().toString(), carafe.run().toString(), carafe.group(), moment));
        var builder = new ProcessBuilder(words);
        builder.environment().put("CARAFE_RUN_ROOT", carafe.run().toString());
        return new Running(builder).await();
    }

    private List<String> leases() {
        Path leases = carafe.run().resolve("leases");
        var found = new ArrayList<String>();
        for (String network : leases.toFile().list()) {
            if (!network.startsWith(".") || network.equals(".ports")) {
                String[] names = leases.resolve(network).toFile().list();
                found.addAll(names == null ? List.of() : List.of(names));
            }
        }
        return found;
    }

    @Test
    void anEngineThatDiesBeforeAnyOfItsMessagesLeavesNothing() {
        int deaths = 0;
        for (int moment = 1; moment < MOST_MESSAGES; moment++) {
            Outcome outcome = probe("engine", Integer.toString(moment));
            if (outcome.status() == 0) {
                break;
            }
            assertThat(outcome.status()).as("moment " + moment + ": " + outcome).isEqualTo(137);
            deaths++;
            // The next command of anybody: what is left half made is completed or taken back.
            carafe.check("rm", "-f", "victim");
            assertThat(carafe.check("run", "--rm", "--network", "doomed", "-p", "8200:80", "busybox", "ip", "route")).as("moment " + moment).contains("default via");
            Tools.await(() -> !host.hasEndpoints() && leases().isEmpty());
            assertThat(host.hasEndpoints()).as("moment " + moment).isFalse();
            assertThat(leases()).as("moment " + moment).isEmpty();
            assertThat(host.rules()).as("moment " + moment).doesNotContain("8200");
            carafe.check("network", "rm", "doomed");
            host.run("nft", "flush", "ruleset");
        }
        assertThat(deaths).as("moments to die at").isGreaterThan(5);
    }

    @Test
    void aMonitorThatDiesBeforeAnyOfItsInstructionsLeavesNothing() {
        Outcome outcome = probe("monitor", "0");
        assertThat(outcome.status()).as(outcome.toString()).isZero();
        List<String> lines = outcome.out().lines().toList();
        assertThat(lines.stream().filter(line -> line.startsWith("clean ")).count()).as(outcome.toString()).isGreaterThan(30);
        assertThat(lines).noneMatch(line -> line.startsWith("left ") || line.startsWith("alive ")).contains("done");
        assertThat(host.rules()).doesNotContain("8200").doesNotContain("8201");
        assertThat(leases()).isEmpty();
    }
}
