package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.oci.runtime.Device;
import dev.carafe.oci.runtime.ExecCpuAffinity;
import dev.carafe.oci.runtime.IoPriority;
import dev.carafe.oci.runtime.MemoryLimits;
import dev.carafe.oci.runtime.MemoryPolicy;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.NetDevice;
import dev.carafe.oci.runtime.Personality;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.Scheduler;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Planner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What a bundle says of the process, its devices and its limits, seen on the running kernel. */
class ProcessFieldTest extends ContainerTest {
    /** The 41st and 19th field of /proc/PID/stat: policy and nice value. */
    private static final String SCHEDULED = "cut -d ' ' -f 19,40,41 /proc/self/stat";

    @Test
    void itIsScheduledAsTheBundleSays() {
        assertThat(outputAs(SCHEDULED, p -> p.scheduler(Scheduler.builder(Scheduler.Policy.SCHED_OTHER).nice(7).build()))).isEqualTo("7 0 0\n");
        assertThat(outputAs(SCHEDULED, p -> p.scheduler(Scheduler.builder(Scheduler.Policy.SCHED_BATCH).nice(3).build()))).isEqualTo("3 0 3\n");
        assertThat(outputAs(SCHEDULED, p -> p.scheduler(Scheduler.builder(Scheduler.Policy.SCHED_IDLE).build()))).isEqualTo("0 0 5\n");
        // Children of a process that resets them have no better nice value than others; cut is a child of the shell.
        assertThat(outputAs("cut -d ' ' -f 19 /proc/$$/stat; " + SCHEDULED + "; true", p -> p.scheduler(Scheduler.builder(Scheduler.Policy.SCHED_OTHER).nice(-5)
                .flags(List.of(Scheduler.Flag.SCHED_FLAG_RESET_ON_FORK)).build()))).isEqualTo("-5\n0 0 0\n");
    }

    @Test
    void aRealtimePolicyHasItsPriority() {
        // A group of version 1 has no time for such processes unless it is given some.
        Spec spec = TestBundle.linux(TestBundle.process(shell(SCHEDULED), p -> p.scheduler(Scheduler.builder(Scheduler.Policy.SCHED_RR).priority(5).build())),
                l -> l.cgroupsPath(Optional.empty()).resources(Optional.empty()));
        assertThat(output(spec)).isEqualTo("0 5 2\n");
    }

    @Test
    void itsPriorityAtTheDisksIsThatOfTheBundle() {
        assertThat(outputAs("ionice -p $$", p -> p.ioPriority(new IoPriority(IoPriority.IoClass.IOPRIO_CLASS_BE, 6)))).isEqualTo("best-effort: prio 6\n");
        assertThat(outputAs("ionice -p $$", p -> p.ioPriority(new IoPriority(IoPriority.IoClass.IOPRIO_CLASS_IDLE, 0)))).startsWith("idle");
    }

    @Test
    void itBelievesToRunOnTheKernelOfItsPersonality() {
        Assumptions.assumeTrue(host.architecture().equals("amd64"), "the 32-bit name of this machine is that of amd64");
        assertThat(output(TestBundle.linux(shell("uname -m"), l -> l.personality(new Personality(Personality.Domain.LINUX32, List.of()))))).isEqualTo("i686\n");
        assertThat(output(TestBundle.linux(shell("uname -m"), l -> l.personality(new Personality(Personality.Domain.LINUX, List.of()))))).isEqualTo("x86_64\n");
    }

    @Test
    void itsMemoryComesFromTheNodesOfItsPolicy() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/numa_maps")), "needs a kernel with NUMA");
        assertThat(output(TestBundle.linux(shell("head -n 1 /proc/self/numa_maps | cut -d ' ' -f 2"), l -> l.memoryPolicy(new MemoryPolicy(MemoryPolicy.Mode.MPOL_BIND,
                Optional.of("0"), List.of(MemoryPolicy.Flag.MPOL_F_STATIC_NODES)))))).isEqualTo("bind=static:0\n");
        assertThat(output(TestBundle.linux(shell("head -n 1 /proc/self/numa_maps | cut -d ' ' -f 2"), l -> l.memoryPolicy(new MemoryPolicy(MemoryPolicy.Mode.MPOL_LOCAL,
                Optional.empty(), List.of()))))).isEqualTo("local\n");
    }

    @Test
    void aFurtherProcessRunsOnItsProcessors() throws IOException {
        Spec spec = shell("sleep 1000");
        try (Running running = start(spec)) {
            Path own = Files.createDirectories(work.resolve(id + "-exec"));
            var launch = new dev.carafe.plan.Launch(id, launch().root(), own.toString(), own.toString(), Optional.of(dev.carafe.plan.LogFile.of(log().toString())), false, false, Optional.empty());
            var process = shell("grep Cpus_allowed_list /proc/self/status > /tmp/processors").process().orElseThrow().toBuilder().execCpuAffinity(new ExecCpuAffinity(Optional.empty(), Optional.of("0")))
                    .build();
            try (Running second = start(Planner.exec(process, spec.linux().orElseThrow(), running.init(), launch, host), SessionStreams.NONE)) {
                assertThat(second.await().exit().code()).isZero();
            }
            remove(own);
            assertThat(Files.readString(rootfs.resolve("tmp/processors"))).isEqualTo("Cpus_allowed_list:\t0\n");
            Files.delete(rootfs.resolve("tmp/processors"));
        }
    }

    @Test
    void aDeviceThatIsThereMustBeTheSame() throws IOException {
        Spec plain = TestBundle.without(TestBundle.without(TestBundle.without(TestBundle.without(shell("stat -c '%F %t %T %a %u' /box/*"), "/dev/pts"), "/dev/shm"), "/dev/mqueue"), "/dev");
        Path box = Files.createDirectories(rootfs.resolve("box"));
        var process = new ProcessBuilder("sh", "-c", "mknod " + box + "/null c 1 3; mkfifo -m 600 " + box + "/queue");
        process.start().onExit().join();
        List<Device> same = List.of(Device.builder(Device.Type.CHARACTER, "/box/null").major(1).minor(3).fileMode(0620).uid(5).build(),
                Device.builder(Device.Type.FIFO, "/box/queue").fileMode(0666).build());
        assertThat(output(TestBundle.linux(plain, l -> l.devices(same)))).isEqualTo("character special file 1 3 620 5\nfifo 0 0 666 0\n");
        for (Device other : List.of(Device.builder(Device.Type.CHARACTER, "/box/null").major(1).minor(5).build(), Device.builder(Device.Type.BLOCK, "/box/null").major(1).minor(3).build(),
                Device.builder(Device.Type.CHARACTER, "/box/queue").major(0).minor(0).build(), Device.builder(Device.Type.FIFO, "/box/null").build())) {
            assertThat(refusal(TestBundle.linux(plain, l -> l.devices(List.of(other))))).hasMessageContaining("make device \"" + other.path()).hasMessageContaining("file exists (EEXIST)");
        }
        remove(box);
    }

    @Test
    void networkDevicesMoveWithTheirAddresses() throws Exception {
        String device = "cft" + System.nanoTime() % 1_000_000;
        int added = command("ip", "link", "add", device, "type", "veth", "peer", "name", device + "p");
        Assumptions.assumeTrue(added == 0, () -> "needs veth devices: `ip link add " + device + "` ended with status " + added);
        try {
            command("ip", "addr", "add", "192.0.2.7/24", "dev", device);
            command("ip", "addr", "add", "2001:db8::7/64", "dev", device, "nodad");
            command("ip", "link", "set", device, "up");
            Spec spec = TestBundle.linux(shell("ip addr show dev inner0 | grep -oE 'UP|inet6? [0-9a-f.:/]*'"), l -> l.netDevices(Map.of(device, new NetDevice(Optional.of("inner0")))));
            log().toFile().delete();
            Ended ended = start(Planner.start(spec, launch(), HostProbe.withDevices(host, spec)), SessionStreams.NONE).await();
            assertThat(ended.err()).isEmpty();
            assertThat(ended.out()).contains("UP\n", "inet 192.0.2.7/24\n", "inet6 2001:db8::7/64\n");
            assertThat(Files.exists(Path.of("/sys/class/net/" + device))).as("it went with the namespace").isFalse();
        } finally {
            command("ip", "link", "del", device);
        }
    }

    private static int command(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }

    @Test
    void aNetworkDeviceThatIsNotThereOrWhoseNameIsTakenIsNamed() throws Exception {
        assertThat(refusal(TestBundle.linux(shell("true"), l -> l.netDevices(Map.of("nosuch0", new NetDevice(Optional.empty()))))))
                .hasMessageContaining("move network device \"nosuch0\" into the container: no such device (ENODEV)").hasMessageContaining("linux.netDevices[\"nosuch0\"]");
        String device = "cft" + System.nanoTime() % 1_000_000;
        int added = command("ip", "link", "add", device, "type", "veth", "peer", "name", device + "p");
        Assumptions.assumeTrue(added == 0, () -> "needs veth devices: `ip link add " + device + "` ended with status " + added);
        try {
            assertThat(refusal(TestBundle.linux(shell("true"), l -> l.netDevices(Map.of(device, new NetDevice(Optional.of("lo")))))))
                    .hasMessageContaining("as \"lo\": file exists (EEXIST)");
            assertThat(Files.exists(Path.of("/sys/class/net/" + device))).as("it stays where it is").isTrue();
            assertThat(output(TestBundle.linux(shell("ls /sys/class/net"), l -> l.netDevices(Map.of(device, new NetDevice(Optional.of("net%d"))))))).isEqualTo("lo\nnet0\n");
        } finally {
            command("ip", "link", "del", device);
        }
    }

    @Test
    void theOlderSettingsOfMemoryAreMade() {
        Spec spec = TestBundle.linux(shell("cat /sys/fs/cgroup/memory/memory.kmem.tcp.limit_in_bytes /sys/fs/cgroup/memory/memory.use_hierarchy"), l -> l.resources(
                Resources.builder().devices(List.of(TestBundle.NO_DEVICE)).memory(MemoryLimits.builder().kernelTcp(1 << 20).useHierarchy(true).checkBeforeUpdate(true).build()).build()));
        Assumptions.assumeTrue(host.cgroups().withController("memory").isPresent(), "needs the memory controller in version 1");
        assertThat(output(spec)).isEqualTo("1048576\n1\n");
    }

    @Test
    void aPathOfAnotherKindOfNamespaceIsRefused() {
        String own = "/proc/" + ProcessHandle.current().pid() + "/ns/uts";
        assertThat(refusal(TestBundle.linux(shell("true"), l -> l.namespaces(List.of(Namespace.of(Namespace.Type.MOUNT), Namespace.of(Namespace.Type.UTS),
                Namespace.join(Namespace.Type.NETWORK, own)))))).hasMessageContaining("join network namespace \"" + own + "\": invalid argument (EINVAL)");
    }
}
