package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Containers that are looked after from the boot on. */
class BootServiceTest extends CommandSuite {
    @AfterEach
    void forget() {
        Tools.deleteTree(top());
    }

    private static Path top() {
        return carafe.work().resolve("top");
    }

    @Test
    void writesAUnitAndTakesItBack() {
        carafe.check("system", "enable", "--init", "systemd", "--prefix", top().toString());
        String unit = Tools.read(top().resolve("etc/systemd/system/carafe.service"));
        assertThat(unit.lines()).contains("ExecStart=" + Carafe.program() + " --root " + carafe.root() + " --run-root " + carafe.run() + " system keep",
                "RestartForceExitStatus=125", "KillMode=process", "WantedBy=multi-user.target");
        Path wanted = top().resolve("etc/systemd/system/multi-user.target.wants/carafe.service");
        assertThat(Tools.read(wanted)).isEqualTo(unit);
        assertThat(carafe.check("system", "enable", "--init", "systemd", "--print")).isEqualTo(unit);
        if (Tools.has("systemd-analyze")) {
            Outcome verified = new Running(new ProcessBuilder("systemd-analyze", "verify", top().resolve("etc/systemd/system/carafe.service").toString())).await();
            assertThat(verified.error()).doesNotContain("carafe.service:");
        }
        assertThat(carafe.check("system", "disable", "--prefix", top().toString()).lines()).hasSize(2);
        assertThat(Files.exists(wanted, java.nio.file.LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void aScriptStartsWhatTheBootLeft() {
        carafe.check("system", "enable", "--init", "sysv", "--prefix", top().toString());
        Path script = top().resolve("etc/init.d/carafe");
        assertThat(Tools.check("sh", "-n", script.toString())).isEmpty();
        assertThat(Files.isExecutable(top().resolve("etc/rc3.d/S90carafe"))).isTrue();
        carafe.detached("--name", "server", "--restart", "always", "busybox", "sleep", "1000");
        int first = carafe.pid("server");
        // As a power failure does: everything at once.
        for (long keeper : keepers()) {
            Tools.run("kill", "-KILL", Long.toString(keeper));
        }
        carafe.killEngine();
        Tools.run("kill", "-KILL", Integer.toString(first));
        Tools.await(() -> !Files.exists(Path.of("/proc/" + first)));
        ProcessBuilder start = carafe.builder();
        start.command(script.toString(), "start");
        assertThat(new Running(start).await().status()).isZero();
        Tools.await(() -> Tools.read(carafe.root().resolve("containers").resolve(carafe.containers().getFirst()).resolve("restarts")).contains("\"Count\":1"));
        assertThat(Tools.await(() -> carafe.state("server").get("Status").getAsString().equals("running") && carafe.pid("server") != first)).isTrue();
        ProcessBuilder status = carafe.builder();
        status.command(script.toString(), "status");
        assertThat(new Running(status).await().out()).contains("server");
        ProcessBuilder odd = carafe.builder();
        odd.command(script.toString(), "dance");
        assertThat(new Running(odd).await().status()).isEqualTo(2);
        carafe.check("system", "disable", "--prefix", top().toString());
        assertThat(Files.exists(script)).isFalse();
    }

    /** The shells that call {@code system keep} for these directories. */
    private static java.util.List<Long> keepers() {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid)
                .filter(pid -> Tools.read(Path.of("/proc/" + pid + "/cmdline")).contains("system keep"))
                .filter(pid -> Tools.read(Path.of("/proc/" + pid + "/cmdline")).contains(carafe.root().toString())).toList();
    }

    @Test
    void refusesWhatNoInitSystemCouldRead() {
        assertThat(carafe.call("system", "enable", "--init", "upstart", "--prefix", top().toString()).error()).contains("expected systemd or sysv");
        ProcessBuilder odd = carafe.builder("--root", carafe.work() + "/a b", "system", "enable", "--print");
        assertThat(new Running(odd).await().error()).contains("must not have the character ' '");
        Tools.deleteTree(carafe.work().resolve("a b"));
    }
}
