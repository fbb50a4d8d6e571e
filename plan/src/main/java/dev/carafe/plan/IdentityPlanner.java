package dev.carafe.plan;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Capabilities;
import dev.carafe.oci.runtime.ConsoleSize;
import dev.carafe.oci.runtime.ContainerProcessState;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.MemoryPolicy;
import dev.carafe.oci.runtime.Personality;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Rlimit;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.SeccompRule;
import dev.carafe.oci.runtime.State;
import dev.carafe.plan.seccomp.SeccompArchitecture;
import dev.carafe.plan.seccomp.SeccompProgram;
import dev.carafe.plan.seccomp.SeccompPrograms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What turns the prepared process into the program: streams, limits, ids, rights, directory, execve.
 *
 * <p>The order is the point. What is written to the host's /proc comes {@linkplain #early first}, before anything in the
 * container could stand in its way. Rights fall as late as possible but before the program: bounding set, ids, then the
 * system call filter, which without no_new_privs needs a capability that the final sets no longer hold.
 */
final class IdentityPlanner {
    private static final String SPEC = "runtime-spec config.md#";
    private static final String SECCOMP = "runtime-spec config-linux.md#seccomp";

    private final Process process;
    private final Linux linux;
    private final Launch launch;
    private final HostFacts host;
    private final SeccompPrograms filters;
    private final long available;

    /** @param ownIds whether a new user namespace gives the process all capabilities over it */
    IdentityPlanner(Process process, Linux linux, Launch launch, HostFacts host, boolean ownIds, SeccompPrograms filters) {
        this.process = process;
        this.linux = linux;
        this.launch = launch;
        this.host = host;
        this.filters = filters;
        this.available = ownIds ? Capability.ALL : host.capabilities();
    }

    /** While the process still has the ids of the host: once they are mapped, its own file belongs to somebody else. */
    void score(Steps steps) {
        process.oomScoreAdj().ifPresent(score -> steps.init(new ProcessOperation.OomScore(score), "process.oomScoreAdj", SPEC + "linux-process"));
    }

    /** What needs the host's /proc or rights that are still complete. */
    void early(Steps steps) {
        process.apparmorProfile().filter(p -> !p.isEmpty()).ifPresent(profile -> label(steps, "apparmor", profile, "apparmorProfile"));
        process.selinuxLabel().filter(l -> !l.isEmpty()).ifPresent(label -> label(steps, "selinux", label, "selinuxLabel"));
        process.scheduler().ifPresent(s -> steps.init(new ProcessOperation.Schedule(s.policy().ordinal(),
                s.flags().stream().mapToLong(f -> 1L << f.ordinal()).reduce(0, (a, b) -> a | b), s.nice().orElse(0), s.priority().orElse(0),
                s.runtime().orElse(0L), s.deadline().orElse(0L), s.period().orElse(0L)), "process.scheduler", SPEC + "linux-process"));
        process.ioPriority().ifPresent(io -> steps.init(new ProcessOperation.IoPriority((io.ioClass().ordinal() + 1) << 13 | io.priority()),
                "process.ioPriority", SPEC + "linux-process"));
        linux.memoryPolicy().ifPresent(policy -> memoryPolicy(steps, policy));
        linux.personality().ifPresent(p -> steps.init(new ProcessOperation.Persona(p.domain() == Personality.Domain.LINUX32 ? 8 : 0),
                "linux.personality", "runtime-spec config-linux.md#personality"));
        if (launch.caller().isEmpty()) {
            steps.init(new ProcessOperation.SessionKeyring(launch.id()), "the caller's keys stay outside", "session-keyring(7)");
        } else if (launch.caller().get().keyring()) {
            // The name that runtimes give it, so that a process that is executed later finds the same one.
            steps.init(new ProcessOperation.SessionKeyring("_ses." + launch.id()), "the caller's keys stay outside", "session-keyring(7)");
        }
    }

    /** On which processors a further process starts: until it is in the groups of the container, and afterwards. */
    void affinity(Steps steps, boolean joined) {
        if (process.execCpuAffinity().isEmpty()) {
            return;
        }
        String field = "process.execCPUAffinity." + (joined ? "final" : "initial");
        Optional<String> list = joined ? process.execCpuAffinity().get().last() : process.execCpuAffinity().get().initial();
        list.filter(text -> !text.isEmpty()).ifPresent(text -> steps.init(new ProcessOperation.Affinity(text,
                NumberLists.mask(text, field, SPEC + "linux-process")), field, SPEC + "linux-process"));
    }

    private static void memoryPolicy(Steps steps, MemoryPolicy policy) {
        String section = "runtime-spec config-linux.md#memory-policy";
        String nodes = policy.nodes().orElse("");
        int number = switch (policy.mode()) {
            case MPOL_DEFAULT -> 0;
            case MPOL_PREFERRED -> 1;
            case MPOL_BIND -> 2;
            case MPOL_INTERLEAVE -> 3;
            case MPOL_LOCAL -> 4;
            case MPOL_PREFERRED_MANY -> 5;
            case MPOL_WEIGHTED_INTERLEAVE -> 6;
        };
        for (MemoryPolicy.Flag flag : policy.flags()) {
            number |= 1 << 13 + flag.ordinal();
        }
        steps.init(new ProcessOperation.MemoryPolicy(policy.mode() + (nodes.isEmpty() ? "" : " of nodes " + nodes), number,
                nodes.isEmpty() ? List.of() : NumberLists.mask(nodes, "linux.memoryPolicy.nodes", section)), "linux.memoryPolicy", section);
    }

    private void label(Steps steps, String module, String label, String field) {
        if (!host.securityModules().contains(module)) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "confine", "process." + field + " \"" + label + "\"", module + " is not active on this host (" + SPEC + "linux-process)")
                    .hint("leave the label out, or boot with security=" + module);
        }
        steps.init(new IdentityOperation.Label(module, label), "process." + field, SPEC + "linux-process");
    }

    /** Everything from the streams to the directory. */
    void late(Steps steps, boolean console) {
        late(steps, console, true);
    }

    /** @param controlling whether a terminal becomes the controlling one of this very process */
    void late(Steps steps, boolean console, boolean controlling) {
        Optional<Launch.Caller> caller = launch.caller();
        if (process.terminal()) {
            Optional<ConsoleSize> window = launch.session().isPresent() ? launch.session().get().window() : Optional.empty();
            ConsoleSize size = window.isPresent() ? window.get() : process.consoleSize().orElse(new ConsoleSize(0, 0));
            steps.init(new ProcessOperation.Terminal(size.height(), size.width(), console, process.user().uid(), controlling), "process.terminal", SPEC + "process");
        } else if (caller.isEmpty()) {
            steps.init(new ProcessOperation.Pipes(launch.stdin()), "standard streams", "dup(2)");
        }
        if (caller.isPresent()) {
            steps.init(new ProcessOperation.Inherit(!process.terminal(), caller.get().descriptors(), process.terminal() ? 0 : caller.get().nulls()), "standard streams", "dup(2)");
        }
        for (Rlimit limit : process.rlimits()) {
            String name = limit.type().toString();
            steps.init(new ProcessOperation.SetRlimit(limit.type().number(), name, limit.soft(), limit.hard()), "process.rlimits",
                    SPEC + "posix-process");
        }
        long dropped = available & ~Capability.known(capabilities().bounding());
        steps.init(new IdentityOperation.DropBounding(Capability.of(dropped)), "process.capabilities.bounding", "capabilities(7)");
        steps.init(new IdentityOperation.SetIds(process.user().uid(), process.user().gid(), process.user().additionalGids(), available),
                "process.user", SPEC + "posix-platform-user");
        steps.init(new ProcessOperation.Umask(process.user().umask().orElse(022)), "process.user.umask", SPEC + "posix-platform-user");
        // Descriptors close before the directory changes, so that no path through /proc/self/fd leads to one.
        steps.init(new ProcessOperation.CloseDescriptors(), "nothing of the host's leaks in", "close_range(2)");
        steps.init(new ProcessOperation.ChangeDirectory(process.cwd()), "process.cwd", SPEC + "process");
        if (listens()) {
            // The monitor must still be there to hand the listener over.
            noNewPrivileges(steps);
            steps.init(new IdentityOperation.LoadListened(filter(linux.seccomp().orElseThrow())), "linux.seccomp", SECCOMP);
        }
    }

    /** The monitor's part in a filter that asks an agent. */
    void listener(Steps steps, State state) {
        if (!listens()) {
            return;
        }
        Seccomp profile = linux.seccomp().orElseThrow();
        steps.monitor(new MonitorOperation.SendListener(profile.listenerPath().orElseThrow(), new ContainerProcessState(state.ociVersion(),
                List.of(ContainerProcessState.SECCOMP_FD), 0, profile.listenerMetadata(), state)), "linux.seccomp.listenerPath",
                "runtime-spec config-linux.md#the-container-process-state");
    }

    private boolean listens() {
        if (linux.seccomp().isPresent()) {
            for (SeccompRule rule : linux.seccomp().get().syscalls()) {
                if (rule.action() == SeccompAction.SCMP_ACT_NOTIFY) {
                    return true;
                }
            }
        }
        return false;
    }

    private void noNewPrivileges(Steps steps) {
        if (process.noNewPrivileges()) {
            steps.init(new IdentityOperation.NoNewPrivileges(), "process.noNewPrivileges", "PR_SET_NO_NEW_PRIVS(2const)");
        }
    }

    /** A container that is created before it is started tells at once that its program is missing; its rights have not fallen, so no filter is in the way. */
    void find(Steps steps) {
        if (gated()) {
            List<String> command = command();
            steps.init(new ProcessOperation.FindProgram(Programs.candidates(command.getFirst(), process.env()), command.getFirst()), "a program that is missing is told of now",
                    "runtime-spec runtime.md#create");
        }
    }

    /** Where it waits for its start. */
    void gate(Steps steps) {
        if (gated()) {
            steps.init(new ProcessOperation.AwaitStart(), "the program runs when it is started", "runtime-spec runtime.md#start");
        }
    }

    private boolean gated() {
        return launch.caller().isPresent() && launch.caller().get().gate().isPresent();
    }

    /** What runs, without the small init that may start it. */
    private List<String> command() {
        if (process.args().isEmpty() || process.args().getFirst().isEmpty()) {
            throw Fault.invalid("config.json", "process.args", "no command is given (" + SPEC + "process)");
        }
        return hasInit() ? process.args().subList(2, process.args().size()) : process.args();
    }

    private boolean hasInit() {
        List<String> args = process.args();
        return args.size() > 2 && args.getFirst().equals(Launch.INIT) && args.get(1).equals("--init");
    }

    /** The program starts. */
    void enter(Steps steps) {
        steps.init(execute(), "process.args", "execve(2)");
    }

    private ProcessOperation.Execute execute() {
        List<String> command = command();
        return new ProcessOperation.Execute(Programs.candidates(command.getFirst(), process.env()), command, process.env(),
                hasInit() ? Optional.of(Launch.INIT) : Optional.empty());
    }

    /**
     * Whether the process may become its program as a child of the one that was prepared, and only then be in the pid namespace: the last calls are behind
     * the filter, which must let them pass.
     */
    boolean mayEnterLast() {
        if (hasInit() || listens()) {
            return false;
        }
        if (linux.seccomp().isEmpty()) {
            return true;
        }
        var filter = new SeccompAllowance(linux.seccomp().get());
        return filter.allows("clone", 0x8000 | 17) && filter.allows("mmap") && filter.allows("close") && filter.allows("write") && filter.allows("exit_group")
                && filter.allows("prctl", 1, 9) && filter.allows("setsid") && filter.allows("ioctl", 0, 0x540e) && filter.allows("faccessat2");
    }

    /** The program starts in a child that enters the pid namespace. */
    void enterLast(Steps steps) {
        steps.init(new ProcessOperation.Enter(execute(), launch.caller().isEmpty(), process.terminal()), "process.args", "clone(2), execve(2)");
    }

    /** What {@link #confine} does, for a hook that starts in the same place. */
    List<Operation> confinement() {
        var steps = new Steps();
        confine(steps);
        var operations = new ArrayList<Operation>();
        for (Step step : steps.plan().steps()) {
            operations.add(step.operation());
        }
        return operations;
    }

    /** The last rights fall. */
    void confine(Steps steps) {
        Capabilities caps = capabilities();
        boolean filtered = listens();
        if (!filtered) {
            noNewPrivileges(steps);
        }
        if (!filtered && !process.noNewPrivileges()) {
            seccomp(steps);
        }
        long permitted = Capability.known(caps.permitted()) & available;
        long inheritable = Capability.known(caps.inheritable()) & available;
        // Root gets the whole bounding set when its program starts (capabilities(7)). Having it before changes nothing but this:
        // capabilities that grow then would make the kernel forget that the process dies with its monitor.
        long growth = process.user().uid() == 0 && !process.noNewPrivileges() ? Capability.known(caps.bounding()) & available : 0;
        // The kernel lets only what is permitted and inheritable be ambient; like runc, ask for no more.
        steps.init(new IdentityOperation.SetCapabilities(Capability.known(caps.effective()) & permitted, permitted | growth, inheritable,
                Capability.known(caps.ambient()) & permitted & inheritable), "process.capabilities", "capabilities(7)");
        if (!filtered && process.noNewPrivileges()) {
            seccomp(steps);
        }
    }

    private Capabilities capabilities() {
        return process.capabilities().orElse(Capabilities.NONE);
    }

    private void seccomp(Steps steps) {
        linux.seccomp().ifPresent(profile -> steps.init(new IdentityOperation.LoadSeccomp(filter(profile)), "linux.seccomp", SECCOMP));
    }

    private SeccompProgram filter(Seccomp profile) {
        return filters.program(profile, SeccompArchitecture.ofPlatform(host.architecture()));
    }
}
