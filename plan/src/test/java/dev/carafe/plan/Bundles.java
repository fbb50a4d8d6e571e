package dev.carafe.plan;

import dev.carafe.base.KernelVersion;
import dev.carafe.oci.runtime.Capabilities;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.Spec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Bundles and machines for tests of plans. */
final class Bundles {
    static final Set<String> V2_CONTROLLERS = Set.of("cpuset", "cpu", "io", "memory", "hugetlb", "pids");

    static final Cgroups V1 = new Cgroups(List.of(
            new Cgroups.V1(List.of("cpu", "cpuacct"), "/sys/fs/cgroup/cpu,cpuacct", "", ""),
            new Cgroups.V1(List.of("cpuset"), "/sys/fs/cgroup/cpuset", "0-3", "0"),
            new Cgroups.V1(List.of("memory"), "/sys/fs/cgroup/memory", "", ""),
            new Cgroups.V1(List.of("devices"), "/sys/fs/cgroup/devices", "", ""),
            new Cgroups.V1(List.of("blkio"), "/sys/fs/cgroup/blkio", "", ""),
            new Cgroups.V1(List.of("pids"), "/sys/fs/cgroup/pids", "", ""),
            new Cgroups.V1(List.of("hugetlb"), "/sys/fs/cgroup/hugetlb", "", ""),
            new Cgroups.V1(List.of("name=systemd"), "/sys/fs/cgroup/systemd", "", "")), Optional.empty());
    static final Cgroups V2 = new Cgroups(List.of(), Optional.of(new Cgroups.V2("/sys/fs/cgroup", V2_CONTROLLERS)));
    static final Cgroups HYBRID = new Cgroups(V1.v1().stream().filter(h -> !h.controllers().contains("hugetlb")).toList(),
            Optional.of(new Cgroups.V2("/sys/fs/cgroup/unified", Set.of("hugetlb"))));
    static final Cgroups NONE = new Cgroups(List.of(), Optional.empty());

    private Bundles() {
    }

    static HostFacts host(Cgroups cgroups) {
        return new HostFacts(new KernelVersion(6, 18), "amd64", 0, Capability.ALL, cgroups, Set.of(), "/usr/lib/carafe/carafe");
    }

    static Launch launch() {
        return new Launch("web", new Launch.Root.Directory("/var/lib/root"), "/run/carafe/web", "/var/lib/carafe/web", Optional.of(LogFile.of("/var/lib/carafe/web/log")),
                false, false, Optional.empty());
    }

    static Spec minimal() {
        return Spec.builder().process(Process.builder().args(List.of("/bin/true")).cwd("/").build())
                .linux(Linux.builder().cgroupsPath("/box/web").namespaces(List.of(Namespace.of(Namespace.Type.MOUNT), Namespace.of(Namespace.Type.PID))).build()).build();
    }

    /** As engines write it. */
    static Spec full() {
        var caps = List.of("CAP_CHOWN", "CAP_KILL");
        return Spec.builder()
                .process(Process.builder().args(List.of("nginx", "-g", "daemon off;")).env(List.of("PATH=/sbin:/bin")).cwd("/srv").noNewPrivileges(true)
                        .oomScoreAdj(100).capabilities(new Capabilities(caps, caps, List.of(), caps, List.of())).build())
                .hostname("web")
                .mounts(List.of(Mount.of("/proc", "proc", "proc", "nosuid"), Mount.of("/dev", "tmpfs", "tmpfs", "mode=755"),
                        Mount.of("/dev/pts", "devpts", "devpts", "newinstance"), Mount.of("/sys", "sysfs", "sysfs", "ro"),
                        Mount.of("/sys/fs/cgroup", "cgroup", "cgroup", "ro"), Mount.of("/data", "bind", "/srv/data", "rbind", "rslave", "ro")))
                .linux(Linux.builder().cgroupsPath("/box/web").namespaces(Stream.of(Namespace.Type.MOUNT, Namespace.Type.PID, Namespace.Type.NETWORK,
                        Namespace.Type.IPC, Namespace.Type.UTS, Namespace.Type.CGROUP).map(Namespace::of).toList())
                        .maskedPaths(List.of("/proc/keys")).readonlyPaths(List.of("/proc/sys")).build())
                .build();
    }

    static Spec linux(Spec spec, UnaryOperator<Linux.Builder> change) {
        return spec.toBuilder().linux(change.apply(spec.linux().orElseThrow().toBuilder()).build()).build();
    }

    static Spec process(Spec spec, UnaryOperator<Process.Builder> change) {
        return spec.toBuilder().process(change.apply(spec.process().orElseThrow().toBuilder()).build()).build();
    }

    static Spec resources(UnaryOperator<Resources.Builder> change) {
        return linux(minimal(), l -> l.resources(change.apply(Resources.builder()).build()));
    }

    static Plan plan(Spec spec, Cgroups cgroups) {
        return Planner.start(spec, launch(), host(cgroups));
    }

    static Plan plan(Spec spec) {
        return plan(spec, HYBRID);
    }

    static List<Operation> operations(Plan plan, Actor actor) {
        return plan.steps().stream().filter(s -> s.actor() == actor).map(Step::operation).toList();
    }

    static List<String> texts(Plan plan, Actor actor) {
        return operations(plan, actor).stream().map(Operation::text).toList();
    }
}
