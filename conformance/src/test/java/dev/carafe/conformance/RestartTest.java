package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Containers that are started again by themselves, without a daemon. */
class RestartTest extends CommandSuite {
    private static int count(String name) {
        return carafe.inspect(name).get("RestartCount").getAsInt();
    }

    private static void kill(int pid) {
        // Of a container that does not run it is 0, by which kill(1) means everybody here.
        assertThat(pid).isPositive();
        Tools.run("kill", "-KILL", Integer.toString(pid));
        Tools.await(() -> !Files.exists(Path.of("/proc/" + pid)));
    }

    @Test
    void startsAgainAfterAFailureSoOften() {
        carafe.detached("--name", "failing", "--restart", "on-failure:2", "busybox", "sh", "-c", "echo x >> /starts; exit 3");
        Tools.await(() -> count("failing") == 2 && carafe.state("failing").get("Status").getAsString().equals("exited"));
        Tools.pause(1000);
        assertThat(count("failing")).isEqualTo(2);
        assertThat(carafe.state("failing").get("ExitCode").getAsInt()).isEqualTo(3);
        carafe.check("cp", "failing:/starts", carafe.work() + "/starts");
        assertThat(Tools.read(carafe.work().resolve("starts"))).isEqualTo("x\nx\nx\n");
        Tools.deleteTree(carafe.work().resolve("starts"));
    }

    @Test
    void successIsNoFailure() {
        carafe.detached("--name", "fine", "--restart", "on-failure", "busybox", "true");
        carafe.check("wait", "fine");
        Tools.pause(800);
        assertThat(count("fine")).isZero();
        assertThat(carafe.state("fine").get("Status").getAsString()).isEqualTo("exited");
    }

    @Test
    void whatSomebodyStoppedStaysSo() {
        carafe.detached("--name", "always", "--restart", "always", "busybox", "sleep", "1000");
        int first = carafe.pid("always");
        kill(first);
        Tools.await(() -> carafe.isRunning("always") && carafe.pid("always") != first && carafe.pid("always") != 0);
        assertThat(count("always")).isEqualTo(1);
        for (String end : new String[] {"stop", "kill"}) {
            carafe.check(end.equals("stop") ? new String[] {"stop", "-t", "0", "always"} : new String[] {"kill", "always"});
            carafe.check("wait", "--condition", "exited", "always");
            Tools.pause(800);
            assertThat(carafe.state("always").get("Status").getAsString()).as(end).isEqualTo("exited");
            carafe.check("start", "always");
            assertThat(count("always")).isZero();
        }
    }

    @Test
    void waitsLongerEachTimeAndSaysSo() {
        carafe.detached("--name", "loop", "--restart", "always", "busybox", "false");
        Tools.await(() -> count("loop") >= 4);
        Tools.await(() -> carafe.check("ps", "-a", "--format", "{{.Names}} {{.State}} {{.Status}}").matches("loop restarting Restarting \\(1\\) .* ago\n"));
        assertThat(carafe.check("ps", "-a", "--format", "{{.Names}} {{.State}} {{.Status}}")).matches("loop (restarting Restarting \\(1\\) .* ago|running Up .*)\n");
        carafe.check("stop", "loop");
        Tools.pause(300);
        assertThat(carafe.state("loop").get("Status").getAsString()).isEqualTo("exited");
    }

    @Test
    void theEngineComesBackWhenItIsKilled() {
        carafe.detached("--name", "guarded", "--restart", "always", "busybox", "sleep", "1000");
        int first = carafe.pid("guarded");
        carafe.killEngine();
        kill(first);
        Tools.await(() -> {
            String stat = Tools.read(carafe.root().resolve("containers").resolve(carafe.containers().getFirst()).resolve("restarts"));
            return stat.contains("\"Count\":1");
        });
        Tools.await(() -> carafe.isRunning("guarded"));
        assertThat(carafe.pid("guarded")).isNotEqualTo(first);
    }

    @Test
    void updateChangesThePolicy() {
        carafe.detached("--name", "changed", "busybox", "sleep", "1000");
        carafe.check("update", "--restart", "always", "changed");
        int first = carafe.pid("changed");
        kill(first);
        Tools.await(() -> carafe.pid("changed") > 0 && carafe.pid("changed") != first);
        carafe.check("update", "--restart", "no", "changed");
        kill(carafe.pid("changed"));
        Tools.pause(800);
        assertThat(carafe.isRunning("changed")).isFalse();
        assertThat(carafe.call("run", "--rm", "--restart", "always", "busybox", "true").status()).isEqualTo(125);
    }
}
