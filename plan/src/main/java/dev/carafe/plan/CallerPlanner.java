package dev.carafe.plan;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.IdMapping;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Process;
import java.util.Optional;

/** What ties a process to whoever asked for it, alike for a container's first and for further ones: streams at the beginning, word of it at the end. */
final class CallerPlanner {
    private CallerPlanner() {
    }

    static void hold(Steps steps, Launch launch) {
        steps.monitor(new MonitorOperation.Hold(launch.runDirectory() + "/" + Launch.LOCK), "whether it lives can be asked", "flock(2)");
    }

    /** The user of the process as the host knows it; one that is not mapped stands for itself. */
    private static long hostId(Linux linux, Process process) {
        long uid = process.user().uid();
        for (IdMapping map : linux.uidMappings()) {
            if (uid >= map.containerId() && uid - map.containerId() < map.size()) {
                return map.hostId() + uid - map.containerId();
            }
        }
        return uid;
    }

    /** What init's standard streams will be connected to, and where it waits. */
    static void streams(Steps steps, Process process, Linux linux, Launch launch) {
        if (launch.caller().isEmpty()) {
            steps.monitor(new MonitorOperation.OpenStreams(process.terminal(), launch.stdin(), hostId(linux, process)),
                    process.terminal() ? "process.terminal" : "standard streams", process.terminal() ? "pty(7), unix(7)" : "pipe(7)");
            return;
        }
        Launch.Caller caller = launch.caller().get();
        if (!process.terminal()) {
            steps.monitor(new MonitorOperation.TakeStreams(caller.pipes(), hostId(linux, process)), "standard streams", "fchown(2)");
        } else if (caller.console().isPresent()) {
            steps.monitor(new MonitorOperation.ConnectConsole(caller.console().get()), "process.terminal", "unix(7)");
        } else if (caller.foreground()) {
            steps.monitor(new MonitorOperation.OpenStreams(true, true, hostId(linux, process)), "process.terminal", "pty(7), unix(7)");
        } else {
            throw Fault.invalid("plan", "\"" + launch.id() + "\"", "a terminal needs somebody to hold its near side")
                    .hint("give --console-socket, or stay in the foreground");
        }
        if (caller.gate().isPresent()) {
            steps.monitor(new MonitorOperation.OpenGate(caller.gate().get()), "it is created now and started later", "fifo(7)");
        }
    }

    /** The last steps of a performer that leaves the container to its caller. */
    static void end(Steps steps, Process process, Launch launch, HookPlanner hooks) {
        Launch.Caller caller = launch.caller().orElseThrow();
        boolean session = caller.foreground() && process.terminal() && caller.console().isEmpty();
        if (session) {
            steps.monitor(new MonitorOperation.ReceiveTerminal(), "process.terminal", "unix(7) SCM_RIGHTS");
        }
        if (caller.gate().isPresent()) {
            steps.monitor(new MonitorOperation.AwaitReady(), "whoever starts it finds it ready", "runtime-spec runtime.md#lifecycle");
        } else {
            steps.monitor(new MonitorOperation.AwaitExecute(), "a start has worked only when the program runs", "execve(2)");
            hooks.started(steps, Optional.empty());
        }
        if (caller.pidfd().isPresent()) {
            steps.monitor(new MonitorOperation.SendPidfd(caller.pidfd().get()), "the caller can wait for it", "pidfd_open(2)");
        }
        steps.monitor(new MonitorOperation.Report(), "the caller waits for it", "pipe(7)");
        if (caller.foreground()) {
            steps.monitor(new MonitorOperation.Watch(session, false, launch.session()), "until it ends", "waitid(2)");
        }
        steps.monitor(new MonitorOperation.Leave(), "the container is its caller's", "runtime-spec runtime.md#lifecycle");
        steps.after(new MonitorOperation.EndInit(), "a start that failed leaves nothing", "pidfd_send_signal(2)");
    }
}
