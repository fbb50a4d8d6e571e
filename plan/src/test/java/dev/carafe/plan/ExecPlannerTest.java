package dev.carafe.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.oci.runtime.ExecCpuAffinity;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.SeccompRule;
import dev.carafe.oci.runtime.Spec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a further process of a container is made by. */
class ExecPlannerTest {
    @Test
    void aSecondProcessJoinsEverythingOfTheFirst() {
        Spec spec = Bundles.full();
        Plan plan = Planner.exec(spec.process().orElseThrow(), spec.linux().orElseThrow(), 4711, Bundles.launch(), Bundles.host(Bundles.V1));
        assertThat(Bundles.texts(plan, Actor.MONITOR)).containsExactly("hold the lock \"/run/carafe/web/monitor\"", "append output to \"/var/lib/carafe/web/log\"",
                "make pipes for output and error", "take hold of process 4711", "prepare for a process that enters last of all", "clone init", "wait until the process has entered the pid namespace",
                "wait until init has started its program", "report that the program runs", "watch init");
        assertThat(Bundles.texts(plan, Actor.MONITOR_AFTER)).containsExactly("end init if the start failed");
        List<String> init = Bundles.texts(plan, Actor.INIT);
        assertThat(init).startsWith("die with the monitor", "start a new session", "join cgroup \"/sys/fs/cgroup/cpu,cpuacct/box/web\"");
        assertThat(init).containsSubsequence("join cgroup \"/sys/fs/cgroup/systemd/box/web\"", "adjust the out-of-memory score by 100",
                "join mount, network, ipc, uts, cgroup, pid namespaces of process 4711", "close all descriptors but the standard streams", "change directory to \"/srv\"",
                "enter the pid namespace and execute \"nginx\" \"-g\" \"daemon off;\"");
        assertThat(plan.steps()).noneMatch(s -> s.operation() instanceof MountOperation || s.operation() instanceof CgroupOperation.Make
                || s.operation() instanceof CgroupOperation.Remove || s.operation() instanceof CgroupOperation.Write);
    }

    /** Behind the filter, the process that was prepared has yet to make the one that enters: where that is not sure, it is born there and prepares itself. */
    @Test
    void aSecondProcessEntersThePidNamespaceLastUnlessTheFilterMightForbidIt() {
        for (String call : List.of("clone", "setsid", "mmap", "prctl")) {
            Spec spec = Bundles.linux(Bundles.full(), l -> l.seccomp(Seccomp.builder(SeccompAction.SCMP_ACT_ALLOW)
                    .syscalls(List.of(new SeccompRule(List.of(call), SeccompAction.SCMP_ACT_ERRNO, Optional.empty(), List.of()))).build()));
            Plan plan = Planner.exec(spec.process().orElseThrow(), spec.linux().orElseThrow(), 4711, Bundles.launch(), Bundles.host(Bundles.V1));
            assertThat(Bundles.texts(plan, Actor.MONITOR)).as(call).contains("join pid namespace of process 4711").noneMatch(text -> text.contains("enter"));
            assertThat(plan.steps().getLast().operation()).isInstanceOf(ProcessOperation.Execute.class);
        }
    }

    @Test
    void aSecondProcessOnVersion2IsBornIntoTheGroup() {
        Spec spec = Bundles.full();
        Plan plan = Planner.exec(spec.process().orElseThrow(), spec.linux().orElseThrow(), 4711, Bundles.launch(), Bundles.host(Bundles.V2));
        assertThat(Bundles.operations(plan, Actor.MONITOR)).contains(new NamespaceOperation.CloneInit(List.of(), Optional.of("/sys/fs/cgroup/box/web")));
    }

    @Test
    void aFurtherProcessHasItsProcessorsBeforeAndAfterItJoinsTheGroups() {
        Spec spec = Bundles.full();
        var process = spec.process().orElseThrow().toBuilder().execCpuAffinity(new ExecCpuAffinity(Optional.of("0-2"), Optional.of("65,1"))).build();
        Plan plan = Planner.exec(process, spec.linux().orElseThrow(), 4711, Bundles.launch(), Bundles.host(Bundles.V1));
        assertThat(Bundles.operations(plan, Actor.INIT)).containsSubsequence(new ProcessOperation.Affinity("0-2", List.of(7L)),
                new CgroupOperation.Join("/sys/fs/cgroup/memory/box/web"), new ProcessOperation.Affinity("65,1", List.of(2L, 2L)));
        assertThat(Bundles.plan(Bundles.process(spec, p -> p.execCpuAffinity(new ExecCpuAffinity(Optional.of("0"), Optional.empty())))).steps())
                .noneMatch(s -> s.operation() instanceof ProcessOperation.Affinity);
    }
}
