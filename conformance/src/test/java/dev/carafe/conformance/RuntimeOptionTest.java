package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Options of the runtime that few engines give. */
@ParameterizedClass(name = "{0}")
@EnumSource(EngineMode.class)
class RuntimeOptionTest extends CommandSuite {
    private RuntimeBundle bundle;

    @BeforeEach
    void bundle() {
        bundle = new RuntimeBundle(carafe);
    }

    @AfterEach
    void removeBundle() {
        bundle.close();
    }

    /** The descriptor that arrives is of the very process: a signal through it ends that. */
    @Test
    void aPidfdOfTheProcessGoesToTheSocket() throws IOException {
        assumeThat(Tools.has("python3")).as("python3 is there: it receives descriptors, which Java cannot").isTrue();
        bundle.runs("sleep", "1000");
        Path socket = bundle.directory().resolve("pidfd.sock");
        Process holder = new ProcessBuilder("python3", "-c", """
                import array, os, signal, socket, sys
                server = socket.socket(socket.AF_UNIX); server.bind(sys.argv[1]); server.listen(2); print("ready", flush=True)
                for k in range(2):
                    data, control, flags, address = server.accept()[0].recvmsg(64, socket.CMSG_SPACE(4))
                    fd = array.array("i", control[0][2])[0]
                    print([l for l in open("/proc/self/fdinfo/%d" % fd) if l.startswith("Pid:")][0].split()[1], flush=True)
                    sys.stdin.readline()
                    signal.pidfd_send_signal(fd, signal.SIGKILL)
                """, socket.toString()).redirectErrorStream(true).start();
        try (var lines = holder.inputReader(); var word = holder.outputWriter()) {
            assertThat(lines.readLine()).isEqualTo("ready");
            bundle.check("run", "-d", "--pidfd-socket", socket.toString(), "one");
            assertThat(lines.readLine()).isEqualTo(bundle.stateOf("one").get("pid").getAsString());
            word.write("\n");
            word.flush();
            assertThat(bundle.becomes("one", "stopped")).isTrue();
            bundle.check("delete", "one");

            bundle.check("run", "-d", "two");
            Path pid = bundle.directory().resolve("pid");
            bundle.check("exec", "-d", "--pidfd-socket", socket.toString(), "--pid-file", pid.toString(), "two", "sleep", "999");
            assertThat(lines.readLine()).isEqualTo(Tools.read(pid));
            word.write("\n");
            word.flush();
            assertThat(Tools.await(() -> !Files.exists(Path.of("/proc/" + Tools.read(pid) + "/exe")))).isTrue();
            assertThat(bundle.status("two")).isEqualTo("running");
        }
    }

    @Test
    void withoutAPivotTheHostsFilesAreOutOfReachAllTheSame() {
        Path outside = Tools.write(bundle.directory().resolve("outside"), "outside");
        bundle.runs("sh", "-c", "ls /; cat " + "../".repeat(12) + outside.toString().substring(1) + "; grep -c . /proc/self/mountinfo");
        Outcome run = bundle.call("run", "--no-pivot", "one");
        assertThat(run.out()).contains("bin\ndev\netc\nproc\nsys\ntmp\n").doesNotContain("outside");
        assertThat(run.error()).contains("No such file or directory");
        String[] lines = run.out().strip().split("\n");
        assertThat(Integer.parseInt(lines[lines.length - 1])).as("its own mounts alone").isLessThan(40);
    }

    /** In every hierarchy, or in that of one controller; beyond the container's own group it leads nowhere. */
    @Test
    void aFurtherProcessMayBeInAGroupBelowTheContainers() throws IOException {
        bundle.runs("sleep", "1000").check("run", "-d", "one");
        Path memory = bundle.group("memory");
        assumeThat(Files.isDirectory(memory)).as("the memory controller is of version 1: " + memory).isTrue();
        Files.createDirectory(memory.resolve("below"));
        assertThat(bundle.check("exec", "--cgroup", "memory:below", "one", "grep", "memory", "/proc/self/cgroup").strip()).endsWith("/below");
        assertThat(bundle.check("exec", "one", "grep", "memory", "/proc/self/cgroup").strip()).doesNotEndWith("/below");
        for (String group : new String[] {"memory:..", "memory:below/../..", "memory:/../x"}) {
            Outcome outside = bundle.call("exec", "--cgroup", group, "one", "true");
            assertThat(outside.status()).as(group).isEqualTo(255);
            assertThat(outside.error()).as(group).contains("it must lie below the container's group").hasLineCount(1);
        }
        assertThat(bundle.call("exec", "--cgroup", "memory:nowhere", "one", "true").status()).isEqualTo(255);
        assertThat(bundle.call("exec", "--cgroup", "memory:a", "--cgroup", "memory:b", "one", "true").error()).contains("controller memory specified multiple times");
        assertThat(bundle.call("exec", "--cgroup", ":a", "one", "true").error()).contains("empty <controller> prefix");
    }

    /** A path that is relative counts from the mount points. */
    @Test
    void aRelativePathOfGroupsCountsFromTheMountPoints() {
        bundle.runs("cat", "/proc/self/cgroup").edit(config -> {
            config.getAsJsonObject("linux").addProperty("cgroupsPath", carafe.group().substring(1) + "/relative");
            var namespaces = config.getAsJsonObject("linux").getAsJsonArray("namespaces");
            for (int k = namespaces.size() - 1; k >= 0; k--) {
                if (namespaces.get(k).getAsJsonObject().get("type").getAsString().equals("cgroup")) {
                    namespaces.remove(k);
                }
            }
        });
        assertThat(bundle.check("run", "one")).contains(":" + carafe.group() + "/relative\n");
    }
}
