package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.oci.runtime.CpuLimits;
import dev.carafe.oci.runtime.MemoryLimits;
import dev.carafe.oci.runtime.PidsLimit;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Cgroups;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.Launch;
import dev.carafe.plan.Planner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Limits, as the kernel holds them while the container runs. */
class LimitsTest extends ContainerTest {
    private Spec limited(Spec spec, Resources.Builder resources) {
        return TestBundle.linux(spec, l -> l.resources(resources.devices(List.of(TestBundle.NO_DEVICE)).build()));
    }

    private String value(String controller, String file) throws IOException {
        Cgroups.V1 hierarchy = host.cgroups().withController(controller).orElseThrow();
        return Files.readString(Path.of(hierarchy.mountpoint() + cgroup(), file)).trim();
    }

    private void needV1(String... controllers) {
        for (String controller : controllers) {
            Assumptions.assumeTrue(host.cgroups().withController(controller).isPresent(), "needs the version 1 controller " + controller);
        }
    }

    @Test
    void memoryProcessorAndProcessLimitsAreInForce() throws IOException {
        needV1("memory", "cpu", "pids", "cpuset");
        Spec spec = limited(shell("echo ready; sleep 1000"), Resources.builder()
                .memory(MemoryLimits.builder().limit(64 << 20).reservation(32 << 20).swappiness(10).build())
                .cpu(CpuLimits.builder().shares(512).period(50_000).quota(25_000).cpus("0").build())
                .pids(new PidsLimit(Optional.of(17L))));
        try (Running running = start(spec)) {
            running.awaitOutput("ready");
            assertThat(value("memory", "memory.limit_in_bytes")).isEqualTo("67108864");
            assertThat(value("memory", "memory.soft_limit_in_bytes")).isEqualTo("33554432");
            assertThat(value("memory", "memory.swappiness")).isEqualTo("10");
            assertThat(value("cpu", "cpu.shares")).isEqualTo("512");
            assertThat(value("cpu", "cpu.cfs_period_us")).isEqualTo("50000");
            assertThat(value("cpu", "cpu.cfs_quota_us")).isEqualTo("25000");
            assertThat(value("cpuset", "cpuset.cpus")).isEqualTo("0");
            assertThat(value("pids", "pids.max")).isEqualTo("17");
        }
    }

    @Test
    void itsProcessesAreInItsGroupOfEveryHierarchy() throws IOException {
        try (Running running = start(shell("echo ready; sleep 1000"))) {
            running.awaitOutput("ready");
            for (Path group : Leftovers.groups(host.cgroups(), cgroup())) {
                assertThat(Files.readAllLines(group.resolve("cgroup.procs"))).as(group.toString()).contains(Integer.toString(running.init()));
            }
        }
    }

    @Test
    void itsMonitorIsNotInItsGroups() throws IOException {
        try (Running running = start(shell("echo ready; sleep 1000"))) {
            running.awaitOutput("ready");
            for (Path group : Leftovers.groups(host.cgroups(), cgroup())) {
                assertThat(Files.readAllLines(group.resolve("cgroup.procs"))).doesNotContain(Integer.toString(running.execution().monitor()));
            }
        }
    }

    @Test
    void tooManyProcessesAreRefused() {
        needV1("pids");
        Ended ended = run(limited(shell("for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done; echo all"), Resources.builder().pids(new PidsLimit(Optional.of(4L)))));
        assertThat(ended.err()).contains("can't fork");
    }

    @Test
    void runningOutOfMemoryIsRecorded() {
        needV1("memory");
        Ended ended = run(limited(bundle("/bin/sh", "-c", "x=x; while :; do x=$x$x; done"), Resources.builder()
                .memory(MemoryLimits.builder().limit(8 << 20).build())));
        assertThat(ended.exit()).isEqualTo(new Execution.Exit(true, 9));
        assertThat(ExitRecord.read(state).orElseThrow().outOfMemory()).isTrue();
    }

    @Test
    void anUnlimitedNumberOfProcessesIsWritten() throws IOException {
        needV1("pids");
        try (Running running = start(limited(shell("echo ready; sleep 1000"), Resources.builder().pids(new PidsLimit(Optional.of(-1L)))))) {
            running.awaitOutput("ready");
            assertThat(value("pids", "pids.max")).isEqualTo("max");
        }
    }

    /** The same machine, as if it had nothing but its version 2 tree. */
    private HostFacts onlyV2() {
        Assumptions.assumeTrue(host.cgroups().v2().isPresent(), "needs a mounted version 2 tree");
        return new HostFacts(host.kernel(), host.architecture(), host.uid(), host.capabilities(),
                new Cgroups(List.of(), Optional.of(new Cgroups.V2(host.cgroups().v2().orElseThrow().mountpoint(), Set.of()))), host.securityModules(),
                host.sealedProgram());
    }

    @Test
    void onVersion2AProgramInTheKernelDecidesAboutDevices() {
        HostFacts v2 = onlyV2();
        Spec spec = shell("mknod /tmp/kmsg c 1 11; mknod /tmp/disk b 254 0; head -c 1 /tmp/disk; (: > /tmp/kmsg); head -c 1 /dev/zero | wc -c;"
                + " echo x > /dev/null; rm /tmp/kmsg /tmp/disk");
        Launch launch = launch();
        Path program = program();
        try (Running running = new Running(program, new Launcher(v2, performer).launch(Planner.start(spec, launch, v2), program, SessionStreams.NONE, id))) {
            Ended ended = running.await();
            assertThat(ended.out()).isEqualTo("1\n");
            assertThat(ended.err().split("Operation not permitted", -1)).hasSize(3);
        }
    }

    @Test
    void onVersion2ItIsBornIntoItsGroup() throws IOException {
        HostFacts v2 = onlyV2();
        Path program = program();
        try (Running running = new Running(program, new Launcher(v2, performer).launch(Planner.start(shell("cat /proc/self/cgroup; echo ready; sleep 1000"),
                launch(), v2), program, SessionStreams.NONE, id))) {
            running.awaitOutput("ready");
            assertThat(Files.readString(Path.of("/proc/" + running.init() + "/cgroup"))).contains("0::" + cgroup() + "\n");
            assertThat(stream(1)).contains("0::/\n");
        }
    }
}
