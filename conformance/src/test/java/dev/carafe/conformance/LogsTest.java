package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** {@code carafe logs}. */
class LogsTest extends CommandSuite {
    private void ended(String name, String script) {
        carafe.detached("--name", name, "busybox", "sh", "-c", script);
        carafe.check("wait", name);
    }

    @Test
    void printsBothStreamsApart() {
        ended("both", "echo out; echo err >&2; printf unfinished");
        Outcome outcome = carafe.call("logs", "both");
        assertThat(outcome.out()).isEqualTo("out\nunfinished");
        assertThat(outcome.error()).isEqualTo("err\n");
    }

    @Test
    void printsTheLastLines() {
        ended("counter", "seq 1 100");
        assertThat(carafe.check("logs", "--tail", "3", "counter")).isEqualTo("98\n99\n100\n");
        assertThat(carafe.check("logs", "-n", "0", "counter")).isEmpty();
        assertThat(carafe.check("logs", "counter").lines()).hasSize(100);
    }

    @Test
    void printsTimes() {
        Instant before = Instant.now();
        ended("timed", "echo one");
        String[] words = carafe.check("logs", "-t", "timed").trim().split(" ");
        assertThat(words[1]).isEqualTo("one");
        assertThat(Instant.parse(words[0])).isBetween(before.minusSeconds(1), Instant.now());
    }

    @Test
    void printsWhatCameSinceAndUntil() {
        ended("paced", "echo early; sleep 1.2; echo late");
        Instant late = Instant.parse(carafe.check("logs", "-t", "--tail", "1", "paced").split(" ")[0]);
        String between = late.minusMillis(500).toString();
        assertThat(carafe.check("logs", "--since", between, "paced")).isEqualTo("late\n");
        assertThat(carafe.check("logs", "--until", between, "paced")).isEqualTo("early\n");
        assertThat(carafe.check("logs", "--since", "1h", "paced")).isEqualTo("early\nlate\n");
        assertThat(carafe.call("logs", "--since", "yesterday", "paced").status()).isEqualTo(1);
    }

    @Test
    void followsUntilTheEnd() {
        carafe.detached("--name", "talker", "busybox", "sh", "-c", "for i in 1 2 3 4 5; do echo $i; sleep 0.1; done");
        try (Running follower = carafe.start("logs", "-f", "talker")) {
            follower.awaitOutput("1\n");
            assertThat(follower.await()).extracting(Outcome::out, Outcome::status).containsExactly("1\n2\n3\n4\n5\n", 0);
        }
    }

    @Test
    void keepsEverythingOfALongOutput() {
        ended("long", "seq 1 200000");
        String text = carafe.check("logs", "long");
        assertThat(text.lines().count()).isEqualTo(200000);
        assertThat(text).startsWith("1\n2\n").endsWith("199999\n200000\n");
    }

    @Test
    void areThoseOfAForegroundRunToo() {
        carafe.check("run", "--name", "front", "busybox", "echo", "seen");
        assertThat(carafe.check("logs", "front")).isEqualTo("seen\n");
    }

    @Test
    void canBeTurnedOff() {
        carafe.check("run", "--name", "silent", "--log-driver", "none", "busybox", "echo", "gone");
        Outcome outcome = carafe.call("logs", "silent");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).contains("\"silent\"");
    }
}
