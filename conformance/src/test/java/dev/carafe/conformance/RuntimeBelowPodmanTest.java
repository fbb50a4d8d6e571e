package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The runtime beneath a real podman and its conmon, on a store of their own; skipped where they are not installed. */
@ParameterizedClass(name = "{0}")
@EnumSource(EngineMode.class)
class RuntimeBelowPodmanTest extends CommandSuite {
    private Path place;
    private Path runtime;

    @BeforeEach
    void importImage() throws IOException {
        assumeThat(Tools.has("podman") && Tools.has("conmon")).as("podman and conmon are installed").isTrue();
        // Podman takes no longer name for its run root than fifty characters.
        place = Files.createTempDirectory("pm-");
        // conmon gives its runtime an environment of its own, so what a test says there goes by way of a script.
        ProcessBuilder prototype = carafe.builder("version");
        var script = new StringBuilder("#!/bin/sh\n");
        for (String name : List.of("CARAFE_ENGINE", "CARAFE_ENGINE_IDLE", "CARAFE_ROOT", "CARAFE_RUN_ROOT")) {
            script.append("export ").append(name).append("='").append(prototype.environment().get(name)).append("'\n");
        }
        runtime = Tools.write(place.resolve("runtime"), script.append("exec ").append(RuntimeBundle.program()).append(" --root ")
                .append(place.resolve("state")).append(" \"$@\"\n").toString());
        Tools.check("chmod", "755", runtime.toString());
        Tools.write(place.resolve("containers.conf"), """
                [containers]
                default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
                default_sysctls = []
                [engine]
                cgroup_manager = "cgroupfs"
                events_logger = "file"
                """);
        var bundle = new RuntimeBundle(carafe);
        Path archive = place.resolve("root.tar");
        Tools.check("tar", "-C", bundle.directory().resolve("rootfs").toString(), "-cf", archive.toString(), ".");
        bundle.close();
        Outcome imported = podman("import", archive.toString(), "box:1");
        assumeThat(imported.status()).as("podman works here: " + imported.error()).isZero();
    }

    @AfterEach
    void removeStore() {
        if (runtime != null) {
            podman("rm", "-fa", "-t", "0");
            podman("rmi", "-fa");
            Tools.deleteTree(place);
            // Podman leaves the group that it made for conmon.
            for (java.io.File hierarchy : new java.io.File("/sys/fs/cgroup").listFiles()) {
                Path group = hierarchy.toPath().resolve(carafe.group().substring(1)).resolve("conmon");
                Tools.await(() -> !Files.exists(group) || group.toFile().delete());
            }
        }
    }

    private ProcessBuilder builder(String... words) {
        var all = new ArrayList<String>(List.of("podman", "--root", place + "/root", "--runroot", place + "/run", "--tmpdir", place + "/tmp", "--storage-driver",
                "vfs", "--runtime", runtime.toString()));
        all.addAll(Arrays.asList(words));
        var builder = new ProcessBuilder(all).redirectInput(new java.io.File("/dev/null")).directory(place.toFile());
        builder.environment().put("CONTAINERS_CONF", place + "/containers.conf");
        builder.environment().remove("CONTAINERS_STORAGE_CONF");
        return builder;
    }

    private Outcome podman(String... words) {
        return new Running(builder(words)).await();
    }

    private Outcome run(String... words) {
        var all = new ArrayList<String>(List.of("run", "--pull=never", "--network=none", "--cgroup-parent", carafe.group()));
        all.addAll(Arrays.asList(words));
        return podman(all.toArray(String[]::new));
    }

    @Test
    void podmanRunsStopsAndEntersContainers() {
        assertThat(run("--rm", "box:1", "sh", "-c", "echo out; exit 7")).satisfies(outcome -> {
            assertThat(outcome.out()).isEqualTo("out\n");
            assertThat(outcome.status()).isEqualTo(7);
        });
        assertThat(run("--rm", "box:1", "nonexistent").status()).isEqualTo(127);
        assertThat(run("--rm", "box:1", "/etc").status()).isEqualTo(126);
        assertThat(run("--rm", "-t", "box:1", "tty").out().strip()).startsWith("/dev/pts/");

        assertThat(run("-d", "--name", "web", "-m", "64m", "--pids-limit", "50", "box:1", "sh", "-c",
                "trap 'exit 9' TERM; echo started; while :; do sleep 0.1; done").status()).isZero();
        assertThat(podman("exec", "web", "sh", "-c", "exit 3").status()).isEqualTo(3);
        assertThat(podman("exec", "web", "nonexistent").status()).isEqualTo(127);
        assertThat(podman("exec", "-t", "web", "tty").out().strip()).startsWith("/dev/pts/");
        assertThat(podman("pause", "web").status()).isZero();
        assertThat(podman("inspect", "--format", "{{.State.Status}}", "web").out().strip()).isEqualTo("paused");
        assertThat(podman("unpause", "web").status()).isZero();
        assertThat(podman("logs", "web").out()).isEqualTo("started\n");
        assertThat(podman("stop", "-t", "9", "web").status()).isZero();
        assertThat(podman("inspect", "--format", "{{.State.ExitCode}}", "web").out().strip()).isEqualTo("9");
    }

    @Test
    void noConmonWaitsForAnEngine() {
        for (int turn = 0; turn < 4; turn++) {
            assertThat(run("--rm", "box:1", "true").status()).isZero();
        }
        assertThat(Tools.await(() -> Tools.run("pgrep", "-f", "conmon.*" + place).out().lines()
                .allMatch(pid -> Tools.read(Path.of("/proc/" + pid + "/stat")).contains(") Z ")))).as("every conmon has ended").isTrue();
    }
}
