package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The runtime beneath a docker daemon of the test's own, as {@code --add-runtime}; skipped where docker is not installed. */
@Timeout(400)
class RuntimeBelowDockerTest extends CommandSuite {
    private PeerHost host;

    @BeforeEach
    void startDaemon() {
        assumeThat(Path.of("/usr/bin/docker").toFile().canExecute() && Tools.has("dockerd") && Tools.has("containerd") && Tools.has("nsenter"))
                .as("docker and its daemon are installed").isTrue();
        host = new PeerHost(carafe);
        String socket = "unix://" + host.place() + "/sock";
        host.set("DOCKER_HOST", socket);
        host.set("DOCKER_CONFIG", host.place().toString());
        host.daemon("dockerd", "dockerd", "--data-root", host.place() + "/data", "--exec-root", host.place() + "/exec", "--pidfile", host.place() + "/pid", "-H", socket,
                "--add-runtime", "carafe=" + host.runtime(), "--default-runtime", "carafe", "--cgroup-parent", host.group());
        boolean up = Tools.await(() -> host.call("/usr/bin/docker", "version").status() == 0) || Tools.await(() -> host.call("/usr/bin/docker", "version").status() == 0);
        assumeThat(up).as("dockerd works here: " + host.log("dockerd")).isTrue();
        host.mark();
        host.check("/usr/bin/docker", "import", "-c", "ENV PATH=/bin", "-c", "CMD [\"sh\"]", host.archive().toString(), "box:1");
    }

    @AfterEach
    void stopDaemon() {
        if (host != null) {
            host.close();
        }
    }

    private Outcome docker(String... words) {
        var all = new ArrayList<String>(List.of("/usr/bin/docker"));
        all.addAll(Arrays.asList(words));
        return host.call(all.toArray(String[]::new));
    }

    private String check(String... words) {
        Outcome outcome = docker(words);
        assertThat(outcome.status()).as("%s: %s", List.of(words), outcome).isZero();
        return outcome.out().strip();
    }

    private boolean becomes(String format, String value) {
        for (int patience = 0; patience < 6; patience++) {
            if (Tools.await(() -> check("inspect", "--format", format, "web").equals(value))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void dockerRunsEntersLimitsWatchesAndStopsContainers() {
        assertThat(check("info", "--format", "{{.DefaultRuntime}}")).isEqualTo("carafe");
        Outcome seven = docker("run", "--rm", "box:1", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(seven.out()).isEqualTo("out\n");
        assertThat(seven.error()).isEqualTo("err\n");
        assertThat(seven.status()).isEqualTo(7);
        assertThat(docker("run", "--rm", "box:1", "nonexistent").status()).isEqualTo(127);
        assertThat(docker("run", "--rm", "box:1", "/etc").status()).isEqualTo(126);
        assertThat(check("run", "--rm", "-t", "box:1", "tty")).startsWith("/dev/pts/");
        assertThat(check("run", "--rm", "--privileged", "box:1", "sh", "-c", "echo $(ls /dev/kmsg /dev/ptmx)")).isEqualTo("/dev/kmsg /dev/ptmx");

        check("run", "-d", "--name", "web", "-m", "64m", "--pids-limit", "50", "--cpus", "0.5", "--health-cmd", "test -e /tmp/ready", "--health-interval", "1s",
                "--health-retries", "1000", "box:1", "sh", "-c", "trap 'exit 9' TERM; echo started; while :; do sleep 0.1; done");
        assertThat(docker("exec", "web", "sh", "-c", "exit 3").status()).isEqualTo(3);
        assertThat(check("exec", "-t", "web", "tty")).startsWith("/dev/pts/");
        assertThat(docker("exec", "web", "nonexistent").toString()).contains("executable file not found in $PATH");
        if (Path.of("/sys/fs/cgroup/memory").toFile().isDirectory()) {
            assertThat(check("exec", "web", "sh", "-c", "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes pids/pids.max cpu/cpu.cfs_quota_us")).isEqualTo("67108864\n50\n50000");
            check("update", "-m", "128m", "--memory-swap", "128m", "web");
            assertThat(check("exec", "web", "cat", "/sys/fs/cgroup/memory/memory.limit_in_bytes")).isEqualTo("134217728");
        }
        check("pause", "web");
        assertThat(check("inspect", "--format", "{{.State.Status}}", "web")).isEqualTo("paused");
        check("unpause", "web");
        assertThat(check("top", "web")).contains("sleep 0.1");
        assertThat(check("stats", "--no-stream", "--format", "{{.PIDs}}", "web")).matches("[1-9]");
        check("exec", "web", "sh", "-c", "echo >/tmp/ready");
        assertThat(becomes("{{.State.Health.Status}}", "healthy")).as("its health check runs").isTrue();

        check("restart", "-t", "20", "web");
        assertThat(Tools.await(() -> check("logs", "web").equals("started\nstarted"))).as("both starts are logged").isTrue();
        check("stop", "-t", "20", "web");
        assertThat(check("inspect", "--format", "{{.State.ExitCode}}", "web")).isEqualTo("9");
        check("start", "web");
        check("kill", "web");
        assertThat(becomes("{{.State.ExitCode}}", "137")).as("it was killed").isTrue();
        check("rm", "web");
        host.assertNothingLeft();
    }

    @Test
    void dockerStartsAContainerAgainThatFails() {
        check("run", "-d", "--name", "web", "--restart", "on-failure:2", "box:1", "sh", "-c", "echo turn; exit 4");
        assertThat(becomes("{{.RestartCount}} {{.State.Status}}", "2 exited")).as("it was started twice again").isTrue();
        assertThat(check("logs", "web")).isEqualTo("turn\nturn\nturn");
        check("rm", "web");
        host.assertNothingLeft();
    }
}
