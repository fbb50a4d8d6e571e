package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

/** Made, started, stopped, killed, waited for, looked at, removed. */
class ContainerCommandsTest extends CommandSuite {
    @Test
    void startsWhatWasCreated() {
        String id = carafe.check("create", "--name", "made", "busybox", "sh", "-c", "echo ran; exit 4").trim();
        assertThat(id).matches("[0-9a-f]{64}");
        assertThat(carafe.check("ps", "-a", "--format", "{{.Names}} {{.State}} {{.Status}}")).isEqualTo("made created Created\n");
        Outcome outcome = carafe.call("start", "-a", "made");
        assertThat(outcome.out()).isEqualTo("ran\n");
        assertThat(outcome.status()).isEqualTo(4);
        assertThat(carafe.check("start", "made")).isEqualTo("made\n");
        assertThat(carafe.check("wait", "made")).isEqualTo("4\n");
        assertThat(carafe.check("logs", "made")).isEqualTo("ran\nran\n");
    }

    @Test
    void startsWithInput() {
        carafe.check("create", "-i", "--name", "reader", "busybox", "cat");
        try (Running command = carafe.start("start", "-a", "-i", "reader")) {
            command.type("through\n");
            command.awaitOutput("through");
            carafe.check("ps");
            closeInput(command);
            assertThat(command.await()).extracting(Outcome::out, Outcome::status).containsExactly("through\n", 0);
        }
    }

    private static void closeInput(Running command) {
        try {
            command.in().close();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void keepsWhatItWroteBetweenStarts() {
        carafe.check("create", "--name", "again", "busybox", "sh", "-c", "echo line >> /file; wc -l < /file");
        assertThat(carafe.check("start", "-a", "again")).isEqualTo("1\n");
        assertThat(carafe.check("start", "-a", "again")).isEqualTo("2\n");
    }

    @Test
    void refusesToStartWhatRuns() {
        String id = carafe.detached("--name", "busy", "busybox", "sleep", "1000");
        Outcome outcome = carafe.call("start", "busy");
        // As docker: it is no error to start what runs.
        assertThat(outcome.status()).isIn(0, 1);
        assertThat(carafe.pid("busy")).isPositive();
        assertThat(carafe.containers()).containsExactly(id);
    }

    @Test
    void stopsWithTheSignalThatTheProgramWants() {
        carafe.detached("--name", "polite", "busybox", "sh", "-c", "trap 'echo bye; exit 5' TERM; while :; do sleep 0.05; done");
        Tools.pause(200);
        assertThat(carafe.check("stop", "polite")).isEqualTo("polite\n");
        assertThat(carafe.check("logs", "polite")).isEqualTo("bye\n");
        assertThat(carafe.state("polite").get("ExitCode").getAsInt()).isEqualTo(5);
        carafe.check("stop", "polite");
    }

    @Test
    void stopsWithAnotherSignal() {
        String script = "trap 'exit 6' USR1; while :; do sleep 0.05; done";
        carafe.detached("--name", "own", "--stop-signal", "USR1", "busybox", "sh", "-c", script);
        carafe.detached("--name", "asked", "busybox", "sh", "-c", script);
        Tools.pause(200);
        carafe.check("stop", "own");
        carafe.check("stop", "-s", "SIGUSR1", "asked");
        assertThat(carafe.state("own").get("ExitCode").getAsInt()).isEqualTo(6);
        assertThat(carafe.state("asked").get("ExitCode").getAsInt()).isEqualTo(6);
    }

    @Test
    void killsWhatDoesNotStopInTime() {
        carafe.detached("--name", "deaf", "busybox", "sleep", "1000");
        long begin = System.nanoTime();
        carafe.check("stop", "-t", "1", "deaf");
        assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(1000L, 8000L);
        assertThat(carafe.state("deaf").get("ExitCode").getAsInt()).isEqualTo(137);
        carafe.detached("--name", "deafer", "--stop-timeout", "1", "busybox", "sleep", "1000");
        carafe.check("stop", "deafer");
        assertThat(carafe.state("deafer").get("ExitCode").getAsInt()).isEqualTo(137);
    }

    @Test
    void sendsSignals() {
        carafe.detached("--name", "target", "busybox", "sh", "-c", "trap 'echo caught' HUP; while :; do sleep 0.05; done");
        Tools.pause(200);
        assertThat(carafe.check("kill", "-s", "HUP", "target")).isEqualTo("target\n");
        assertThat(Tools.await(() -> carafe.check("logs", "target").equals("caught\n"))).isTrue();
        assertThat(carafe.isRunning("target")).isTrue();
        carafe.check("kill", "target");
        assertThat(carafe.check("wait", "target")).isEqualTo("137\n");
        Outcome again = carafe.call("kill", "target");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.error()).contains("not running");
        assertThat(carafe.call("kill", "-s", "NOSUCH", "target").error()).contains("NOSUCH");
    }

    @Test
    void removesOnlyWhatDoesNotRunUnlessForced() {
        carafe.detached("--name", "one", "busybox", "sleep", "1000");
        Outcome refused = carafe.call("rm", "one");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.error()).contains("\"one\"").hasLineCount(1);
        assertThat(carafe.check("rm", "-f", "one")).isEqualTo("one\n");
        assertThat(carafe.call("rm", "one").status()).isEqualTo(1);
        assertThat(carafe.containers()).isEmpty();
    }

    @Test
    void findsContainersByNameIdAndItsFirstDigits() {
        String id = carafe.check("create", "--name", "findable", "busybox").trim();
        assertThat(carafe.check("inspect", "--format", "{{.Name}}", id.substring(0, 5))).isEqualTo("/findable\n");
        assertThat(carafe.check("inspect", "--format", "{{.Id}}", "findable")).isEqualTo(id + "\n");
    }

    @Test
    void listsAndFilters() {
        String running = carafe.detached("--name", "up", "--label", "tier=web", "busybox", "sleep", "1000");
        String ended = carafe.detached("--name", "down", "busybox", "sh", "-c", "exit 9");
        carafe.check("wait", "down");
        carafe.check("create", "--name", "new", "busybox");
        assertThat(carafe.check("ps", "-q")).isEqualTo(running.substring(0, 12) + "\n");
        assertThat(carafe.check("ps", "-q", "--no-trunc")).isEqualTo(running + "\n");
        assertThat(carafe.check("ps", "-a", "--format", "{{.Names}}")).isEqualTo("new\ndown\nup\n");
        assertThat(carafe.check("ps", "--filter", "exited=9", "--format", "{{.ID}}")).isEqualTo(ended.substring(0, 12) + "\n");
        assertThat(carafe.check("ps", "-a", "--filter", "status=created", "--format", "{{.Names}}")).isEqualTo("new\n");
        assertThat(carafe.check("ps", "-a", "--filter", "name=ow", "--format", "{{.Names}}")).isEqualTo("down\n");
        assertThat(carafe.check("ps", "-a", "--filter", "ancestor=busybox", "-q").lines()).hasSize(3);
        assertThat(carafe.check("ps", "-a", "--filter", "before=down", "--format", "{{.Names}}")).isEqualTo("up\n");
        assertThat(carafe.check("ps", "-l", "--format", "{{.Names}}")).isEqualTo("new\n");
        assertThat(carafe.check("ps", "-n", "2", "--format", "{{.Names}}")).isEqualTo("new\ndown\n");
        assertThat(carafe.check("ps", "--format", "table {{.Names}}\t{{.Image}}").lines().toList()).element(0).asString().matches("NAMES\\s+IMAGE");
        JsonObject row = JsonParser.parseString(carafe.check("ps", "--format", "json")).getAsJsonObject();
        assertThat(row.get("Names").getAsString()).isEqualTo("up");
        assertThat(row.get("Labels").getAsString()).contains("tier=web");
        assertThat(carafe.check("ps").lines().findFirst().orElseThrow()).matches("CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES");
        assertThat(carafe.call("ps", "--filter", "nonsense=1").status()).isEqualTo(1);
    }

    @Test
    void inspectsAsDockerDoes() {
        String id = carafe.detached("--name", "seen", "-e", "A=b", "-m", "32m", "busybox", "sleep", "1000");
        JsonObject all = carafe.inspect("seen");
        assertThat(all.get("Id").getAsString()).isEqualTo(id);
        assertThat(all.get("Name").getAsString()).isEqualTo("/seen");
        assertThat(all.getAsJsonObject("State").get("Status").getAsString()).isEqualTo("running");
        assertThat(all.getAsJsonObject("State").get("Pid").getAsInt()).isPositive();
        assertThat(all.getAsJsonObject("Config").getAsJsonArray("Env").toString()).contains("A=b");
        assertThat(all.getAsJsonObject("HostConfig").get("Memory").getAsLong()).isEqualTo(33554432);
        assertThat(carafe.check("inspect", "--format", "{{.State.Running}} {{json .Config.Cmd}} {{.HostConfig.Memory}}", "seen"))
                .isEqualTo("true [\"sleep\",\"1000\"] 33554432\n");
        Outcome missing = carafe.call("inspect", "nobody");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.out().strip()).isIn("", "[]");
        assertThat(missing.error()).contains("nobody").hasLineCount(1);
        assertThat(carafe.call("inspect", "--format", "{{.Nothing", "seen").error()).hasLineCount(1);
    }

    @Test
    void waitsForSeveral() {
        carafe.detached("--name", "first", "busybox", "sh", "-c", "sleep 0.3; exit 1");
        carafe.detached("--name", "second", "busybox", "sh", "-c", "exit 2");
        assertThat(carafe.check("wait", "first", "second")).isEqualTo("1\n2\n");
    }

    @Test
    void explainsHowAContainerWasStarted() {
        carafe.detached("--name", "explained", "busybox", "sleep", "1000");
        String text = carafe.check("explain", "explained");
        assertThat(text).contains("pivot_root", "execve", "seccomp");
        assertThat(JsonParser.parseString(carafe.check("explain", "--format", "json", "explained")).getAsJsonArray()).hasSizeGreaterThan(50)
                .anyMatch(step -> step.getAsJsonObject().has("nanoseconds") && step.getAsJsonObject().get("nanoseconds").getAsLong() > 0);
    }

    @Test
    void countsWhatIsOnDisk() {
        carafe.check("create", "--name", "counted", "busybox");
        assertThat(carafe.check("system", "df")).contains("Images", "Containers");
        assertThat(carafe.check("info")).contains(carafe.root().toString());
        assertThat(carafe.check("version")).contains("0.1.0");
        assertThat(carafe.check("--version")).startsWith("Carafe version ");
    }
}
