package dev.carafe.plan;

import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.State;
import dev.carafe.plan.seccomp.SeccompPrograms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The plan of a further process in a container that runs. */
final class ExecPlanner {
    private ExecPlanner() {
    }

    /** See {@link Planner#exec(Process, Linux, int, Launch, HostFacts)}. */
    static Plan plan(Process process, Linux linux, int init, Launch launch, HostFacts host, SeccompPrograms filters) {
        ProcessRules.check(process);
        var steps = new Steps();
        var cgroups = new CgroupPlanner(linux, host);
        var joined = new ArrayList<Namespace.Type>();
        boolean pid = false;
        for (Namespace ns : linux.namespaces()) {
            if (ns.type() == Namespace.Type.PID) {
                pid = true;
            } else {
                joined.add(ns.type());
            }
        }
        Optional<Launch.Caller> caller = launch.caller();
        if (caller.isEmpty()) {
            CallerPlanner.hold(steps, launch);
            launch.log().ifPresent(log -> steps.monitor(new MonitorOperation.OpenLog(log), "output is kept", "log driver"));
        }
        CallerPlanner.streams(steps, process, linux, launch);
        var identity = new IdentityPlanner(process, linux, launch, host, !linux.uidMappings().isEmpty(), filters);
        boolean last = pid && identity.mayEnterLast();
        steps.monitor(new NamespaceOperation.JoinProcess(init, pid && !last ? List.of(Namespace.Type.PID) : List.of()),
                "the container's process ids", "setns(2)");
        if (last) {
            // Whoever may trace others in the container must find nobody there who can do more than the program.
            joined.add(Namespace.Type.PID);
            steps.monitor(new MonitorOperation.PrepareEntry(), "the process enters the container last of all", "pipe(7)");
        }
        Map<String, String> groups = caller.isPresent() ? caller.get().groups() : Map.of();
        steps.monitor(new NamespaceOperation.CloneInit(List.of(), cgroups.birthplace(groups)), "the process to be", "clone(2)");
        if (caller.isEmpty()) {
            steps.init(new ProcessOperation.DieWithMonitor(), "a process never outlives its monitor", "PR_SET_PDEATHSIG(2const)");
        }
        steps.init(new ProcessOperation.NewSession(), "the caller's terminal is not the container's", "setsid(2)");
        identity.affinity(steps, false);
        cgroups.join(steps, groups);
        identity.affinity(steps, true);
        identity.listener(steps, State.builder(Spec.VERSION, launch.id(), State.Status.RUNNING, launch.bundle()).pid(init).build());
        identity.score(steps);
        identity.early(steps);
        steps.init(new NamespaceOperation.JoinProcess(init, List.copyOf(joined)), "the container's namespaces", "setns(2)");
        identity.late(steps, false, !last);
        identity.confine(steps);
        if (last) {
            identity.enterLast(steps);
            steps.monitor(new MonitorOperation.AwaitEntry(), "the process is in the container", "clone(2)");
        } else {
            identity.enter(steps);
        }
        if (caller.isPresent()) {
            CallerPlanner.end(steps, process, launch, new HookPlanner(Spec.builder().build(), launch));
            return steps.plan();
        }
        if (process.terminal()) {
            steps.monitor(new MonitorOperation.ReceiveTerminal(), "process.terminal", "unix(7) SCM_RIGHTS");
        }
        steps.monitor(new MonitorOperation.AwaitExecute(), "a start has worked only when the program runs", "execve(2)");
        steps.monitor(new MonitorOperation.Report(), "the caller waits for it", "pipe(7)");
        steps.monitor(new MonitorOperation.Watch(process.terminal(), launch.stdinOnce(), launch.session()), "until the process ends",
                "waitid(2)");
        steps.after(new MonitorOperation.EndInit(), "a start that failed leaves nothing", "pidfd_send_signal(2)");
        return steps.plan();
    }
}
