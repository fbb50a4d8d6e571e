package dev.carafe.runtime.oci;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.Root;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.Launch;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Planner;
import dev.carafe.plan.Session;
import dev.carafe.plan.seccomp.SeccompPrograms;
import dev.carafe.runtime.Execution;
import dev.carafe.runtime.HostProbe;
import dev.carafe.runtime.Launcher;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import dev.carafe.runtime.systemd.ScopeName;
import dev.carafe.runtime.systemd.ScopeUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lifecycle of the runtime-spec over a directory of state (runtime-spec runtime.md#lifecycle): containers are created as descendants of
 * whoever performs, and left to it. Nothing stays behind between two calls; all truth is in the state root and the kernel.
 */
public final class OciRuntime {
    private static final String CONFIG = "config.json";

    final StateRoot root;
    final Kernel kernel;
    final HostFacts host;
    private final SeccompPrograms filters;
    private final Performer performer;
    private final InstantSource clock;
    final Map<String, String> environment;
    private final FileSystem files;
    private List<String> warnings = List.of();

    /**
     * @param kernel makes the calls; in the pid namespace of the containers' caller
     * @param performer a process of the caller's, which becomes the parent of what it performs
     * @param environment of the caller, for hooks of which the bundle says none
     */
    public OciRuntime(StateRoot root, Kernel kernel, HostFacts host, SeccompPrograms filters, Performer performer, InstantSource clock,
            Map<String, String> environment) {
        this.root = root;
        this.kernel = kernel;
        this.host = host;
        this.filters = filters;
        this.performer = performer;
        this.clock = clock;
        this.environment = Map.copyOf(environment);
        this.files = new FileSystem(kernel);
    }

    public StateRoot root() {
        return root;
    }

    /**
     * How a container is to be created.
     *
     * @param bundle the absolute path of its bundle
     * @param caller what it has of its caller; its bundle and gate are filled in here
     * @param streams of the caller, for the session or as the container's own
     * @param session whether somebody stays attached
     * @param pidFile that gets its process id
     * @param gated whether it waits for its start
     * @param grouping who makes its groups
     * @param config its configuration; empty: {@code config.json} of the bundle
     */
    public record Creation(String id, Path bundle, Launch.Caller caller, SessionStreams streams, Optional<Session> session,
            Optional<Path> pidFile, boolean gated, Grouping grouping,
            Optional<Path> config) {
        Path configuration() {
            return config.orElse(bundle.resolve(CONFIG));
        }
    }

    /** What the bundle of the last creation, or the last further process, asked for and did not get; one line each. */
    public List<String> warnings() {
        return warnings;
    }

    /** How a container comes to its control groups. */
    public enum Grouping {
        /** They are made; that they cannot be is a fault. */
        REQUIRED,
        /** They are made where this user may make them; limits that could not be set are a fault all the same. */
        POSSIBLE,
        /** systemd makes them, for a scope of its own; {@code linux.cgroupsPath} is {@code slice:prefix:name}. */
        SYSTEMD,
        /** It stays in its caller's. */
        NONE
    }

    /**
     * Creates a container: its init has everything but its program. With a gate it then waits for {@link OciContainer#start}, without one its program
     * runs. Blocks until that is so.
     *
     * @return what is being performed; the caller closes it, after having waited for the end if it stays in the foreground
     * @throws Fault what failed; nothing is left of it
     */
    public Performer.Performance create(Creation creation) {
        return claim(creation, (spec, directory, rootfs) -> create(creation, spec, directory, rootfs));
    }

    /** What is done between the moment when a container has its id and that when it has a process. */
    interface Making {
        /**
         * @param spec the bundle, with its groups named in full
         * @param directory the container's own, of mode 0700
         * @param rootfs its root, an absolute path
         */
        Performer.Performance make(Spec spec, Path directory, String rootfs);
    }

    /** Makes a container under the id of the creation; nothing of it stays when that fails. The plan must be performed from the file {@code plan}. */
    Performer.Performance claim(Creation creation, Making making) {
        String id = StateRoot.checked(creation.id());
        byte[] config = read(creation.configuration());
        Spec given = Spec.parse(config);
        StateRoot.makeDirectories(root.path());
        try (StateRoot.Lock lock = root.lock(files, id)) {
            if (!root.claim(id)) {
                throw Fault.of(Fault.Kind.ALREADY_EXISTS, "create", "container \"" + id + "\"", "container with given ID already exists");
            }
            Path directory = root.container(id);
            try {
                return claimed(creation, given, config, directory, making);
            } catch (RuntimeException e) {
                StateRoot.removeTree(directory);
                throw e;
            }
        }
    }

    private Performer.Performance claimed(Creation creation, Spec given, byte[] config, Path directory, Making making) {
        String id = creation.id();
        String rootfs = creation.bundle().resolve(given.root().map(Root::path).orElseThrow(() -> Fault.invalid("config.json", "root",
                "it is absent (runtime-spec config.md#root)"))).normalize().toString();
        if (!Files.isDirectory(Path.of(rootfs))) {
            throw Fault.of(Files.exists(Path.of(rootfs)) ? Errno.ENOTDIR : Errno.ENOENT, "config.json", "root.path \"" + rootfs + "\"");
        }
        if (creation.grouping() != Grouping.SYSTEMD) {
            Spec spec = HookEnvironment.of(grouped(given, id, creation.grouping()), environment);
            Optional<String> group = spec.linux().flatMap(Linux::cgroupsPath);
            if (group.isPresent()) {
                new ControlGroups(kernel, host.cgroups(), group.get()).mustBeFit(id);
            }
            return made(creation, given, spec, config, directory, rootfs, Optional.empty(), making);
        }
        Linux linux = given.linux().orElseGet(() -> Linux.builder().build());
        ScopeName name = ScopeName.parse(linux.cgroupsPath().orElse(""), id, scopes().isUsers());
        try (Scope scope = Scope.start(this, name, id, directory, linux.resources())) {
            try {
                Spec spec = HookEnvironment.of(given.toBuilder().linux(linux.toBuilder().cgroupsPath(scope.path()).build()).build(), environment);
                return made(creation, given, spec, config, directory, rootfs, Optional.of(name.unit()), making);
            } catch (RuntimeException e) {
                try {
                    scopes().stop(name.unit());
                } catch (Fault still) {
                    e.addSuppressed(still);
                }
                throw e;
            }
        }
    }

    private Performer.Performance made(Creation creation, Spec given, Spec spec, byte[] config, Path directory, String rootfs, Optional<String> unit, Making making) {
        String id = creation.id();
        var kept = new KeptContainer(given.ociVersion(), id, creation.bundle().toString(), rootfs, dev.carafe.base.Timestamps.print(clock.instant()),
                given.annotations(), 0, 0, spec.linux().flatMap(Linux::cgroupsPath), unit);
        StateRoot.write(directory.resolve(CONFIG), config);
        StateRoot.write(directory.resolve(KeptContainer.FILE), dev.carafe.oci.Json.compact(kept.json()));
        Performer.Performance performance = making.make(spec, directory, rootfs);
        try {
            if (!creation.caller().foreground()) {
                Handover.await(directory.resolve("plan"));
            }
            int init = Execution.read(directory.resolve("plan")).orElseThrow().init();
            long since = ProcessEntry.read(init).map(ProcessEntry::startTime).orElse(0L);
            StateRoot.write(directory.resolve(KeptContainer.FILE), dev.carafe.oci.Json.compact(kept.running(init, since).json()));
            creation.pidFile().ifPresent(file -> StateRoot.write(file, Integer.toString(init)));
            return performance;
        } catch (RuntimeException e) {
            // Whoever asked does not learn of the container, so it shall not be there.
            performance.close();
            container(id).destroy();
            throw e;
        }
    }

    private Performer.Performance create(Creation creation, Spec spec, Path directory, String rootfs) {
        String id = creation.id();
        Launch.Caller asked = creation.caller();
        Path gate = directory.resolve(StateRoot.GATE);
        if (creation.gated()) {
            makeFifo(gate);
        }
        var caller = new Launch.Caller(creation.bundle().toString(), creation.gated() ? Optional.of(gate.toString()) : Optional.empty(), asked.console(),
                asked.pidfd(), asked.descriptors(), asked.pipes(), asked.nulls(), asked.keyring(), asked.pivot(), asked.foreground(), asked.groups());
        var launch = new Launch(id, new Launch.Root.Directory(rootfs), directory.toString(), directory.toString(), Optional.empty(), true, false,
                creation.session(), Optional.of(caller));
        Plan plan = Planner.start(spec, launch, HostProbe.withDevices(host, spec), filters);
        warnings = Planner.warnings(spec.process().orElseThrow(), spec.linux().orElseThrow(), host);
        try {
            return launcher().launch(plan, directory.resolve("plan"), creation.streams(), "\"" + id + "\"");
        } catch (Fault failed) {
            // What a hook has begun, the poststop hooks end; their own faults are none of the caller's then.
            Optional<Plan> hooks = Planner.stopped(spec, launch);
            if (hooks.isPresent()) {
                try {
                    launcher().perform(hooks.get(), directory.resolve("hooks"), "\"" + id + "\"");
                } catch (Fault hook) {
                    failed.addSuppressed(hook);
                }
            }
            throw failed;
        }
    }

    /** Containers whose groups are systemd's. */
    public ScopeUnit scopes() {
        return new ScopeUnit(kernel, host.uid(), host.cgroups().onlyV2());
    }

    /** Whether the process of that container has a terminal. */
    public static boolean hasTerminal(Creation creation) {
        return Spec.parse(read(creation.configuration())).process().filter(Process::terminal).isPresent();
    }

    /** The bundle with its groups named in full: without a path, the container's id; a relative one counts from the mount point. */
    private Spec grouped(Spec spec, String id, Grouping grouping) {
        Linux linux = spec.linux().orElseGet(() -> Linux.builder().build());
        String path = linux.cgroupsPath().filter(p -> !p.isEmpty()).orElse("/" + id);
        if (grouping == Grouping.NONE || grouping == Grouping.POSSIBLE && (host.cgroups().mode().equals("none") || !mayMakeGroups())) {
            if (linux.cgroupsPath().isPresent() || linux.resources().isPresent()) {
                linux = linux.toBuilder().cgroupsPath(Optional.empty()).resources(withoutLimits(linux.resources())).build();
            }
        } else {
            linux = linux.toBuilder().cgroupsPath(path.startsWith("/") ? path : "/" + path).build();
        }
        return spec.toBuilder().linux(linux).build();
    }

    /** Without privilege groups cannot be made, and a container without limits does not need them; limits that are asked for are refused by the plan. */
    private static Optional<Resources> withoutLimits(Optional<Resources> resources) {
        if (resources.isEmpty()) {
            return resources;
        }
        Resources rest = resources.get().toBuilder().devices(List.of()).build();
        return rest.equals(Resources.builder().build()) ? Optional.empty() : Optional.of(rest);
    }

    private boolean mayMakeGroups() {
        if (host.uid() == 0) {
            return true;
        }
        return host.cgroups().v2().filter(v2 -> Files.isWritable(Path.of(v2.mountpoint()))).isPresent();
    }

    void makeFifo(Path path) {
        try (Memory name = kernel.string(path.toString())) {
            Kernel.check(kernel.call(SystemCall.MKNODAT, -100, name.address(), 0010000 | 0600, 0), "make", "\"" + path + "\"");
        }
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw StateRoot.fault("open", file, e);
        }
    }

    /** A container that was created. */
    public OciContainer container(String id) {
        Path directory = root.container(id);
        Path file = directory.resolve(KeptContainer.FILE);
        if (!Files.exists(file)) {
            throw Fault.notFound("open", "container \"" + id + "\"", "container does not exist");
        }
        return new OciContainer(this, KeptContainer.parse(read(file)), directory);
    }

    /** All containers, those that are just being made or removed left out. */
    public List<OciContainer> containers() {
        var list = new ArrayList<OciContainer>();
        for (String id : root.ids()) {
            if (Files.exists(root.container(id).resolve(KeptContainer.FILE))) {
                list.add(container(id));
            }
        }
        return list;
    }

    /**
     * Runs one more process in a container. Blocks until its program runs.
     *
     * @param caller as for a creation
     * @param pidFile that gets its process id
     * @return what is being performed, and the file that tells how it ends; both go when the caller closes it
     */
    public Further exec(OciContainer container, Process process, Launch.Caller caller, SessionStreams streams, Optional<Session> session,
            Optional<Path> pidFile) {
        Path directory = container.directory().resolve("exec").resolve(ProcessHandle.current().pid() + "." + Thread.currentThread().threadId() + "." + System.nanoTime());
        StateRoot.makeDirectories(directory);
        Path program = directory.resolve("plan");
        try {
            Linux linux = container.linux();
            var launch = new Launch(container.id(), new Launch.Root.Directory("/"), directory.toString(), directory.toString(), Optional.empty(), true, false,
                    session, Optional.of(caller));
            Plan plan = Planner.exec(process, linux, container.kept().pid(), launch, host, filters);
            warnings = Planner.warnings(process, Linux.builder().namespaces(linux.namespaces()).build(), host);
            Performer.Performance performance = launcher().launch(plan, program, streams, "\"" + container.id() + "\"");
            if (!caller.foreground()) {
                Handover.await(program);
            }
            int pid = Execution.read(program).orElseThrow().init();
            pidFile.ifPresent(file -> StateRoot.write(file, Integer.toString(pid)));
            return new Further(performance, program);
        } catch (RuntimeException e) {
            StateRoot.removeTree(directory);
            throw e;
        }
    }

    /** A further process that runs. */
    public record Further(Performer.Performance performance, Path program) implements AutoCloseable {
        /** How it ended, if it has. */
        public Optional<Execution.Exit> exit() {
            return Execution.read(program).flatMap(Execution::exit);
        }

        @Override
        public void close() {
            performance.close();
            StateRoot.removeTree(program.getParent());
        }
    }

    Launcher launcher() {
        return new Launcher(host, performer);
    }

    StateRoot.Lock lock(String id) {
        return root.lock(files, id);
    }

    /** Removes what a creation left that was killed before it had written anything down. */
    public boolean removeUnfinished(String id) {
        try (StateRoot.Lock lock = lock(id)) {
            Path directory = root.container(id);
            boolean there = Files.isDirectory(directory) && !Files.exists(directory.resolve(KeptContainer.FILE));
            if (there) {
                StateRoot.removeTree(directory);
            }
            return there;
        }
    }

    static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
