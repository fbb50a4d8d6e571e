package dev.carafe.plan;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.NetDevice;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.State;
import dev.carafe.oci.runtime.TimeOffset;
import dev.carafe.plan.seccomp.SeccompPrograms;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a bundle and the facts of a host into the ordered operations that start its container, and those that take them back.
 *
 * <p>Pure: the same arguments give the same plan, nothing is touched, no privilege is needed. Whether the host will permit an
 * operation is found out when it is performed; what the host cannot do at all is refused here.
 */
public final class Planner {
    private static final Linux NO_LINUX = Linux.builder().build();

    private final Spec spec;
    private final Linux linux;
    private final Process process;
    private final Launch launch;
    private final HostFacts host;
    private final SeccompPrograms filters;
    private final Steps steps = new Steps();

    private Planner(Spec spec, Launch launch, HostFacts host, SeccompPrograms filters) {
        this.spec = spec;
        this.linux = spec.linux().orElse(NO_LINUX);
        this.process = spec.process().orElseThrow(() -> Fault.invalid("plan", "\"" + launch.id() + "\"",
                "config.json has no process (runtime-spec config.md#process)"));
        this.launch = launch;
        this.host = host;
        this.filters = filters;
    }

    /** The plan that starts the container of that bundle on that host. */
    public static Plan start(Spec spec, Launch launch, HostFacts host) {
        return start(spec, launch, host, SeccompPrograms.COMPILED);
    }

    /** As {@link #start(Spec, Launch, HostFacts)}, with filters from there. */
    public static Plan start(Spec spec, Launch launch, HostFacts host, SeccompPrograms filters) {
        return new Planner(spec, launch, host, filters).start();
    }

    /**
     * What a bundle asks for and does not get, where the specification wants that told and not refused: one line each, for the runtime's log.
     * These are capabilities that nobody knows, or that the performer does not have itself (runtime-spec config.md#linux-process).
     */
    public static List<String> warnings(Process process, Linux linux, HostFacts host) {
        return BundleRules.warnings(process, linux, host);
    }

    /** The plan of a process that does nothing but stand in a control group until somebody writes to that fifo, or nobody has it open any more. */
    public static Plan placeholder(String fifo) {
        var steps = new Steps();
        steps.monitor(new MonitorOperation.TakeStreams(0, 0), "standard streams", "fchown(2)");
        steps.monitor(new MonitorOperation.Report(), "the caller waits for it", "pipe(7)");
        steps.monitor(new MonitorOperation.AwaitWord(fifo), "a scope without a process is removed", "systemd.scope(5)");
        steps.monitor(new MonitorOperation.Leave(), "the container has come", "systemd.scope(5)");
        return steps.plan();
    }

    /**
     * The plan of the poststart hooks for a container that was started by other means than its plan: the first that fails ends it.
     *
     * @param init the container's process, as the performer numbers it
     * @return empty when there are none
     */
    public static Optional<Plan> started(Spec spec, Launch launch, int init) {
        if (spec.hooks().isEmpty() || spec.hooks().get().poststart().isEmpty()) {
            return Optional.empty();
        }
        var steps = new Steps();
        new HookPlanner(spec, launch).started(steps, Optional.of(init));
        return Optional.of(steps.plan());
    }

    /**
     * The plan of the poststop hooks, which is performed when the container has been removed, or its start has failed; empty when there are
     * none. Each may fail without keeping the others from running.
     */
    public static Optional<Plan> stopped(Spec spec, Launch launch) {
        if (spec.hooks().isEmpty() || spec.hooks().get().poststop().isEmpty()) {
            return Optional.empty();
        }
        var steps = new Steps();
        new HookPlanner(spec, launch).stopped(steps);
        return Optional.of(steps.plan());
    }

    private Plan start() {
        Map<Namespace.Type, Optional<String>> namespaces = namespaces();
        BundleRules.check(spec, linux, process, namespaces);
        var cgroups = new CgroupPlanner(linux, host);
        cgroups.make(steps);
        var rdt = new RdtPlanner(linux, launch.id(), host);
        rdt.make(steps);
        monitorStart(namespaces);
        var hooks = new HookPlanner(spec, launch);
        hooks.prepare(steps);
        List<Namespace.Type> cloned = new ArrayList<>();
        for (Namespace.Type type : List.of(Namespace.Type.USER, Namespace.Type.MOUNT, Namespace.Type.PID, Namespace.Type.NETWORK,
                Namespace.Type.IPC, Namespace.Type.UTS)) {
            if (namespaces.containsKey(type) && namespaces.get(type).isEmpty()) {
                cloned.add(type);
            }
        }
        var mounts = new MountPlanner(spec, linux, launch, host, namespaces);
        mounts.mapped(steps);
        Optional<String> users = joined(namespaces, Namespace.Type.USER);
        steps.monitor(new NamespaceOperation.CloneInit(List.copyOf(cloned), cgroups.birthplace(), users), "linux.namespaces",
                "clone(2), runtime-spec config-linux.md#namespaces");
        boolean ownIds = cloned.contains(Namespace.Type.USER) || users.isPresent();
        if (cloned.contains(Namespace.Type.USER)) {
            if (linux.uidMappings().isEmpty() || linux.gidMappings().isEmpty()) {
                throw Rules.broken(linux.uidMappings().isEmpty() ? "linux.uidMappings" : "linux.gidMappings", "a new user namespace needs them",
                        Rules.LINUX + "user-namespace-mappings");
            }
            steps.monitor(new NamespaceOperation.MapIds(linux.uidMappings(), linux.gidMappings()), "linux.uidMappings, linux.gidMappings",
                    "user_namespaces(7), runtime-spec config-linux.md#user-namespace-mappings");
        }
        connect();
        networkDevices(namespaces);
        hooks.monitor(steps, namespaces);
        var identity = new IdentityPlanner(process, linux, launch, host, ownIds, filters);
        identity.listener(steps, State.builder(spec.ociVersion(), launch.id(), State.Status.CREATING, launch.bundle()).pid(0)
                .annotations(spec.annotations()).build());
        initStart(namespaces, cgroups, rdt, identity, ownIds);
        if (namespaces.containsKey(Namespace.Type.CGROUP) && namespaces.get(Namespace.Type.CGROUP).isEmpty()) {
            steps.init(new NamespaceOperation.Unshare(Namespace.Type.CGROUP), "linux.namespaces: cgroup, once it is in its groups",
                    "cgroup_namespaces(7)");
        }
        joined(namespaces, Namespace.Type.CGROUP).ifPresent(path -> steps.init(new NamespaceOperation.Join(Namespace.Type.CGROUP, path),
                "linux.namespaces: cgroup by path, once it is in its groups", "setns(2)"));
        identity.early(steps);
        joined(namespaces, Namespace.Type.MOUNT).ifPresent(path -> steps.init(new NamespaceOperation.Join(Namespace.Type.MOUNT, path),
                "linux.namespaces: mount by path, last of all, since every path before is the host's", "setns(2)"));
        boolean early = !launch.connections().make().isEmpty() && linkParameters();
        if (early) {
            awaitNetwork();
        }
        mounts.plan(steps, hooks);
        if (!early && !launch.connections().make().isEmpty()) {
            awaitNetwork();
        }
        identity.late(steps, mounts.own());
        identity.find(steps);
        if (hooks.anyBeforeProgram()) {
            identity.gate(steps);
            hooks.beforeProgram(steps, identity.confinement());
            identity.confine(steps);
        } else {
            identity.confine(steps);
            identity.gate(steps);
        }
        identity.enter(steps);
        if (launch.caller().isPresent()) {
            CallerPlanner.end(steps, process, launch, hooks);
            cgroups.remove(steps);
            rdt.remove(steps);
        } else {
            monitorWatch(hooks);
            cgroups.remove(steps);
            rdt.remove(steps);
            steps.after(new MonitorOperation.Forget(launch.runDirectory() + "/attach"), "nobody can attach any more", "unix(7)");
            disconnect();
        }
        return steps.plan();
    }

    private void connect() {
        for (NetworkOperation operation : launch.connections().make()) {
            steps.monitor(operation, operation.why(), operation.source());
        }
        if (!launch.connections().make().isEmpty()) {
            var announce = new NetworkOperation.Announce();
            steps.monitor(announce, announce.why(), announce.source());
        }
    }

    private void awaitNetwork() {
        var await = new NetworkOperation.Await();
        steps.init(await, await.why(), await.source());
    }

    /** Whether parameters of a link are to be set, which must be there then. */
    private boolean linkParameters() {
        for (String key : linux.sysctl().keySet()) {
            if (key.startsWith("net") && (key.contains(".eth") || key.contains("/eth"))) {
                return true;
            }
        }
        return false;
    }

    private void disconnect() {
        List<NetworkOperation> made = launch.connections().make();
        for (int k = made.size() - 1; k >= 0; k--) {
            made.get(k).inverse().ifPresent(inverse -> steps.after(inverse, "the endpoint is gone", "nft(8)"));
        }
        for (Operation release : launch.connections().release()) {
            steps.after(release, "others may have it", "rename(2)");
        }
    }

    /** New or joined, by kind; a kind that is listed twice is refused as the spec demands. */
    private Map<Namespace.Type, Optional<String>> namespaces() {
        var map = new EnumMap<Namespace.Type, Optional<String>>(Namespace.Type.class);
        for (Namespace ns : linux.namespaces()) {
            if (map.put(ns.type(), ns.path()) != null) {
                throw Fault.invalid("config.json", "linux.namespaces", "namespace " + ns.type()
                        + " is listed twice (runtime-spec config-linux.md#namespaces)");
            }
        }
        return map;
    }

    private void monitorStart(Map<Namespace.Type, Optional<String>> namespaces) {
        if (launch.caller().isEmpty()) {
            CallerPlanner.hold(steps, launch);
            launch.log().ifPresent(log -> steps.monitor(new MonitorOperation.OpenLog(log), "output is kept", "log driver"));
            steps.monitor(new MonitorOperation.Listen(launch.runDirectory()), "others may attach later", "unix(7)");
        }
        CallerPlanner.streams(steps, process, linux, launch);
        joined(namespaces, Namespace.Type.PID).ifPresent(path -> steps.monitor(
                new NamespaceOperation.Join(Namespace.Type.PID, path), "linux.namespaces: pid by path", "setns(2)"));
        if (namespaces.containsKey(Namespace.Type.TIME)) {
            Optional<String> path = namespaces.get(Namespace.Type.TIME);
            steps.monitor(path.isPresent() ? new NamespaceOperation.Join(Namespace.Type.TIME, path.get())
                    : new NamespaceOperation.Unshare(Namespace.Type.TIME), "linux.namespaces: time", "time_namespaces(7)");
        }
        for (Map.Entry<String, TimeOffset> offset : linux.timeOffsets().entrySet()) {
            steps.monitor(new NamespaceOperation.OffsetClock(offset.getKey(), offset.getValue().secs().orElse(0L),
                    offset.getValue().nanosecs().orElse(0L)), "linux.timeOffsets", "time_namespaces(7)");
        }
    }

    private static Optional<String> joined(Map<Namespace.Type, Optional<String>> namespaces, Namespace.Type type) {
        return namespaces.getOrDefault(type, Optional.empty());
    }

    private void initStart(Map<Namespace.Type, Optional<String>> namespaces, CgroupPlanner cgroups, RdtPlanner rdt,
            IdentityPlanner identity, boolean ownIds) {
        if (launch.caller().isEmpty()) {
            steps.init(new ProcessOperation.DieWithMonitor(), "a container never outlives its monitor", "PR_SET_PDEATHSIG(2const)");
        }
        cgroups.join(steps);
        rdt.join(steps);
        identity.score(steps);
        if (joined(namespaces, Namespace.Type.USER).isPresent()) {
            steps.init(new NamespaceOperation.BecomeRoot(), "linux.namespaces: user by path", "user_namespaces(7)");
        } else if (ownIds) {
            steps.init(new NamespaceOperation.AwaitIds(), "ids mean nothing before they are mapped", "user_namespaces(7)");
        }
        for (Namespace.Type type : List.of(Namespace.Type.NETWORK, Namespace.Type.IPC, Namespace.Type.UTS)) {
            joined(namespaces, type).ifPresent(path -> steps.init(new NamespaceOperation.Join(type, path),
                    "linux.namespaces: " + type + " by path", "setns(2)"));
        }
        if (namespaces.containsKey(Namespace.Type.NETWORK) && namespaces.get(Namespace.Type.NETWORK).isEmpty()) {
            steps.init(new NamespaceOperation.RaiseLoopback(), "programs expect 127.0.0.1", "netdevice(7)");
        }
        steps.init(new ProcessOperation.NewSession(), "the caller's terminal is not the container's", "setsid(2)");
        steps.init(new ProcessOperation.Umask(0), "modes of what is made are exact", "umask(2)");
    }

    private void networkDevices(Map<Namespace.Type, Optional<String>> namespaces) {
        for (Map.Entry<String, NetDevice> device : linux.netDevices().entrySet()) {
            if (!namespaces.containsKey(Namespace.Type.NETWORK)) {
                throw Fault.invalid("config.json", "linux.netDevices", "the container shares the host's network namespace, where they already are"
                        + " (runtime-spec config-linux.md#network-devices)");
            }
            steps.monitor(new NamespaceOperation.MoveDevice(device.getKey(), device.getValue().name().filter(name -> !name.isEmpty()).orElse(device.getKey()),
                    namespaces.get(Namespace.Type.NETWORK), host.addresses().getOrDefault(device.getKey(), List.of())),
                    "linux.netDevices[\"" + device.getKey() + "\"]", "runtime-spec config-linux.md#network-devices");
        }
    }

    private void monitorWatch(HookPlanner hooks) {
        if (process.terminal()) {
            steps.monitor(new MonitorOperation.ReceiveTerminal(), "process.terminal", "unix(7) SCM_RIGHTS");
        }
        steps.monitor(new MonitorOperation.AwaitExecute(), "a start has worked only when the program runs", "execve(2)");
        hooks.started(steps, Optional.empty());
        steps.monitor(new MonitorOperation.Report(), "the caller waits for it", "pipe(7)");
        steps.monitor(new MonitorOperation.Watch(process.terminal(), launch.stdinOnce(), launch.session()), "until init ends",
                "waitid(2)");
        host.cgroups().withController("memory").ifPresentOrElse(
                memory -> counter(memory.mountpoint(), "memory.oom_control"),
                () -> host.cgroups().v2().ifPresent(v2 -> counter(v2.mountpoint(), "memory.events")));
        steps.after(new MonitorOperation.SaveExit(launch.stateDirectory()), "the exit status survives a reboot", "rename(2)");
        steps.after(new MonitorOperation.EndInit(), "a start that failed leaves nothing", "pidfd_send_signal(2)");
    }

    private void counter(String mountpoint, String file) {
        linux.cgroupsPath().ifPresent(path -> steps.after(new MonitorOperation.ReadCounter(mountpoint + path, file),
                "whether memory ran out", "cgroups(7)"));
    }

    /**
     * The plan that runs one more process in a running container (docker exec).
     *
     * @param process what to run, and with which rights
     * @param linux the container's, for its groups, its namespaces and its filter
     * @param init the process id of the container's init
     */
    public static Plan exec(Process process, Linux linux, int init, Launch launch, HostFacts host) {
        return exec(process, linux, init, launch, host, SeccompPrograms.COMPILED);
    }

    /** As {@link #exec(Process, Linux, int, Launch, HostFacts)}, with filters from there. */
    public static Plan exec(Process process, Linux linux, int init, Launch launch, HostFacts host,
            SeccompPrograms filters) {
        return ExecPlanner.plan(process, linux, init, launch, host, filters);
    }
}
