package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Paused, renamed, restarted, given other limits, looked into. */
class LifeTest extends CommandSuite {
    private static final String COUNTER = "n=0; while :; do n=$((n+1)); echo $n > /count; sleep 0.02; done";

    private static String count(String name) {
        return Tools.read(Path.of("/proc/" + carafe.pid(name) + "/root/count"));
    }

    @Test
    void aPausedContainerStandsStill() {
        carafe.detached("--name", "still", "busybox", "sh", "-c", COUNTER);
        Tools.await(() -> !count("still").isEmpty());
        assertThat(carafe.check("pause", "still")).isEqualTo("still\n");
        String before = count("still");
        Tools.pause(300);
        assertThat(count("still")).isEqualTo(before);
        JsonObject state = carafe.state("still");
        assertThat(state.get("Status").getAsString()).isEqualTo("paused");
        assertThat(state.get("Running").getAsBoolean()).isTrue();
        assertThat(state.get("Paused").getAsBoolean()).isTrue();
        assertThat(carafe.check("ps", "--format", "{{.Names}} {{.State}} {{.Status}}")).matches("still paused Up .* \\(Paused\\)\n");
        assertThat(carafe.check("ps", "-q", "--filter", "status=running")).isEmpty();
        assertThat(carafe.check("ps", "-q", "--filter", "status=paused")).isNotEmpty();
        assertThat(carafe.check("unpause", "still")).isEqualTo("still\n");
        Tools.await(() -> !count("still").equals(before));
        assertThat(carafe.state("still").get("Status").getAsString()).isEqualTo("running");
    }

    @Test
    void refusesWhatAPausedContainerCannotDo() {
        String id = carafe.detached("--name", "still", "busybox", "sleep", "1000");
        assertThat(carafe.call("unpause", "still")).extracting(Outcome::status, Outcome::error)
                .containsExactly(1, "carafe: unpause \"still\": container " + id + " is not paused\n");
        carafe.check("pause", "still");
        assertThat(carafe.call("pause", "still").error()).isEqualTo("carafe: pause \"still\": container " + id + " is already paused\n");
        assertThat(carafe.call("exec", "still", "true")).extracting(Outcome::status, Outcome::error)
                .containsExactly(1, "carafe: exec in \"still\": container " + id + " is paused; unpause it first\n");
        assertThat(carafe.call("rm", "still")).extracting(Outcome::status, Outcome::error)
                .containsExactly(1, "carafe: remove \"still\": container " + id + " is paused; unpause and stop it first, or use -f\n");
        assertThat(carafe.call("pause", "nobody").status()).isEqualTo(1);
    }

    @Test
    void aPausedContainerCanBeStoppedKilledAndRemoved() {
        for (List<String> end : List.of(List.of("stop", "-t", "5", "still"), List.of("kill", "still"), List.of("rm", "-f", "still"))) {
            carafe.detached("--name", "still", "busybox", "sh", "-c", "trap 'exit 3' TERM; while :; do sleep 0.05; done");
            Tools.pause(100);
            carafe.check("pause", "still");
            carafe.check(end.toArray(String[]::new));
            if (!end.getFirst().equals("rm")) {
                carafe.check("wait", "still");
                assertThat(carafe.state("still").get("ExitCode").getAsInt()).isEqualTo(end.getFirst().equals("stop") ? 3 : 137);
                carafe.check("rm", "still");
            }
        }
    }

    @Test
    void renames() {
        String id = carafe.detached("--name", "old", "busybox", "sleep", "1000");
        carafe.detached("--name", "other", "busybox", "sleep", "1000");
        assertThat(carafe.check("rename", "old", "new")).isEmpty();
        assertThat(carafe.inspect("new").get("Id").getAsString()).isEqualTo(id);
        assertThat(carafe.inspect("new").get("Name").getAsString()).isEqualTo("/new");
        assertThat(carafe.call("container", "exists", "old").status()).isEqualTo(1);
        assertThat(carafe.call("rename", "new", "new").error()).isEqualTo("carafe: rename \"new\": that is its name already\n");
        Outcome taken = carafe.call("rename", "new", "other");
        assertThat(taken.status()).isEqualTo(1);
        assertThat(taken.error()).startsWith("carafe: rename to \"other\": the name is in use by container ");
        assertThat(carafe.call("rename", "new", "/bad!").status()).isEqualTo(1);
        carafe.detached("--name", "old", "busybox", "true");
    }

    @Test
    void aRenameThatWasCutShortLeavesNoNameBehind() throws Exception {
        String id = carafe.detached("--name", "kept", "busybox", "sleep", "1000");
        // What a process leaves that is killed between taking the new name and writing the record.
        Files.createSymbolicLink(carafe.root().resolve("names/stray"), Path.of(id));
        assertThat(carafe.check("run", "-d", "--name", "stray", "busybox", "true").trim()).hasSize(64).isNotEqualTo(id);
        assertThat(carafe.inspect("kept").get("Id").getAsString()).isEqualTo(id);
    }

    @Test
    void restartsWhatRunsAndWhatDoesNot() {
        carafe.detached("--name", "again", "busybox", "sh", "-c", "echo x >> /starts; exec sleep 1000");
        int first = carafe.pid("again");
        assertThat(carafe.check("restart", "-t", "0", "again")).isEqualTo("again\n");
        assertThat(carafe.pid("again")).isNotEqualTo(first);
        carafe.check("stop", "-t", "0", "again");
        carafe.check("restart", "again");
        Tools.await(() -> carafe.call("exec", "again", "wc", "-l", "/starts").out().startsWith("3 "));
        assertThat(carafe.call("restart", "nobody").status()).isEqualTo(1);
    }

    @Test
    void restartKeepsWhatIsToBeRemovedAtItsEnd() {
        carafe.detached("--name", "brief", "--rm", "busybox", "sleep", "1000");
        carafe.check("restart", "-t", "0", "brief");
        Tools.pause(300);
        assertThat(carafe.isRunning("brief")).isTrue();
        carafe.check("kill", "brief");
        Tools.await(() -> carafe.check("ps", "-aq").isEmpty());
    }

    @Test
    void givesARunningContainerOtherLimits() {
        carafe.detached("--name", "limited", "-m", "64m", "busybox", "sleep", "1000");
        assertThat(carafe.check("update", "--memory", "96m", "--memory-swap", "200m", "--pids-limit", "50", "--cpus", "0.5", "limited")).isEqualTo("limited\n");
        String group = Tools.read(Path.of("/proc/" + carafe.pid("limited") + "/cgroup"));
        assertThat(limits(group)).containsExactly(96L << 20, 50L, 50_000L);
        JsonObject host = carafe.inspect("limited").getAsJsonObject("HostConfig");
        assertThat(host.get("Memory").getAsLong()).isEqualTo(96L << 20);
        assertThat(host.get("NanoCpus").getAsLong()).isEqualTo(500_000_000L);
        carafe.check("restart", "-t", "0", "limited");
        assertThat(limits(Tools.read(Path.of("/proc/" + carafe.pid("limited") + "/cgroup")))).containsExactly(96L << 20, 50L, 50_000L);
        assertThat(carafe.call("update", "limited").status()).isEqualTo(1);
        assertThat(carafe.call("update", "--memory", "1m", "limited").error()).contains("minimum memory limit allowed is 6MB");
        assertThat(carafe.call("update", "--cpu-period", "20000", "limited").error()).contains("cannot be updated as cpus has already been set");
        assertThat(carafe.call("update", "--memory", "300m", "limited").error()).contains("give --memory-swap at the same time");
    }

    /** Memory, tasks, and microseconds of CPU in each period, in whichever version of control groups the controllers are. */
    private static List<Long> limits(String membership) {
        Path memory = group(membership, "memory");
        boolean v1 = Files.exists(memory.resolve("memory.limit_in_bytes"));
        return List.of(number(memory.resolve(v1 ? "memory.limit_in_bytes" : "memory.max")), number(group(membership, "pids").resolve("pids.max")),
                number(group(membership, "cpu").resolve(v1 ? "cpu.cfs_quota_us" : "cpu.max")));
    }

    private static Path group(String membership, String controller) {
        for (String line : membership.split("\n")) {
            String[] parts = line.split(":", 3);
            if (List.of(parts[1].split(",")).contains(controller)) {
                return Path.of("/sys/fs/cgroup", controller, parts[2]);
            }
        }
        String unified = membership.lines().filter(line -> line.startsWith("0::")).findFirst().orElseThrow().substring(3);
        return Path.of("/sys/fs/cgroup", unified);
    }

    private static long number(Path file) {
        return Long.parseLong(Tools.read(file).trim().split(" ")[0]);
    }

    @Test
    void showsProcesses() {
        carafe.detached("--name", "busy", "busybox", "sh", "-c", "sleep 1001 & exec sleep 1002");
        Tools.await(() -> carafe.check("top", "busy", "-o", "pid,args").lines().count() == 3);
        assertThat(carafe.check("top", "busy")).startsWith("UID                 PID                 PPID ").contains("sleep 1001\n").contains("sleep 1002\n");
        assertThat(carafe.call("top", "busy", "-o", "args").error()).contains("couldn't find PID field in ps output");
        carafe.check("kill", "busy");
        carafe.check("wait", "busy");
        assertThat(carafe.call("top", "busy").status()).isEqualTo(1);
    }

    @Test
    void waitsForConditions() {
        carafe.check("create", "--name", "slow", "busybox", "sh", "-c", "sleep 0.5; exit 7");
        assertThat(carafe.check("wait", "--condition", "created", "slow")).isEqualTo("-1\n");
        carafe.check("start", "slow");
        assertThat(carafe.check("wait", "--condition=running,exited", "slow")).isIn("-1\n", "7\n");
        assertThat(carafe.check("wait", "--condition", "exited", "slow")).isEqualTo("7\n");
        carafe.check("start", "slow");
        assertThat(carafe.check("wait", "--condition", "next-exit", "slow")).isEqualTo("7\n");
        assertThat(carafe.call("wait", "--condition", "merry", "slow").status()).isEqualTo(1);
        carafe.check("run", "-d", "--rm", "--name", "gone", "busybox", "sh", "-c", "sleep 0.5; exit 8");
        assertThat(carafe.check("wait", "--condition", "removed", "gone")).isEqualTo("8\n");
    }

    @Test
    void groupsCommandsAsDockerDoes() {
        String id = carafe.detached("--name", "grouped", "busybox", "sleep", "1000");
        assertThat(carafe.check("container", "ls", "-q")).isEqualTo(id.substring(0, 12) + "\n");
        assertThat(carafe.check("container", "inspect", "-f", "{{.Name}}", "grouped")).isEqualTo("/grouped\n");
        assertThat(carafe.call("container", "exists", "grouped").status()).isZero();
        assertThat(carafe.call("image", "inspect", "grouped").status()).isEqualTo(1);
        assertThat(carafe.check("image", "ls")).startsWith("REPOSITORY");
        assertThat(carafe.check("container")).contains("\n  pause ").contains("\n  ls ").doesNotContain("\n  images ");
        Outcome unknown = carafe.call("container", "images");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.error()).startsWith("carafe: unknown command: carafe container images\n");
        carafe.check("container", "rm", "-f", "-v", "grouped");
    }

    @Test
    void prunesWhatDoesNotRun() {
        String running = carafe.detached("--name", "runs", "busybox", "sleep", "1000");
        String labelled = carafe.check("create", "--label", "keep=yes", "busybox").trim();
        String ended = carafe.detached("--name", "ended", "busybox", "sh", "-c", "head -c 10000 /dev/zero > /f");
        carafe.check("wait", "ended");
        assertThat(carafe.check("container", "prune")).endsWith("[y/N] ");
        assertThat(carafe.check("container", "prune", "-f", "--filter", "until=1h")).isEqualTo("Total reclaimed space: 0B\n");
        String pruned = carafe.check("container", "prune", "-f", "--filter", "label!=keep");
        assertThat(pruned).startsWith("Deleted Containers:\n" + ended + "\n\nTotal reclaimed space: ").doesNotContain(" 0B");
        assertThat(carafe.check("ps", "-aq", "--no-trunc").lines()).containsExactlyInAnyOrder(running, labelled);
        assertThat(carafe.check("container", "prune", "-f")).startsWith("Deleted Containers:\n" + labelled + "\n");
        assertThat(carafe.call("container", "prune", "-f", "--filter", "moon=full").status()).isEqualTo(1);
    }
}
