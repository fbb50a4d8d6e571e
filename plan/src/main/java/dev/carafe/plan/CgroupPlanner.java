package dev.carafe.plan;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.BlockIo;
import dev.carafe.oci.runtime.CpuLimits;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.HugepageLimit;
import dev.carafe.oci.runtime.InterfacePriority;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.MemoryLimits;
import dev.carafe.oci.runtime.NetworkLimits;
import dev.carafe.oci.runtime.RdmaLimit;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.ThrottleDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The container's control groups: one in every hierarchy, limits where the controller is (runtime-spec
 * config-linux.md#control-groups). A limit whose controller the host lacks is refused, never dropped.
 */
final class CgroupPlanner {
    private static final String SPEC = "runtime-spec config-linux.md#";

    private final Optional<String> path;
    private final Resources resources;
    private final Cgroups host;
    private final boolean kernelMemory;

    CgroupPlanner(Linux linux, HostFacts host) {
        this(linux, host.cgroups(), BundleRules.heedsKernelMemory(host));
    }

    /** @param kernelMemory whether the kernel heeds a limit on its own memory */
    CgroupPlanner(Linux linux, Cgroups host, boolean kernelMemory) {
        this.kernelMemory = kernelMemory;
        this.path = linux.cgroupsPath();
        this.resources = linux.resources().orElseGet(() -> Resources.builder().build());
        this.host = host;
        path.ifPresent(p -> {
            if (!p.startsWith("/") || p.contains("/../") || p.endsWith("/..")) {
                throw Fault.invalid("config.json", "linux.cgroupsPath", "expected an absolute path without \"..\", found \"" + p
                        + "\" (" + SPEC + "cgroups-path)");
            }
        });
    }

    /** The version 2 group that init is cloned into. */
    Optional<String> birthplace() {
        return path.isPresent() && host.v2().isPresent() ? Optional.of(unified()) : Optional.empty();
    }

    /** As {@link #birthplace()}, for a further process that joins a group below the container's. */
    Optional<String> birthplace(Map<String, String> groups) {
        return birthplace().isEmpty() ? birthplace() : Optional.of(unified() + below(groups.getOrDefault("", "")));
    }

    /** A path below the container's groups. */
    private static String below(String group) {
        if (group.contains("..")) {
            throw Fault.invalid("join", "cgroup \"" + group + "\"", "bad sub cgroup path: it must lie below the container's group");
        }
        return group.isEmpty() || group.equals("/") ? "" : group.startsWith("/") ? group : "/" + group;
    }

    private String unified() {
        return host.v2().orElseThrow().mountpoint() + path.orElseThrow();
    }

    void make(Steps steps) {
        if (path.isEmpty()) {
            if (!resources.equals(Resources.builder().build())) {
                throw Fault.invalid("config.json", "linux.resources", "limits need a group to be set on: linux.cgroupsPath is absent (" + SPEC + "cgroups-path)");
            }
            return;
        }
        for (Cgroups.V1 hierarchy : host.v1()) {
            String directory = hierarchy.mountpoint() + path.get();
            steps.monitor(new CgroupOperation.Make(directory), "linux.cgroupsPath", SPEC + "cgroups-path");
            if (!hierarchy.cpus().isEmpty()) {
                // A new group of cpuset holds no processor and no memory node, and then takes no process either.
                for (String ancestor : ancestors(hierarchy.mountpoint(), directory)) {
                    write(steps, ancestor, "cpuset.cpus", hierarchy.cpus(), "a group without processors takes no process", "cpuset(7)");
                    write(steps, ancestor, "cpuset.mems", hierarchy.mems(), "a group without memory nodes takes no process", "cpuset(7)");
                }
            }
        }
        host.v2().ifPresent(v2 -> {
            if (host.onlyV2()) {
                delegate(steps, v2);
            }
            steps.monitor(new CgroupOperation.Make(unified()), "linux.cgroupsPath", SPEC + "cgroups-path");
        });
        limits(steps);
        devices(steps);
    }

    /** What may change while the container runs. */
    void limits(Steps steps) {
        memory(steps);
        cpu(steps);
        // Zero is a limit and not the lack of one; with less than one, the container's only process could not be.
        resources.pids().flatMap(p -> p.limit()).ifPresent(limit -> put(steps, "pids", "pids.max", "pids.max",
                limit < 0 ? "max" : Long.toString(Math.max(1, limit)), "linux.resources.pids.limit", "process-ids"));
        blockIo(steps);
        for (HugepageLimit huge : resources.hugepageLimits()) {
            put(steps, "hugetlb", "hugetlb." + huge.pageSize() + ".limit_in_bytes", "hugetlb." + huge.pageSize() + ".max",
                    Long.toString(huge.limit()), "linux.resources.hugepageLimits", "huge-page-limits");
        }
        network(steps);
        for (Map.Entry<String, RdmaLimit> rdma : resources.rdma().entrySet()) {
            RdmaLimit limit = rdma.getValue();
            put(steps, "rdma", "rdma.max", "rdma.max", rdma.getKey() + limit.hcaHandles().map(n -> " hca_handle=" + n).orElse("")
                    + limit.hcaObjects().map(n -> " hca_object=" + n).orElse(""), "linux.resources.rdma[\"" + rdma.getKey() + "\"]", "rdma");
        }
        for (Map.Entry<String, String> raw : resources.unified().entrySet()) {
            if (host.v2().isEmpty() || raw.getKey().contains("/")) {
                throw Fault.of(Fault.Kind.UNSUPPORTED, "set", "linux.resources.unified[\"" + raw.getKey() + "\"]",
                        "this host has no version 2 cgroups for it (" + SPEC + "unified)");
            }
            String controller = raw.getKey().substring(0, Math.max(0, raw.getKey().indexOf('.')));
            if (isV1(controller)) {
                throw Fault.of(Fault.Kind.UNSUPPORTED, "set", "linux.resources.unified[\"" + raw.getKey() + "\"]", "invalid configuration: the "
                        + controller + " controller of this host is of version 1 (" + SPEC + "unified)");
            }
            write(steps, unified(), raw.getKey(), raw.getValue(), "linux.resources.unified", SPEC + "unified");
        }
    }

    private void network(Steps steps) {
        if (resources.network().isEmpty()) {
            return;
        }
        NetworkLimits network = resources.network().get();
        network.classId().ifPresent(id -> put(steps, "net_cls", "net_cls.classid", "", Long.toString(id), "linux.resources.network.classID", "network"));
        for (InterfacePriority priority : network.priorities()) {
            put(steps, "net_prio", "net_prio.ifpriomap", "", priority.name() + " " + priority.priority(), "linux.resources.network.priorities", "network");
        }
    }

    /** Groups from the one below the mount point down to the directory itself. */
    private static List<String> ancestors(String mountpoint, String directory) {
        var list = new ArrayList<String>();
        for (int slash = directory.indexOf('/', mountpoint.length() + 1); slash > 0; slash = directory.indexOf('/', slash + 1)) {
            list.add(directory.substring(0, slash));
        }
        list.add(directory);
        return list;
    }

    /** In version 2 a controller works in a group only when all groups above hand it down. */
    private void delegate(Steps steps, Cgroups.V2 v2) {
        var handed = new StringBuilder();
        for (String controller : List.of("cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma")) {
            if (v2.controllers().contains(controller)) {
                handed.append(handed.isEmpty() ? "+" : " +").append(controller);
            }
        }
        var above = new ArrayList<String>();
        above.add(v2.mountpoint());
        above.addAll(ancestors(v2.mountpoint(), unified()));
        above.removeLast();
        for (String directory : above) {
            if (!directory.equals(v2.mountpoint())) {
                steps.monitor(new CgroupOperation.Make(directory), "linux.cgroupsPath", SPEC + "cgroups-path");
            }
            write(steps, directory, "cgroup.subtree_control", handed.toString(), "groups above hand their controllers down", "cgroups(7)");
        }
    }

    private void write(Steps steps, String directory, String file, String value, String why, String source) {
        steps.monitor(new CgroupOperation.Write(directory, file, value), why, source);
    }

    /** Writes where the controller is. */
    private void put(Steps steps, String controller, String v1File, String v2File, String value, String why, String section) {
        Optional<Cgroups.V1> hierarchy = host.withController(controller);
        if (hierarchy.isPresent()) {
            write(steps, hierarchy.get().mountpoint() + path.orElseThrow(), v1File, value, why, SPEC + section);
        } else if (host.unifiedHas(controller)) {
            write(steps, unified(), v2File, value, why, SPEC + section);
        } else {
            throw lacking(controller, why, section);
        }
    }

    private static Fault lacking(String controller, String why, String section) {
        return Fault.of(Fault.Kind.UNSUPPORTED, "set", why, "this host has no " + controller + " cgroup controller (" + SPEC + section + ")")
                .hint("enable it in the kernel, or leave the limit out");
    }

    private boolean isV1(String controller) {
        return host.withController(controller).isPresent();
    }

    private void memory(Steps steps) {
        Optional<MemoryLimits> given = resources.memory();
        if (given.isEmpty()) {
            return;
        }
        MemoryLimits m = given.get();
        boolean v1 = isV1("memory");
        m.useHierarchy().filter(hierarchy -> v1 || !hierarchy).ifPresent(hierarchy -> v1Only(steps, "memory", "memory.use_hierarchy", hierarchy ? "1" : "0",
                "linux.resources.memory.useHierarchy", "memory"));
        m.limit().ifPresent(limit -> put(steps, "memory", "memory.limit_in_bytes", "memory.max", bytes(limit, v1),
                "linux.resources.memory.limit", "memory"));
        m.reservation().ifPresent(low -> put(steps, "memory", "memory.soft_limit_in_bytes", "memory.low", bytes(low, v1),
                "linux.resources.memory.reservation", "memory"));
        // Version 1 counts memory and swap together, version 2 swap alone; the spec speaks of both together.
        m.swap().ifPresent(swap -> put(steps, "memory", "memory.memsw.limit_in_bytes", "memory.swap.max",
                v1 || swap < 0 ? bytes(swap, v1) : Long.toString(Math.max(0, swap - m.limit().orElse(0L))),
                "linux.resources.memory.swap", "memory"));
        m.kernel().filter(kernel -> kernelMemory || kernel <= 0).ifPresent(kernel -> v1Only(steps, "memory", "memory.kmem.limit_in_bytes", bytes(kernel, true), "linux.resources.memory.kernel", "memory"));
        m.kernelTcp().ifPresent(tcp -> v1Only(steps, "memory", "memory.kmem.tcp.limit_in_bytes", bytes(tcp, true), "linux.resources.memory.kernelTCP", "memory"));
        m.swappiness().ifPresent(swappiness -> v1Only(steps, "memory", "memory.swappiness", Long.toString(swappiness), "linux.resources.memory.swappiness",
                "memory"));
        if (m.disableOomKiller().orElse(false)) {
            v1Only(steps, "memory", "memory.oom_control", "1", "linux.resources.memory.disableOOMKiller", "memory");
        }
        // checkBeforeUpdate asks nothing here: a group that is being made uses nothing yet.
    }

    /** What version 2 has no setting for is refused there. */
    private void v1Only(Steps steps, String controller, String file, String value, String why, String section) {
        if (!isV1(controller) && host.unifiedHas(controller)) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "set", why, "version 2 cgroups have no such setting (" + SPEC + section + ")").hint("leave it out");
        }
        put(steps, controller, file, "", value, why, section);
    }

    private static String bytes(long value, boolean v1) {
        return value >= 0 ? Long.toString(value) : v1 ? "-1" : "max";
    }

    private void cpu(Steps steps) {
        Optional<CpuLimits> given = resources.cpu();
        if (given.isEmpty()) {
            return;
        }
        CpuLimits c = given.get();
        boolean v1 = isV1("cpu");
        c.shares().filter(s -> s > 0).ifPresent(shares -> put(steps, "cpu", "cpu.shares", "cpu.weight",
                Long.toString(v1 ? shares : weight(shares)), "linux.resources.cpu.shares", "cpu"));
        if (v1) {
            c.period().filter(p -> p > 0).ifPresent(period -> put(steps, "cpu", "cpu.cfs_period_us", "", Long.toString(period),
                    "linux.resources.cpu.period", "cpu"));
            c.quota().filter(q -> q != 0).ifPresent(quota -> put(steps, "cpu", "cpu.cfs_quota_us", "", Long.toString(quota),
                    "linux.resources.cpu.quota", "cpu"));
        } else if (c.quota().isPresent() || c.period().isPresent()) {
            long quota = c.quota().orElse(-1L);
            put(steps, "cpu", "", "cpu.max", (quota > 0 ? Long.toString(quota) : "max") + " " + c.period().orElse(100_000L),
                    "linux.resources.cpu.quota, period", "cpu");
        }
        c.burst().ifPresent(burst -> put(steps, "cpu", "cpu.cfs_burst_us", "cpu.max.burst", Long.toString(burst),
                "linux.resources.cpu.burst", "cpu"));
        c.idle().ifPresent(idle -> put(steps, "cpu", "cpu.idle", "cpu.idle", Long.toString(idle), "linux.resources.cpu.idle", "cpu"));
        c.realtimePeriod().ifPresent(p -> v1Only(steps, "cpu", "cpu.rt_period_us", Long.toUnsignedString(p), "linux.resources.cpu.realtimePeriod", "cpu"));
        c.realtimeRuntime().ifPresent(r -> v1Only(steps, "cpu", "cpu.rt_runtime_us", Long.toString(r), "linux.resources.cpu.realtimeRuntime", "cpu"));
        c.cpus().filter(s -> !s.isEmpty()).ifPresent(cpus -> put(steps, "cpuset", "cpuset.cpus", "cpuset.cpus", cpus,
                "linux.resources.cpu.cpus", "cpu"));
        c.mems().filter(s -> !s.isEmpty()).ifPresent(mems -> put(steps, "cpuset", "cpuset.mems", "cpuset.mems", mems,
                "linux.resources.cpu.mems", "cpu"));
    }

    /** Shares of version 1 (2 to 262144) as weight of version 2 (1 to 10000), linearly as the field's runtimes convert. */
    static long weight(long shares) {
        long bounded = Math.min(262_144, Math.max(2, shares));
        return 1 + (bounded - 2) * 9_999 / 262_142;
    }

    private void blockIo(Steps steps) {
        Optional<BlockIo> given = resources.blockIo();
        if (given.isEmpty()) {
            return;
        }
        BlockIo io = given.get();
        boolean v1 = isV1("blkio");
        io.weight().filter(w -> w > 0).ifPresent(weight -> io(steps, "blkio.bfq.weight", "io.bfq.weight", Integer.toString(weight), "weight"));
        io.leafWeight().filter(w -> w > 0).ifPresent(weight -> leafWeight(steps, "blkio.leaf_weight", Integer.toString(weight), "leafWeight"));
        io.weightDevice().forEach(d -> d.leafWeight().ifPresent(w -> leafWeight(steps, "blkio.leaf_weight_device", d.major() + ":" + d.minor() + " " + w,
                "weightDevice")));
        io.weightDevice().forEach(d -> d.weight().ifPresent(w -> io(steps, "blkio.bfq.weight_device", "io.bfq.weight",
                d.major() + ":" + d.minor() + " " + w, "weightDevice")));
        throttle(steps, io.throttleReadBps(), "blkio.throttle.read_bps_device", "rbps", v1, "throttleReadBpsDevice");
        throttle(steps, io.throttleWriteBps(), "blkio.throttle.write_bps_device", "wbps", v1, "throttleWriteBpsDevice");
        throttle(steps, io.throttleReadIops(), "blkio.throttle.read_iops_device", "riops", v1, "throttleReadIOPSDevice");
        throttle(steps, io.throttleWriteIops(), "blkio.throttle.write_iops_device", "wiops", v1, "throttleWriteIOPSDevice");
    }

    private void leafWeight(Steps steps, String file, String value, String field) {
        if (!isV1("blkio") && host.unifiedHas("io")) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "set", "linux.resources.blockIO." + field, "version 2 cgroups have no leaf weight (" + SPEC + "block-io)")
                    .hint("leave it out");
        }
        io(steps, file, "", value, field);
    }

    private void throttle(Steps steps, List<ThrottleDevice> devices, String v1File, String v2Key, boolean v1, String field) {
        for (ThrottleDevice d : devices) {
            io(steps, v1File, "io.max", d.major() + ":" + d.minor() + " " + (v1 ? "" : v2Key + "=") + Long.toUnsignedString(d.rate()), field);
        }
    }

    private void io(Steps steps, String v1File, String v2File, String value, String field) {
        put(steps, isV1("blkio") ? "blkio" : "io", v1File, v2File, value, "linux.resources.blockIO." + field, "block-io");
    }

    /** Rules apply in their order; those of the runtime come last, since a container must have its default devices. */
    private void devices(Steps steps) {
        List<DeviceRule> rules = resources.devices();
        if (rules.isEmpty()) {
            return;
        }
        var lines = new ArrayList<String>();
        for (DeviceRule rule : rules) {
            lines.add((rule.allow() ? "allow " : "deny ") + DeviceRules.line(rule));
        }
        boolean restricted = rules.stream().anyMatch(r -> !r.allow());
        if (restricted) {
            DeviceRules.DEFAULT.forEach(line -> lines.add("allow " + line));
        }
        Optional<Cgroups.V1> hierarchy = host.withController("devices");
        if (hierarchy.isPresent()) {
            String directory = hierarchy.get().mountpoint() + path.orElseThrow();
            for (String line : lines) {
                int space = line.indexOf(' ');
                write(steps, directory, "devices." + line.substring(0, space), line.substring(space + 1), "linux.resources.devices",
                        SPEC + "allowed-device-list");
            }
        } else if (host.onlyV2()) {
            steps.monitor(new CgroupOperation.AttachDeviceProgram(unified(), List.copyOf(lines), DeviceProgram.compile(lines)),
                    "linux.resources.devices", SPEC + "allowed-device-list");
        } else if (restricted) {
            throw lacking("devices", "linux.resources.devices", "allowed-device-list");
        }
    }

    void join(Steps steps) {
        join(steps, Map.of());
    }

    /** @param groups below the container's, by controller; "" stands for all hierarchies */
    void join(Steps steps, Map<String, String> groups) {
        if (path.isEmpty()) {
            return;
        }
        for (Cgroups.V1 hierarchy : host.v1()) {
            String group = groups.getOrDefault("", "");
            for (String controller : hierarchy.controllers()) {
                group = groups.getOrDefault(controller, group);
            }
            steps.init(new CgroupOperation.Join(hierarchy.mountpoint() + path.get() + below(group)), "every hierarchy counts and limits it",
                    SPEC + "cgroups-path");
        }
    }

    void remove(Steps steps) {
        path.ifPresent(p -> {
            for (Cgroups.V1 hierarchy : host.v1().reversed()) {
                steps.after(new CgroupOperation.Remove(hierarchy.mountpoint() + p), "undo", "cgroups(7)");
            }
            host.v2().ifPresent(v2 -> steps.after(new CgroupOperation.Remove(unified()), "undo", "cgroups(7)"));
        });
    }
}
