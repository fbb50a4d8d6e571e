package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code carafe run --plan}: prints, changes nothing, needs no privilege. */
class PlanCommandTest extends CommandSuite {
    @Test
    void printsTheOperationsAndMakesNothing() {
        String text = carafe.check("run", "--plan", "--name", "planned", "-m", "64m", "busybox", "sh", "-c", "echo hi");
        assertThat(text).contains("pivot_root", "execve", "67108864", "overlay");
        assertThat(carafe.containers()).isEmpty();
        assertThat(JsonParser.parseString(carafe.check("run", "--plan=json", "busybox", "true")).getAsJsonArray()).hasSizeGreaterThan(50);
    }

    @Test
    void worksForAnyUser() {
        assumeThat(Tools.has("setpriv")).as("setpriv is installed").isTrue();
        for (String form : List.of("--plan", "--plan=json")) {
            Outcome outcome = asNobody("run", form, "busybox", "echo", "hi");
            assertThat(outcome.status()).as(outcome.toString()).isZero();
            assertThat(outcome.out()).contains("pivot_root");
        }
    }

    private static Outcome asNobody(String... words) {
        ProcessBuilder builder = carafe.builder(words);
        var all = new java.util.ArrayList<String>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        all.addAll(builder.command());
        builder.command(all).directory(Path.of("/").toFile());
        return new Running(builder).await();
    }

    @Test
    void tellsAnotherUserWhyNothingElseWorks() {
        assumeThat(Tools.has("setpriv")).as("setpriv is installed").isTrue();
        Outcome outcome = asNobody("run", "--rm", "busybox", "true");
        assertThat(outcome.status()).isEqualTo(125);
        assertThat(outcome.error()).contains("root").hasLineCount(1);
    }

    @Test
    void refusesWhatTheRunItselfWouldRefuse() {
        assertThat(carafe.call("run", "--plan", "nosuch").status()).isNotZero();
        assertThat(carafe.call("run", "--plan", "--cap-add", "NET_WIZARD", "busybox").status()).isNotZero();
    }
}
