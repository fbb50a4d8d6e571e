package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What containers use, what happens to them, and why they ended. */
class UsageTest extends CommandSuite {
    private static String now() {
        return Long.toString(System.currentTimeMillis() / 1000);
    }

    @Test
    void showsWhatIsUsed() {
        carafe.detached("--name", "busy", "-m", "64m", "busybox", "sh", "-c", "while :; do :; done");
        List<String> lines = carafe.check("stats", "--no-stream", "busy").lines().toList();
        assertThat(lines.getFirst()).matches("CONTAINER ID +NAME +CPU % +MEM USAGE / LIMIT +MEM % +NET I/O +BLOCK I/O +PIDS");
        assertThat(lines.get(1)).matches("[0-9a-f]{12} +busy +[0-9.]+% +[0-9.]+[KM]iB / 64MiB +[0-9.]+% +0B / 0B +[0-9.]+k?M?B / [0-9.]+k?M?B +1");
        JsonObject row = JsonParser.parseString(carafe.check("stats", "--no-stream", "--format", "json", "busy")).getAsJsonObject();
        assertThat(row.keySet()).containsExactly("BlockIO", "CPUPerc", "Container", "ID", "MemPerc", "MemUsage", "Name", "NetIO", "PIDs");
        assertThat(Double.parseDouble(row.get("CPUPerc").getAsString().replace("%", ""))).isPositive();
        carafe.check("kill", "busy");
        carafe.check("wait", "busy");
        assertThat(carafe.check("stats", "--no-stream").lines()).hasSize(1);
        assertThat(carafe.check("stats", "--no-stream", "-a", "--format", "{{.Name}} {{.CPUPerc}} {{.MemUsage}} {{.PIDs}}")).isEqualTo("busy 0.00% 0B / 0B 0\n");
        assertThat(carafe.call("stats", "--no-stream", "nobody").status()).isEqualTo(1);
    }

    @Test
    void streamsWhatIsUsed() {
        carafe.detached("--name", "idle", "busybox", "sleep", "1000");
        try (Running stream = carafe.start("stats")) {
            stream.awaitOutput("idle");
            Tools.await(() -> stream.out().split("CONTAINER ID", -1).length > 2);
            assertThat(stream.out()).startsWith("\033[HCONTAINER ID").contains("\033[K\n").contains("\033[J");
            stream.signal("KILL");
            Tools.await(() -> !stream.isAlive());
        }
    }

    @Test
    void tellsWhatHappened() {
        String since = now();
        String id = carafe.detached("--name", "lively", "--label", "k=v", "busybox", "sleep", "1000");
        carafe.check("pause", "lively");
        carafe.check("unpause", "lively");
        carafe.check("rename", "lively", "other");
        carafe.check("stop", "-t", "0", "other");
        carafe.check("rm", "other");
        String until = Long.toString(System.currentTimeMillis() / 1000 + 1);
        assertThat(carafe.check("events", "--since", since, "--until", until, "--filter", "label=k=v", "--format", "{{.Action}}").lines())
                .containsExactly("create", "start", "pause", "unpause", "rename", "kill", "kill", "die", "stop", "destroy");
        assertThat(carafe.check("events", "--since", since, "--until", until, "--filter", "event=rename", "--filter", "container=" + id))
                .matches("20[0-9-]+T[0-9:.]{18}Z container rename " + id + " \\(image=busybox, k=v, name=other, oldName=/lively\\)\n");
        JsonObject die = JsonParser.parseString(carafe.check("events", "--since", since, "--until", until, "--filter", "container=" + id, "--filter",
                "event=die", "--format", "{{json .}}")).getAsJsonObject();
        assertThat(die.keySet()).containsExactly("status", "id", "from", "Type", "Action", "Actor", "scope", "time", "timeNano");
        assertThat(die.getAsJsonObject("Actor").getAsJsonObject("Attributes").get("exitCode").getAsString()).isEqualTo("137");
        assertThat(carafe.call("events", "--filter", "moon=full", "--until", until).status()).isNotZero();
    }

    @Test
    void tellsWhatHappensEvenWhenNoEngineSawIt() {
        try (Running stream = carafe.start("events", "--filter", "type=container", "--format", "{{.Action}} {{.Actor.Attributes.name}}")) {
            Tools.pause(1500);
            carafe.check("run", "--rm", "--name", "brief", "busybox", "true");
            carafe.detached("--name", "alone", "busybox", "sh", "-c", "sleep 1; exit 3");
            stream.awaitOutput("die alone");
            assertThat(stream.out().lines().filter(line -> line.endsWith(" brief"))).containsExactly("create brief", "start brief", "die brief", "destroy brief");
            assertThat(stream.out().lines().filter(line -> line.equals("die alone"))).hasSize(1);
            stream.signal("KILL");
            Tools.await(() -> !stream.isAlive());
        }
    }

    @Test
    void volumesHaveEventsToo() {
        String since = now();
        carafe.check("volume", "create", "told");
        carafe.check("volume", "rm", "told");
        String until = Long.toString(System.currentTimeMillis() / 1000 + 1);
        assertThat(carafe.check("events", "--since", since, "--until", until, "--filter", "volume=told", "--format", "{{.Type}} {{.Action}}"))
                .isEqualTo("volume create\nvolume destroy\n");
    }

    @Test
    void saysWhyAContainerEnded() {
        carafe.call("run", "--name", "eater", "-m", "16m", "busybox", "sh", "-c", "head -c 100m /dev/zero | tail");
        assertThat(carafe.check("why-exited", "eater")).contains("lack of memory").contains("16MiB");
        carafe.call("run", "--name", "loud", "busybox", "sh", "-c", "echo bad thing >&2; exit 3");
        assertThat(carafe.check("why-exited", "loud")).startsWith("loud ended by itself with status 3").contains("\"bad thing\"");
        carafe.call("run", "--name", "missing", "busybox", "nosuchcommand");
        assertThat(carafe.check("why-exited", "missing")).startsWith("missing could not be started: ");
        carafe.detached("--name", "killed", "busybox", "sleep", "1000");
        assertThat(carafe.check("why-exited", "killed")).startsWith("killed has not ended");
        carafe.check("kill", "killed");
        carafe.check("wait", "killed");
        assertThat(carafe.check("why-exited", "killed")).startsWith("killed was ended by signal SIGKILL").contains("somebody asked for signal SIGKILL");
        carafe.check("create", "--name", "made", "busybox");
        assertThat(carafe.check("why-exited", "made")).isEqualTo("made was never started.\n");
    }
}
