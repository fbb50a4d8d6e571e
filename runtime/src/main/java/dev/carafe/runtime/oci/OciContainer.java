package dev.carafe.runtime.oci;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.State;
import dev.carafe.plan.CgroupOperation;
import dev.carafe.plan.CgroupUpdate;
import dev.carafe.plan.Launch;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Planner;
import dev.carafe.runtime.ControlGroup;
import dev.carafe.runtime.Execution;
import dev.carafe.runtime.Launcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One container of a runtime: looked at, started, told, frozen, limited, deleted. A handle; what it is, is on disk and in the kernel. */
public final class OciContainer {
    private static final int O_WRONLY_NONBLOCK_CLOEXEC = 1 | 04000 | 02000000;
    private static final int ATTEMPTS = 2000;
    private static final int SIGKILL = 9;

    private final OciRuntime runtime;
    private final KeptContainer kept;
    private final Path directory;
    private @Nullable Spec spec;

    OciContainer(OciRuntime runtime, KeptContainer kept, Path directory) {
        this.runtime = runtime;
        this.kept = kept;
        this.directory = directory;
    }

    KeptContainer kept() {
        return kept;
    }

    Path directory() {
        return directory;
    }

    public String id() {
        return kept.id();
    }

    /** Its init as the runtime's pid namespace numbers it; 0 while it is being created. */
    public int pid() {
        return kept.pid();
    }

    public String bundle() {
        return kept.bundle();
    }

    public String rootfs() {
        return kept.rootfs();
    }

    /** When it was created, in the form of RFC 3339. */
    public String created() {
        return kept.created();
    }

    /** The user whose containers these are: the owner of its directory. */
    public int owner() {
        try {
            return (Integer) Files.getAttribute(directory, "unix:uid");
        } catch (java.io.IOException e) {
            throw StateRoot.fault("look at", directory, e);
        }
    }

    /** Its bundle, as it was when it was created. */
    public Spec spec() {
        Spec known = spec;
        if (known == null) {
            known = Spec.parse(OciRuntime.read(directory.resolve("config.json")));
            spec = known;
        }
        return known;
    }

    /** What its bundle says for Linux, its groups named as they are. */
    Linux linux() {
        Linux linux = spec().linux().orElseGet(() -> Linux.builder().build());
        return linux.toBuilder().cgroupsPath(kept.cgroup()).build();
    }

    /** Its groups; empty: it has none of its own. */
    public Optional<ControlGroups> groups() {
        return kept.cgroup().map(path -> new ControlGroups(runtime.kernel, runtime.host.cgroups(), path));
    }

    /** Where in its life it is, found out anew at each call. */
    public State.Status status() {
        if (kept.pid() == 0) {
            return State.Status.CREATING;
        }
        if (!alive()) {
            return State.Status.STOPPED;
        }
        if (groups().isPresent() && groups().get().frozen()) {
            return State.Status.PAUSED;
        }
        Optional<Execution> execution = Execution.read(directory.resolve("plan"));
        return execution.isPresent() && execution.get().stage() == Execution.Stage.CREATED ? State.Status.CREATED : State.Status.RUNNING;
    }

    private boolean alive() {
        Optional<ProcessEntry> entry = ProcessEntry.read(kept.pid());
        return entry.isPresent() && !entry.get().ended() && entry.get().startTime() == kept.startTime();
    }

    /** The state document of the runtime-spec. */
    public State state() {
        State.Status status = status();
        return State.builder(kept.ociVersion(), kept.id(), status, kept.bundle()).pid(status == State.Status.STOPPED ? 0 : kept.pid())
                .annotations(kept.annotations()).build();
    }

    /**
     * Lets its program run. Blocks until it does, or could not.
     *
     * @throws Fault of kind {@code CONFLICT} when it is not created; why the program could not run
     */
    public void start() {
        try (StateRoot.Lock lock = runtime.lock(kept.id())) {
            switch (status()) {
                case CREATED -> open();
                case STOPPED -> throw conflict("start", "cannot start a container that has stopped");
                case RUNNING -> throw conflict("start", "cannot start an already running container");
                case PAUSED -> throw conflict("start", "cannot start a container in the paused state");
                case CREATING -> throw conflict("start", "cannot start a container in the creating state");
            }
        }
        Optional<Fault> failed = Launcher.failed(plan(), directory.resolve("plan"), "\"" + kept.id() + "\"");
        if (failed.isPresent()) {
            throw failed.get();
        }
        Optional<Plan> hooks = Planner.started(HookEnvironment.of(spec(), runtime.environment), launch(), kept.pid());
        if (hooks.isPresent()) {
            try {
                perform(hooks.get());
            } catch (Fault fault) {
                // A hook of the runtime that fails ends the container, and what is left of it goes (runtime-spec runtime.md#lifecycle, steps 9 and 12).
                for (Fault further : delete(true)) {
                    fault.addSuppressed(further);
                }
                throw fault;
            }
        }
    }

    /** Performs a plan that starts nothing. */
    private List<Fault> perform(Plan plan) {
        Path program = directory.resolve("hooks." + ProcessHandle.current().pid() + "." + Thread.currentThread().threadId());
        try {
            return runtime.launcher().perform(plan, program, "\"" + kept.id() + "\"");
        } finally {
            StateRoot.removeTree(program);
        }
    }

    private Fault conflict(String operation, String reason) {
        return Fault.of(Fault.Kind.CONFLICT, operation, "container \"" + kept.id() + "\"", reason);
    }

    /** One byte opens the gate. Init holds the other end until its program runs, or until it dies; then the pipe has no reader any more. */
    private void open() {
        Kernel kernel = runtime.kernel;
        Path gate = directory.resolve(StateRoot.GATE);
        try (Memory name = kernel.string(gate.toString()); Memory block = kernel.allocate(16)) {
            long fd = kernel.call(SystemCall.OPENAT, -100, name.address(), O_WRONLY_NONBLOCK_CLOEXEC, 0);
            if (fd == -Errno.ENXIO.number()) {
                throw conflict("start", "cannot start a container that has stopped");
            }
            Kernel.check(fd, "open", "\"" + gate + "\"");
            try {
                Kernel.check(kernel.call(SystemCall.WRITE, fd, block.address(), 1), "open", "gate of container \"" + kept.id() + "\"");
                block.bytes().putInt(0, (int) fd).putShort(4, (short) 0);
                Kernel.check(kernel.call(SystemCall.PPOLL, block.address(), 1, 0, 0, 0), "await", "start of container \"" + kept.id() + "\"");
            } finally {
                kernel.call(SystemCall.CLOSE, fd);
            }
        }
    }

    /** The plan that created it; its steps name what failed. */
    private Plan plan() {
        return Planner.start(spec().toBuilder().linux(linux()).build(), launch(), runtime.host);
    }

    private Launch launch() {
        var caller = new Launch.Caller(kept.bundle(), Optional.of(directory.resolve(StateRoot.GATE).toString()), Optional.of("/console"), Optional.empty(), 0, 0, 0, true,
                true, false, java.util.Map.of());
        return new Launch(kept.id(), new Launch.Root.Directory(kept.rootfs()), directory.toString(), directory.toString(), Optional.empty(), true, false,
                Optional.empty(), Optional.of(caller));
    }

    private boolean sharesProcessIds() {
        for (Namespace namespace : linux().namespaces()) {
            if (namespace.type() == Namespace.Type.PID) {
                return namespace.path().isPresent();
            }
        }
        return true;
    }

    /**
     * Sends a signal to its init, or to all of its processes.
     *
     * @param signal its number; 0 only asks whether it could be sent (kill(2))
     * @throws Fault of kind {@code CONFLICT}, "container not running", when it has ended
     */
    public void kill(int signal, boolean all) {
        if (all) {
            if (groups().isEmpty()) {
                signalInit(signal);
                return;
            }
            groups().get().signal(runtime.kernel, signal);
            return;
        }
        // Without a pid namespace of its own, the rest would outlive its init.
        if (signal == SIGKILL && sharesProcessIds() && groups().isPresent() && (alive() || !processes().isEmpty())) {
            groups().get().signal(runtime.kernel, signal);
            return;
        }
        boolean frozen = groups().isPresent() && groups().get().frozen();
        signalInit(signal);
        if (signal == SIGKILL && frozen) {
            groups().get().thaw();
        }
    }

    /** By a pidfd that is opened first and compared then: whoever got the number meanwhile is not told. */
    private void signalInit(int signal) {
        Kernel kernel = runtime.kernel;
        long fd = kept.pid() == 0 ? -1 : kernel.call(SystemCall.PIDFD_OPEN, kept.pid(), 0);
        try {
            if (fd < 0 || !alive()) {
                throw conflict("kill", "container not running");
            }
            long sent = kernel.call(SystemCall.PIDFD_SEND_SIGNAL, fd, signal, 0, 0);
            if (sent == -Errno.ESRCH.number()) {
                throw conflict("kill", "container not running");
            }
            Kernel.check(sent, "kill", "container \"" + kept.id() + "\"");
        } finally {
            if (fd >= 0) {
                kernel.call(SystemCall.CLOSE, fd);
            }
        }
    }

    /** Freezes it. */
    public void pause() {
        State.Status status = status();
        if (status != State.Status.RUNNING && status != State.Status.CREATED) {
            throw conflict("pause", status == State.Status.PAUSED ? "container paused" : "container not running or created: " + status);
        }
        groups().orElseThrow(() -> conflict("pause", "it has no group that can be frozen")).freeze();
    }

    /** Lets it go on. */
    public void resume() {
        if (status() != State.Status.PAUSED) {
            throw conflict("resume", "container not paused");
        }
        groups().orElseThrow().thaw();
    }

    /** Changes its limits; what is absent stays. */
    public void update(Resources resources) {
        if (status() == State.Status.STOPPED) {
            throw conflict("update", "container not running");
        }
        if (resources.equals(Resources.builder().build())) {
            return;
        }
        String path = kept.cgroup().orElseThrow(() -> conflict("update", "it has no group of its own"));
        checkUsage(resources);
        kept.unit().ifPresent(unit -> runtime.scopes().update(unit, resources));
        groups().orElseThrow().write(CgroupUpdate.of(path, resources, runtime.host.cgroups()));
    }

    /** Version 1 refuses a limit below what is used; version 2 takes it and kills, unless that was asked about (config-linux.md#memory). */
    private void checkUsage(Resources resources) {
        if (resources.memory().isEmpty() || !resources.memory().get().checkBeforeUpdate().orElse(false) || groups().orElseThrow().isV1("memory")) {
            return;
        }
        Optional<Long> limit = resources.memory().get().limit().filter(bytes -> bytes > 0);
        Optional<Long> used = groups().get().directory("memory").flatMap(directory -> ControlGroups.value(directory.resolve("memory.current"))).map(Long::parseLong);
        if (limit.isPresent() && used.isPresent() && used.get() > limit.get()) {
            throw conflict("update", "unable to set memory limit to " + limit.get() + " (current usage: " + used.get() + ")");
        }
    }

    /** Changes the lines of its class of service in Intel's Resource Director Technology. */
    public void updateSchemata(List<String> lines) {
        if (status() == State.Status.STOPPED) {
            throw conflict("update", "container not running");
        }
        CgroupOperation.Write write = CgroupUpdate.schemata(linux(), kept.id(), lines, runtime.host);
        new ControlGroup(runtime.kernel, runtime.host.cgroups(), "/").write(List.of(write));
    }

    /** What its groups count: the document of {@code events}. */
    public com.google.gson.JsonObject stats() {
        return new GroupStats(groups().orElseThrow(() -> conflict("count", "it has no group of its own"))).document();
    }

    /** How often the kernel has killed a process in it for lack of memory. */
    public long outOfMemoryKills() {
        return groups().isEmpty() ? 0 : new GroupStats(groups().get()).outOfMemoryKills();
    }

    /** The processes in it. */
    public List<Integer> processes() {
        return groups().orElseThrow(() -> conflict("list processes of", "it has no group of its own")).processes();
    }

    /**
     * Removes all that is left of it. One that runs is refused, unless it is forced; one that is only created is killed.
     *
     * @return the poststop hooks that failed
     */
    public List<Fault> delete(boolean force) {
        try (StateRoot.Lock lock = runtime.lock(kept.id())) {
            // It may have changed while somebody else held the lock.
            OciContainer now = runtime.container(kept.id());
            State.Status status = now.status();
            if (!force && status != State.Status.STOPPED && status != State.Status.CREATED && status != State.Status.CREATING) {
                throw conflict("delete", "cannot delete container " + kept.id() + " that is not stopped: " + status);
            }
            return now.destroy();
        }
    }

    /** Kills what is there and removes groups and directory; the directory goes last, so that a removal that was killed can be repeated. */
    List<Fault> destroy() {
        if (alive()) {
            kill(SIGKILL, false);
            for (int attempt = 0; attempt < ATTEMPTS && alive(); attempt++) {
                ControlGroups.pause();
            }
            if (alive()) {
                throw conflict("delete", "container init still running");
            }
        }
        kept.unit().ifPresent(unit -> runtime.scopes().stop(unit));
        groups().ifPresent(groups -> groups.remove(runtime.kernel));
        // Those hooks are warned of and nothing more: the container is gone (runtime-spec runtime.md#lifecycle).
        Optional<Plan> hooks = Files.exists(directory.resolve("config.json")) ? Planner.stopped(HookEnvironment.of(spec(), runtime.environment), launch()) : Optional.empty();
        List<Fault> warnings = hooks.isPresent() ? perform(hooks.get()) : List.of();
        StateRoot.removeTree(directory);
        return warnings;
    }
}
