package dev.carafe.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.BlockIo;
import dev.carafe.oci.runtime.CpuLimits;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.HugepageLimit;
import dev.carafe.oci.runtime.MemoryLimits;
import dev.carafe.oci.runtime.InterfacePriority;
import dev.carafe.oci.runtime.NetworkLimits;
import dev.carafe.oci.runtime.RdmaLimit;
import dev.carafe.oci.runtime.PidsLimit;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.ThrottleDevice;
import dev.carafe.oci.runtime.WeightDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupPlannerTest {
    /** Writes as {@code controller-directory file value}, those that every group of cpuset gets left out. */
    private static List<String> writes(Cgroups cgroups, UnaryOperator<Resources.Builder> resources) {
        var list = new ArrayList<String>();
        for (Step step : Bundles.plan(Bundles.resources(resources), cgroups).steps()) {
            if (step.operation() instanceof CgroupOperation.Write w && !step.source().equals("cpuset(7)") && !w.file().equals("cgroup.subtree_control")) {
                assertThat(w.directory()).endsWith("/box/web");
                list.add(w.directory().substring("/sys/fs/cgroup".length(), w.directory().length() - "/box/web".length()) + " " + w.file() + " " + w.value());
            }
        }
        return list;
    }

    private static Fault refused(Cgroups cgroups, UnaryOperator<Resources.Builder> resources) {
        return catchThrowableOfType(Fault.class, () -> Bundles.plan(Bundles.resources(resources), cgroups));
    }

    private static List<String> made(Cgroups cgroups) {
        return Bundles.operations(Bundles.plan(Bundles.minimal(), cgroups), Actor.MONITOR).stream()
                .filter(o -> o instanceof CgroupOperation.Make).map(o -> ((CgroupOperation.Make) o).directory()).toList();
    }

    private static List<String> removed(Cgroups cgroups) {
        return Bundles.operations(Bundles.plan(Bundles.minimal(), cgroups), Actor.MONITOR_AFTER).stream()
                .filter(o -> o instanceof CgroupOperation.Remove).map(o -> ((CgroupOperation.Remove) o).directory()).toList();
    }

    private static List<String> joined(Cgroups cgroups) {
        return Bundles.operations(Bundles.plan(Bundles.minimal(), cgroups), Actor.INIT).stream()
                .filter(o -> o instanceof CgroupOperation.Join).map(o -> ((CgroupOperation.Join) o).directory()).toList();
    }

    private static Optional<String> birthplace(Cgroups cgroups) {
        return Bundles.operations(Bundles.plan(Bundles.minimal(), cgroups), Actor.MONITOR).stream().filter(o -> o instanceof NamespaceOperation.CloneInit)
                .map(o -> ((NamespaceOperation.CloneInit) o).cgroup()).findFirst().orElseThrow();
    }

    @Test
    void onVersion1ItHasAGroupInEveryHierarchyAndJoinsEach() {
        List<String> groups = Bundles.V1.v1().stream().map(h -> h.mountpoint() + "/box/web").toList();
        assertThat(made(Bundles.V1)).isEqualTo(groups);
        assertThat(joined(Bundles.V1)).isEqualTo(groups);
        assertThat(removed(Bundles.V1)).isEqualTo(groups.reversed());
        assertThat(birthplace(Bundles.V1)).isEmpty();
    }

    @Test
    void onVersion2ItIsBornIntoItsGroup() {
        assertThat(made(Bundles.V2)).containsExactly("/sys/fs/cgroup/box", "/sys/fs/cgroup/box/web");
        assertThat(joined(Bundles.V2)).isEmpty();
        assertThat(removed(Bundles.V2)).containsExactly("/sys/fs/cgroup/box/web");
        assertThat(birthplace(Bundles.V2)).contains("/sys/fs/cgroup/box/web");
    }

    @Test
    void onBothItDoesBoth() {
        assertThat(made(Bundles.HYBRID)).hasSize(8).endsWith("/sys/fs/cgroup/unified/box/web");
        assertThat(joined(Bundles.HYBRID)).hasSize(7).noneMatch(d -> d.contains("unified"));
        assertThat(removed(Bundles.HYBRID)).containsExactlyInAnyOrderElementsOf(made(Bundles.HYBRID));
        assertThat(birthplace(Bundles.HYBRID)).contains("/sys/fs/cgroup/unified/box/web");
    }

    @Test
    void withoutHierarchiesOrWithoutAPathThereAreNoGroups() {
        assertThat(made(Bundles.NONE)).isEmpty();
        Spec spec = Bundles.linux(Bundles.minimal(), l -> l.cgroupsPath(Optional.empty()));
        assertThat(Bundles.plan(spec).steps()).noneMatch(s -> s.operation() instanceof CgroupOperation);
    }

    @Test
    void groupsAboveHandTheirControllersDown() {
        assertThat(Bundles.texts(Bundles.plan(Bundles.minimal(), Bundles.V2), Actor.MONITOR)).startsWith(
                "write \"+cpuset +cpu +io +memory +hugetlb +pids\" to \"/sys/fs/cgroup/cgroup.subtree_control\"",
                "make cgroup \"/sys/fs/cgroup/box\"",
                "write \"+cpuset +cpu +io +memory +hugetlb +pids\" to \"/sys/fs/cgroup/box/cgroup.subtree_control\"",
                "make cgroup \"/sys/fs/cgroup/box/web\"");
    }

    @Test
    void aNewGroupOfCpusetGetsProcessorsAndMemoryNodesFromTheTop() {
        assertThat(Bundles.texts(Bundles.plan(Bundles.minimal(), Bundles.V1), Actor.MONITOR)).containsSubsequence(
                "make cgroup \"/sys/fs/cgroup/cpuset/box/web\"",
                "write \"0-3\" to \"/sys/fs/cgroup/cpuset/box/cpuset.cpus\"", "write \"0\" to \"/sys/fs/cgroup/cpuset/box/cpuset.mems\"",
                "write \"0-3\" to \"/sys/fs/cgroup/cpuset/box/web/cpuset.cpus\"", "write \"0\" to \"/sys/fs/cgroup/cpuset/box/web/cpuset.mems\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"box/web", "box.slice:carafe:web", "/box/../../web", "/box/.."})
    void aPathThatMayLeadElsewhereIsRefused(String path) {
        Fault fault = catchThrowableOfType(Fault.class, () -> Bundles.plan(Bundles.linux(Bundles.minimal(), l -> l.cgroupsPath(path))));
        assertThat(fault.kind()).isEqualTo(Fault.Kind.INVALID);
        assertThat(fault).hasMessageContaining("linux.cgroupsPath").hasMessageContaining(path);
    }

    @Test
    void memory() {
        UnaryOperator<Resources.Builder> limits = r -> r.memory(MemoryLimits.builder().limit(1000).reservation(500).swap(3000).build());
        assertThat(writes(Bundles.V1, limits)).containsExactly("/memory memory.limit_in_bytes 1000", "/memory memory.soft_limit_in_bytes 500",
                "/memory memory.memsw.limit_in_bytes 3000");
        assertThat(writes(Bundles.V2, limits)).containsExactly(" memory.max 1000", " memory.low 500", " memory.swap.max 2000");
    }

    @Test
    void unlimitedMemory() {
        UnaryOperator<Resources.Builder> limits = r -> r.memory(MemoryLimits.builder().limit(-1).swap(-1).build());
        assertThat(writes(Bundles.V1, limits)).containsExactly("/memory memory.limit_in_bytes -1", "/memory memory.memsw.limit_in_bytes -1");
        assertThat(writes(Bundles.V2, limits)).containsExactly(" memory.max max", " memory.swap.max max");
    }

    @Test
    void swappinessAndTheOutOfMemoryKillerAreOfVersion1Only() {
        assertThat(writes(Bundles.V1, r -> r.memory(MemoryLimits.builder().swappiness(7).disableOomKiller(true).build())))
                .containsExactly("/memory memory.swappiness 7", "/memory memory.oom_control 1");
        assertThat(refused(Bundles.V2, r -> r.memory(MemoryLimits.builder().swappiness(7).build())))
                .hasMessage("set linux.resources.memory.swappiness: version 2 cgroups have no such setting (runtime-spec config-linux.md#memory); leave it out");
        assertThat(refused(Bundles.V2, r -> r.memory(MemoryLimits.builder().disableOomKiller(true).build())).kind()).isEqualTo(Fault.Kind.UNSUPPORTED);
        assertThat(writes(Bundles.V2, r -> r.memory(MemoryLimits.builder().disableOomKiller(false).build()))).isEmpty();
    }

    @Test
    void processors() {
        UnaryOperator<Resources.Builder> limits = r -> r.cpu(CpuLimits.builder().shares(1024).quota(50_000).period(200_000).burst(10).idle(1)
                .cpus("0-1").mems("0").build());
        assertThat(writes(Bundles.V1, limits)).containsExactly("/cpu,cpuacct cpu.shares 1024", "/cpu,cpuacct cpu.cfs_period_us 200000",
                "/cpu,cpuacct cpu.cfs_quota_us 50000", "/cpu,cpuacct cpu.cfs_burst_us 10", "/cpu,cpuacct cpu.idle 1", "/cpuset cpuset.cpus 0-1",
                "/cpuset cpuset.mems 0");
        assertThat(writes(Bundles.V2, limits)).containsExactly(" cpu.weight 39", " cpu.max 50000 200000", " cpu.max.burst 10", " cpu.idle 1",
                " cpuset.cpus 0-1", " cpuset.mems 0");
    }

    @Test
    void aQuotaWithoutAPeriodAndAPeriodWithoutAQuota() {
        assertThat(writes(Bundles.V2, r -> r.cpu(CpuLimits.builder().quota(50_000).build()))).containsExactly(" cpu.max 50000 100000");
        assertThat(writes(Bundles.V2, r -> r.cpu(CpuLimits.builder().quota(-1).build()))).containsExactly(" cpu.max max 100000");
        assertThat(writes(Bundles.V2, r -> r.cpu(CpuLimits.builder().period(50_000).build()))).containsExactly(" cpu.max max 50000");
    }

    @Test
    void realtimeIsOfVersion1Only() {
        UnaryOperator<Resources.Builder> limits = r -> r.cpu(CpuLimits.builder().realtimePeriod(1000).realtimeRuntime(500).build());
        assertThat(writes(Bundles.V1, limits)).containsExactly("/cpu,cpuacct cpu.rt_period_us 1000", "/cpu,cpuacct cpu.rt_runtime_us 500");
        assertThat(refused(Bundles.V2, limits).kind()).isEqualTo(Fault.Kind.UNSUPPORTED);
    }

    @ParameterizedTest
    @CsvSource({"2,1", "1,1", "1024,39", "512,20", "262144,10000", "999999,10000"})
    void sharesBecomeWeightLinearly(long shares, long weight) {
        assertThat(CgroupPlanner.weight(shares)).isEqualTo(weight);
    }

    @Test
    void processes() {
        assertThat(writes(Bundles.V1, r -> r.pids(new PidsLimit(Optional.of(5L))))).containsExactly("/pids pids.max 5");
        assertThat(writes(Bundles.V2, r -> r.pids(new PidsLimit(Optional.of(-1L))))).containsExactly(" pids.max max");
        assertThat(writes(Bundles.V1, r -> r.pids(new PidsLimit(Optional.of(0L))))).containsExactly("/pids pids.max 1");
    }

    @Test
    void hugePagesAreLimitedWhereTheControllerIs() {
        UnaryOperator<Resources.Builder> limits = r -> r.hugepageLimits(List.of(new HugepageLimit("2MB", 4096)));
        assertThat(writes(Bundles.V1, limits)).containsExactly("/hugetlb hugetlb.2MB.limit_in_bytes 4096");
        assertThat(writes(Bundles.HYBRID, limits)).containsExactly("/unified hugetlb.2MB.max 4096");
        assertThat(writes(Bundles.V2, limits)).containsExactly(" hugetlb.2MB.max 4096");
    }

    @Test
    void disks() {
        UnaryOperator<Resources.Builder> limits = r -> r.blockIo(BlockIo.builder().weight(300)
                .weightDevice(List.of(new WeightDevice(8, 0, Optional.of(400), Optional.empty())))
                .throttleReadBps(List.of(new ThrottleDevice(8, 0, 1))).throttleWriteBps(List.of(new ThrottleDevice(8, 0, 2)))
                .throttleReadIops(List.of(new ThrottleDevice(8, 0, 3))).throttleWriteIops(List.of(new ThrottleDevice(8, 0, 4))).build());
        assertThat(writes(Bundles.V1, limits)).containsExactly("/blkio blkio.bfq.weight 300", "/blkio blkio.bfq.weight_device 8:0 400",
                "/blkio blkio.throttle.read_bps_device 8:0 1", "/blkio blkio.throttle.write_bps_device 8:0 2",
                "/blkio blkio.throttle.read_iops_device 8:0 3", "/blkio blkio.throttle.write_iops_device 8:0 4");
        assertThat(writes(Bundles.V2, limits)).containsExactly(" io.bfq.weight 300", " io.bfq.weight 8:0 400", " io.max 8:0 rbps=1", " io.max 8:0 wbps=2",
                " io.max 8:0 riops=3", " io.max 8:0 wiops=4");
    }

    @Test
    void anyFileOfVersion2() {
        UnaryOperator<Resources.Builder> limits = r -> r.unified(Map.of("memory.high", "77"));
        assertThat(writes(Bundles.V2, limits)).containsExactly(" memory.high 77");
        assertThat(refused(Bundles.V1, limits)).hasMessageContaining("linux.resources.unified[\"memory.high\"]");
        assertThat(refused(Bundles.V2, r -> r.unified(Map.of("../memory.high", "1"))).kind()).isEqualTo(Fault.Kind.INVALID);
    }

    @Test
    void aLimitWhoseControllerTheHostLacksIsRefused() {
        List<UnaryOperator<Resources.Builder>> each = List.of(
                r -> r.memory(MemoryLimits.builder().limit(1).build()),
                r -> r.cpu(CpuLimits.builder().shares(2).build()),
                r -> r.cpu(CpuLimits.builder().quota(2).build()),
                r -> r.cpu(CpuLimits.builder().cpus("0").build()),
                r -> r.pids(new PidsLimit(Optional.of(1L))),
                r -> r.hugepageLimits(List.of(new HugepageLimit("2MB", 1))),
                r -> r.blockIo(BlockIo.builder().weight(10).build()),
                r -> r.network(new NetworkLimits(Optional.of(1L), List.of())),
                r -> r.network(new NetworkLimits(Optional.empty(), List.of(new InterfacePriority("eth0", 1)))),
                r -> r.rdma(Map.of("mlx5_1", new RdmaLimit(Optional.of(1L), Optional.empty()))),
                r -> r.memory(MemoryLimits.builder().kernelTcp(1).build()),
                r -> r.blockIo(BlockIo.builder().leafWeight(10).build()),
                r -> r.devices(List.of(deny())));
        for (UnaryOperator<Resources.Builder> limit : each) {
            Fault fault = refused(Bundles.NONE, limit);
            assertThat(fault.kind()).isEqualTo(Fault.Kind.UNSUPPORTED);
            assertThat(fault).hasMessageMatching("set linux\\.resources\\..*: this host has no \\w+ cgroup controller \\(runtime-spec config-linux.md#[a-z-]+\\); enable it in the kernel, or leave the limit out");
        }
    }

    private static Cgroups more(Cgroups base, String controller) {
        var v1 = new ArrayList<>(base.v1());
        v1.add(new Cgroups.V1(List.of(controller), "/sys/fs/cgroup/" + controller, "", ""));
        return new Cgroups(v1, base.v2());
    }

    @Test
    void theMarksOnPacketsAreOfVersion1Only() {
        UnaryOperator<Resources.Builder> limits = r -> r.network(new NetworkLimits(Optional.of(0x10001L), List.of(new InterfacePriority("eth0", 5), new InterfacePriority("lo", 1))));
        assertThat(writes(more(more(Bundles.V1, "net_cls"), "net_prio"), limits)).containsExactly("/net_cls net_cls.classid 65537",
                "/net_prio net_prio.ifpriomap eth0 5", "/net_prio net_prio.ifpriomap lo 1");
        assertThat(refused(Bundles.V2, limits)).hasMessageContaining("linux.resources.network.classID");
    }

    @Test
    void remoteMemoryAccess() {
        UnaryOperator<Resources.Builder> limits = r -> r.rdma(Map.of("mlx5_1", new RdmaLimit(Optional.of(2L), Optional.of(2000L))));
        assertThat(writes(more(Bundles.V1, "rdma"), limits)).containsExactly("/rdma rdma.max mlx5_1 hca_handle=2 hca_object=2000");
        assertThat(writes(new Cgroups(List.of(), Optional.of(new Cgroups.V2("/sys/fs/cgroup", Set.of("rdma")))), limits)).containsExactly(" rdma.max mlx5_1 hca_handle=2 hca_object=2000");
    }

    @Test
    void whatOnlyVersion1CanCountOrWeigh() {
        assertThat(writes(Bundles.V1, r -> r.memory(MemoryLimits.builder().useHierarchy(true).kernel(-1).kernelTcp(-1).checkBeforeUpdate(true).build()))).containsExactly(
                "/memory memory.use_hierarchy 1", "/memory memory.kmem.limit_in_bytes -1", "/memory memory.kmem.tcp.limit_in_bytes -1");
        assertThat(writes(Bundles.V2, r -> r.memory(MemoryLimits.builder().useHierarchy(true).checkBeforeUpdate(true).build()))).isEmpty();
        assertThat(writes(Bundles.V1, r -> r.blockIo(BlockIo.builder().leafWeight(10).weightDevice(List.of(new WeightDevice(8, 0, Optional.of(20), Optional.of(30)))).build())))
                .containsExactly("/blkio blkio.leaf_weight 10", "/blkio blkio.leaf_weight_device 8:0 30", "/blkio blkio.bfq.weight_device 8:0 20");
        List<UnaryOperator<Resources.Builder>> each = List.of(r -> r.memory(MemoryLimits.builder().useHierarchy(false).build()),
                r -> r.memory(MemoryLimits.builder().kernel(-1).build()), r -> r.memory(MemoryLimits.builder().kernelTcp(1).build()),
                r -> r.cpu(CpuLimits.builder().realtimePeriod(1).build()), r -> r.blockIo(BlockIo.builder().leafWeight(10).build()),
                r -> r.blockIo(BlockIo.builder().weightDevice(List.of(new WeightDevice(8, 0, Optional.empty(), Optional.of(30)))).build()));
        for (UnaryOperator<Resources.Builder> limit : each) {
            assertThat(refused(Bundles.V2, limit)).hasMessageMatching("set linux\\.resources\\..*: version 2 cgroups have no .* \\(runtime-spec config-linux.md#[a-z-]+\\); leave it out");
        }
    }

    @Test
    void aLimitOnKernelMemoryThatTheKernelDoesNotHeedIsLeftOutAndTold() {
        UnaryOperator<Resources.Builder> limit = r -> r.memory(MemoryLimits.builder().kernel(1).kernelTcp(2).build());
        assertThat(writes(Bundles.V1, limit)).containsExactly("/memory memory.kmem.tcp.limit_in_bytes 2");
        Spec spec = Bundles.resources(limit);
        assertThat(Planner.warnings(spec.process().orElseThrow(), spec.linux().orElseThrow(), Bundles.host(Bundles.V1))).containsExactly(
                "config.json linux.resources.memory.kernel: kernels from 5.16 on do not heed it, left out: the limit on memory counts the kernel's too"
                + " (runtime-spec config-linux.md#memory)");
    }

    @Test
    void aFileOfVersion2NeedsItsControllerThere() {
        assertThat(refused(Bundles.HYBRID, r -> r.unified(Map.of("memory.high", "1")))).hasMessage("set linux.resources.unified[\"memory.high\"]: invalid"
                + " configuration: the memory controller of this host is of version 1 (runtime-spec config-linux.md#unified)");
    }

    @Test
    void aLimitWithoutAGroupIsRefused() {
        Spec spec = Bundles.linux(Bundles.resources(r -> r.pids(new PidsLimit(Optional.of(1L)))), l -> l.cgroupsPath(Optional.empty()));
        for (Cgroups cgroups : List.of(Bundles.V1, Bundles.V2, Bundles.HYBRID)) {
            assertThat(catchThrowableOfType(Fault.class, () -> Bundles.plan(spec, cgroups)).kind()).isEqualTo(Fault.Kind.INVALID);
        }
    }

    private static DeviceRule deny() {
        return new DeviceRule(false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("rwm"));
    }

    private static DeviceRule allow() {
        return new DeviceRule(true, Optional.of(DeviceRule.Type.BLOCK), Optional.of(8L), Optional.of(-1L), Optional.of("r"));
    }

    @Test
    void deviceRulesKeepTheirOrderAndTheDefaultOnesComeLast() {
        List<String> writes = writes(Bundles.V1, r -> r.devices(List.of(deny(), allow())));
        assertThat(writes).startsWith("/devices devices.deny a", "/devices devices.allow b 8:* r", "/devices devices.allow c *:* m")
                .endsWith("/devices devices.allow c 136:* rwm").hasSize(2 + DeviceRules.DEFAULT.size());
        assertThat(writes(Bundles.V1, r -> r.devices(List.of(allow())))).containsExactly("/devices devices.allow b 8:* r");
    }

    @Test
    void onVersion2TheRulesBecomeOneProgram() {
        var lines = new ArrayList<>(List.of("deny a", "allow b 8:* r"));
        DeviceRules.DEFAULT.forEach(line -> lines.add("allow " + line));
        assertThat(Bundles.operations(Bundles.plan(Bundles.resources(r -> r.devices(List.of(deny(), allow()))), Bundles.V2), Actor.MONITOR))
                .contains(new CgroupOperation.AttachDeviceProgram("/sys/fs/cgroup/box/web", lines, DeviceProgram.compile(lines)));
    }

    @Test
    void aRuleWithoutAnythingIsForAllDevices() {
        assertThat(DeviceRules.line(deny())).isEqualTo("a");
        assertThat(DeviceRules.line(new DeviceRule(true, Optional.of(DeviceRule.Type.CHARACTER), Optional.empty(), Optional.of(3L), Optional.empty())))
                .isEqualTo("c *:3 rwm");
    }
}
