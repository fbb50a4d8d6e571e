package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.archive.LayerWriter;
import dev.carafe.base.Fault;
import dev.carafe.content.Image;
import dev.carafe.kernel.LockFile;
import dev.carafe.kernel.Signal;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Cgroups;
import dev.carafe.network.Attachment;
import dev.carafe.network.EndpointRequest;
import dev.carafe.plan.Connections;
import dev.carafe.plan.Launch;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Planner;
import dev.carafe.plan.Session;
import dev.carafe.runtime.ControlGroup;
import dev.carafe.runtime.Execution;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import dev.carafe.snapshot.Snapshot;
import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One container: started, entered, stopped, looked at, removed. A handle; the truth is on disk and in the kernel. */
public final class Container {
    private static final long SLICE_MILLIS = 5;
    /** No monitor needs so long to get from its beginning to init, or from init's end to its own. */
    private static final long UNDECIDED_MILLIS = 2000;

    private final Containers all;
    private volatile ContainerRecord record;
    /** Changes by {@link #update} alone, so whoever has it need not read it again. */
    private volatile @Nullable Spec bundle;

    Container(Containers all, ContainerRecord record, @Nullable Spec bundle) {
        this.all = all;
        this.record = record;
        this.bundle = bundle;
    }

    public ContainerRecord record() {
        return record;
    }

    public String id() {
        return record.id();
    }

    public ContainerStatus status() {
        ContainerStatus status = all.store.status(record.id(), all.boot);
        if (status.running()) {
            return group().frozen() ? status.paused() : status;
        }
        boolean again = record.restarts() && RestartState.read(all.roots.container(id())).wants(record.restartPolicy(), status, all.boot);
        return again ? status.restarting() : status;
    }

    /** Its control groups; they are there while it runs. */
    ControlGroup group() {
        return new ControlGroup(all.files.kernel(), all.host.cgroups(), Specifier.cgroupsPath(record.cgroupParent(), id()));
    }

    /** The bundle: what the container is to the runtime-spec. */
    public Spec bundle() {
        Spec known = bundle;
        if (known == null) {
            known = all.store.bundle(record.id());
            bundle = known;
        }
        return known;
    }

    /** The plan that starts, or started, this container. */
    public Plan plan() {
        return Planner.start(Neighbours.joined(all, bundle(), record, false), all.launch(record, Optional.empty(), connections()), all.host, all.filters);
    }

    private Connections connections() {
        Optional<Attachment> attachment = Attaching.known(all, id());
        return attachment.isPresent() ? Attaching.connections(all, attachment.get()) : Connections.NONE;
    }

    /** How it is connected with networks; empty where it is with none, or does not run. */
    public Optional<Attachment> attachment() {
        return status().running() ? Attaching.known(all, id()) : Optional.empty();
    }

    /**
     * Connects it with one more network: at once when it runs, else from its next start on.
     *
     * @throws Fault {@code CONFLICT} when it is on that network already, or has no network of its own
     */
    public void connect(EndpointRequest request) {
        Connecting.connect(all, this, request);
    }

    /** Disconnects it from a network. @param force also when it is not on that */
    public void disconnect(String network, boolean force) {
        Connecting.disconnect(all, this, network, force);
    }

    /** The names of the networks that it is on, or is to be. */
    public List<String> networks() {
        return List.copyOf(record.document().getAsJsonObject("NetworkSettings").getAsJsonObject("Networks").keySet());
    }

    /** The ports that it says it listens on, such as {@code 80/tcp}. */
    public List<String> exposedPorts() {
        return NetworkChoice.exposed(record);
    }

    /** How far the last start got, operation by operation, while the run directory still has it. */
    public Optional<Execution> execution() {
        return Execution.read(all.roots.plan(id()));
    }

    /** The file of the last start's program. */
    public Path program() {
        return all.roots.plan(id());
    }

    /** Nanoseconds that each step of the last start took, in the order of the plan's steps; none once they are not kept any more. */
    public List<Long> times() {
        return execution().isEmpty() ? List.of() : Execution.times(program(), plan().steps().size());
    }

    /** The bytes on disk that it has written. */
    public long bytesWritten() {
        return all.snapshots.find(id()).isEmpty() ? 0 : all.snapshots.usage(id()).bytes();
    }

    /** Starts it with nobody attached, and has its end looked after by this engine. */
    public void start() {
        all.watch(start(SessionStreams.NONE, Optional.empty(), new Timeline()));
    }

    /**
     * Starts it. Blocks until its program runs.
     *
     * @param streams of the session, as descriptors of whoever performs
     * @param session what the session wants of them; empty: nobody is attached
     * @return what to wait with; the caller awaits it, hands it to {@link #watch}, or closes it
     */
    public Run start(SessionStreams streams, Optional<Session> session, Timeline timeline) {
        try (LockFile lock = all.lock(id())) {
            Run run = startLocked(streams, session, timeline);
            if (record.restarts()) {
                RestartState.FRESH.write(all.roots.container(id()));
                Tending.ensure(all);
            }
            return run;
        }
    }

    /** Starts it once more, if it still is as it was when that was decided. */
    void startAgain(long finishedAt) {
        try (LockFile lock = all.lock(id())) {
            ContainerStatus status = all.store.status(id(), all.boot);
            Optional<ContainerRecord> now = all.store.record(id());
            RestartState state = RestartState.read(all.roots.container(id()));
            if (now.isEmpty() || status.finishedAt() != finishedAt || !state.wants(now.get().restartPolicy(), status, all.boot)) {
                return;
            }
            record = now.get();
            new RestartState(state.count() + 1, state.delay(status), false, "").write(all.roots.container(id()));
            all.watch(startLocked(SessionStreams.NONE, Optional.empty(), new Timeline()));
        }
    }

    int restartCount() {
        return RestartState.read(all.roots.container(id())).count();
    }

    /** From now on it stays ended: somebody wants it so. */
    private void noteStopped() {
        if (record.restarts() && Files.exists(all.roots.container(id()))) {
            RestartState state = RestartState.read(all.roots.container(id()));
            new RestartState(state.count(), state.delayMillis(), true, all.boot).write(all.roots.container(id()));
        }
    }

    private Run startLocked(SessionStreams streams, Optional<Session> session, Timeline timeline) {
        String id = id();
        if (runsInTheEnd()) {
            throw Fault.of(Fault.Kind.CONFLICT, "start", "\"" + record.name() + "\"", "it runs already");
        }
        if (!all.store.exists(id)) {
            throw Fault.notFound("start", "\"" + record.name() + "\"", "it was removed meanwhile");
        }
        if (all.store.wasStarted(id)) {
            undoIfLeft();
            StateFile.deleteTree(all.roots.run(id));
        }
        all.store.starting(id, all.boot);
        StateFile.makeDirectories(all.roots.run(id));
        if (hasVolumes()) {
            all.volumes().mount(record);
        }
        // Namespaces of other containers are found anew at each start, since those may have been restarted.
        Spec spec = Neighbours.joined(all, bundle(), record, true);
        Optional<Attachment> attachment = Optional.empty();
        // Of before, since the program may have ended by the time that anybody is told.
        long begun = System.currentTimeMillis() * 1_000_000;
        try {
            Attaching.share(all, record);
            attachment = Attaching.attach(all, record);
            if (attachment.isPresent()) {
                timeline.end("attach");
            }
            Plan plan = Planner.start(spec, all.launch(record, session, attachment.isPresent() ? Attaching.connections(all, attachment.get()) : Connections.NONE),
                    all.host, all.filters);
            timeline.end("plan");
            Performer.Performance performance = all.launcher.launch(plan, all.roots.plan(id), streams, "\"" + record.name() + "\"");
            timeline.end("launch");
            all.store.event(id, record.name(), "start", begun, "");
            return new Run(performance, this::finish);
        } catch (Fault refusal) {
            Fault fault = Attaching.explained(refusal, record.name(), attachment);
            Attaching.detachIfLeft(all, id);
            all.store.failed(id, fault.getMessage(), exitCode(fault));
            StateFile.deleteTree(all.roots.run(id));
            throw fault;
        }
    }

    /** 127: not found; 126: found, but cannot be executed; 125: the engine could not. */
    public static int exitCode(Fault fault) {
        if (!fault.operation().equals("execute")) {
            return 125;
        }
        return fault.kind() == Fault.Kind.NOT_FOUND ? 127 : 126;
    }

    /** This engine finishes the container when it ends, whether anybody awaits it or not. */
    public void watch(Run run) {
        all.watch(run);
    }

    /** Tells those who follow events. */
    private void note(String action) {
        all.store.event(id(), record.name(), action);
    }

    private void note(String action, String name, String value) {
        all.store.event(id(), record.name(), action, System.currentTimeMillis() * 1_000_000, ",\"" + name + "\":\"" + value + "\"");
    }

    private boolean hasVolumes() {
        return !record.document().getAsJsonArray("Mounts").isEmpty() && !Volumes.names(record).isEmpty();
    }

    private int finish() {
        ContainerStatus end = status();
        try (LockFile lock = all.lock(id())) {
            all.store.died(record, end);
            // It may have been started again meanwhile.
            boolean runs = runsInTheEnd();
            if (!runs && record.removeWhenDone()) {
                removeLocked(false, true, true);
            } else if (!runs) {
                undoIfLeft();
                if (hasVolumes()) {
                    all.volumes().release(record);
                }
            }
        }
        return end.exitCode();
    }

    /** Processes that outlived init, and what a killed monitor left; nothing of it is there after an ordinary end. */
    private void undoIfLeft() {
        if (bundle == null && !all.store.hasBundle(id())) {
            // The machine went down: nothing of it is left in the kernel.
            return;
        }
        Optional<String> group = bundle().linux().flatMap(l -> l.cgroupsPath());
        // Networks first: a lease that is still held says that there is something to take back.
        Attaching.detachIfLeft(all, id());
        Neighbourhood.leave(all, id());
        if (group.isPresent() && leftInCgroup(group.get())) {
            new Undo(all.files.kernel()).perform(plan());
        }
    }

    private boolean leftInCgroup(String group) {
        for (Cgroups.V1 hierarchy : all.host.cgroups().v1()) {
            if (new File(hierarchy.mountpoint(), group).exists()) {
                return true;
            }
        }
        return all.host.cgroups().v2().isPresent() && new File(all.host.cgroups().v2().get().mountpoint(), group).exists();
    }

    /** Takes back what a dead monitor left, and removes the container if that was to happen at its end; nothing happens while it runs. */
    public void recover() {
        ContainerStatus status = status();
        if (status.running() || all.store.monitored(all.roots.lock(id()))) {
            return;
        }
        try (LockFile lock = all.lock(id())) {
            if (!status().running() && all.store.exists(id())) {
                undoIfLeft();
            }
        }
        if (record.removeWhenDone() && status.phase() == ContainerStatus.Phase.EXITED) {
            try (LockFile lock = all.lock(id())) {
                if (!runsInTheEnd()) {
                    removeLocked(false, true, true);
                }
            }
        }
    }

    /** Whether it runs; a monitor that is just about to start it, or to tidy up after it, is given the time for that. */
    private boolean runsInTheEnd() {
        long deadline = System.nanoTime() + UNDECIDED_MILLIS * 1_000_000;
        while (all.store.monitored(all.roots.lock(id()))) {
            if (status().running()) {
                return true;
            }
            if (System.nanoTime() - deadline >= 0 || !slept()) {
                return false;
            }
        }
        return false;
    }

    /** False when this thread is to end. */
    private static boolean slept() {
        try {
            Thread.sleep(SLICE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Fault notRunning(String operation) {
        return Fault.of(Fault.Kind.CONFLICT, operation, "\"" + record.name() + "\"", "container " + id() + " is not running");
    }

    /** Sends a signal to its init. */
    public void kill(Signal signal) {
        if (!status().running()) {
            throw notRunning("kill");
        }
        if (signal.equals(Signal.KILL) || signal.equals(record.stopSignal())) {
            noteStopped();
        }
        note("kill", "signal", Integer.toString(signal.number()));
        try {
            all.monitors.signal(all.roots.run(id()), signal);
        } catch (Fault gone) {
            throw status().running() ? gone : notRunning("kill");
        }
        if (signal.equals(Signal.KILL) || signal.equals(record.stopSignal())) {
            thawIfPaused();
        }
    }

    /** Asks it to end, and kills it when the time is over. Nothing happens when it does not run. */
    public void stop(Optional<Signal> signal, Optional<Integer> seconds) {
        noteStopped();
        if (!status().running()) {
            return;
        }
        int patience = seconds.orElse(record.stopTimeout());
        send(signal.orElse(record.stopSignal()));
        if (!endsWithin(patience < 0 ? Long.MAX_VALUE : patience * 1000L)) {
            send(Signal.KILL);
            awaitEnd();
        }
        all.store.died(record, status());
        note("stop");
    }

    /** It may end at any moment, and then there is nobody to send to. */
    private void send(Signal signal) {
        note("kill", "signal", Integer.toString(signal.number()));
        try {
            all.monitors.signal(all.roots.run(id()), signal);
        } catch (Fault gone) {
            if (status().running()) {
                throw gone;
            }
        }
        thawIfPaused();
    }

    /** A signal that is to end it is taken only once its processes go on. */
    private void thawIfPaused() {
        if (status().isPaused()) {
            Pausing.thaw(this);
        }
    }

    private boolean endsWithin(long millis) {
        long deadline = System.nanoTime() + Math.min(millis, Long.MAX_VALUE / 2_000_000) * 1_000_000;
        while (all.store.monitored(all.roots.lock(id()))) {
            if (System.nanoTime() - deadline >= 0 || !slept()) {
                return false;
            }
        }
        return true;
    }

    private void awaitEnd() {
        all.store.awaitMonitor(all.roots.lock(id()));
    }

    /** Blocks until it does not run; its exit code, also when it is removed at its end. */
    public int await() {
        try (RunEnd end = RunEnd.of(this)) {
            // Also while its monitor tidies up: until then it is not known how it ended.
            awaitEnd();
            return end.code();
        }
    }

    /**
     * Blocks until one of those conditions holds, or it is removed.
     *
     * @return its exit code where the condition is an end, else -1
     */
    public int await(Set<WaitCondition> conditions) {
        return WaitCondition.await(this, conditions);
    }

    /** Whether it is gone; one that is to be removed at its end, and that nobody has removed, is removed now. */
    boolean isRemoved() {
        return !Files.exists(all.roots.container(id())) || all.finished(this);
    }

    /** Connects a session to a running container; the monitor deals with it from now on. */
    public void attach(SessionStreams streams, List<Byte> detachKeys) {
        ContainerStatus status = status();
        if (!status.running() || status.isPaused()) {
            throw Fault.of(Fault.Kind.CONFLICT, "attach to", "\"" + record.name() + "\"", status.isPaused() ? "it is paused" : "it does not run")
                    .hint(status.isPaused() ? "unpause it first" : "start it first");
        }
        all.monitors.attach(all.roots.run(id()), streams, detachKeys);
        note("attach");
    }

    /** Runs one more process in it. Blocks until that runs. */
    public Run exec(ExecOptions options, SessionStreams streams, Optional<Session> session) {
        ContainerStatus status = status();
        if (!status.running()) {
            throw notRunning("exec in");
        }
        if (status.isPaused()) {
            throw Fault.of(Fault.Kind.CONFLICT, "exec in", "\"" + record.name() + "\"", "container " + id() + " is paused").hint("unpause it first");
        }
        Spec spec = bundle();
        Account account = all.accountFiles.below("/proc/" + status.pid() + "/root").resolve(options.user().orElse(record.user()), record.groups());
        // What the image says of variables is in the record already.
        ContainerOptions made = ContainerOptions.builder(record.image())
                .process(ProcessOptions.builder().environment(record.environment()).build()).build();
        Process process = Specifier.exec(options, made, ContainerConfig.EMPTY, spec, account, all.host);
        Path run = all.roots.run(id()).resolve("exec").resolve(dev.carafe.base.ContainerId.random(all.random).abbreviated());
        StateFile.makeDirectories(run);
        var launch = new Launch(id(), new Launch.Root.Directory("/"), run.toString(), run.toString(), Optional.empty(),
                options.streams().interactive(), true, session);
        Plan plan = Planner.exec(process, spec.linux().orElseThrow(), status.pid(), launch, all.host, all.filters);
        Path program = run.resolve("plan");
        try {
            Performer.Performance performance = all.launcher.launch(plan, program, streams, "\"" + record.name() + "\"");
            return new Run(performance, () -> {
                int code = Execution.read(program).flatMap(Execution::exit).map(Execution.Exit::code).orElse(137);
                StateFile.deleteTree(run);
                return code;
            });
        } catch (RuntimeException e) {
            StateFile.deleteTree(run);
            throw e;
        }
    }

    /** Its output so far and to come; the caller closes it. Empty when it has none. */
    public Optional<LogReader> logs() {
        if (!record.logs()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "read log of", "\"" + record.name() + "\"", "its log driver is none");
        }
        return LogReader.open(all.roots.log(id()));
    }

    /** Removes it with everything that was its own. A running one takes {@code force}, and is killed. */
    public void remove(boolean force) {
        remove(force, false);
    }

    /** As {@link #remove(boolean)}, with its nameless volumes when that is asked for. */
    public void remove(boolean force, boolean volumes) {
        try (LockFile lock = all.lock(id())) {
            removeLocked(runsInTheEnd(), force, volumes);
        }
    }

    private void removeLocked(boolean runs, boolean force, boolean volumes) {
        Optional<ContainerRecord> current = all.store.record(id());
        if (current.isEmpty()) {
            return;
        }
        if (runs) {
            if (!force) {
                ContainerStatus status = status();
                throw Fault.of(Fault.Kind.CONFLICT, "remove", "\"" + record.name() + "\"", "container " + id() + " is "
                        + (status.isPaused() ? "paused" : "running")).hint((status.isPaused() ? "unpause and stop" : "stop") + " it first, or use -f");
            }
            send(Signal.KILL);
            awaitEnd();
            all.store.died(current.get(), status());
        }
        undoIfLeft();
        boolean hasVolumes = hasVolumes();
        if (hasVolumes && volumes) {
            all.store.markVolumes(current.get());
        }
        all.store.vanish(current.get());
        all.store.event(id(), current.get().name(), "destroy");
        if (hasVolumes) {
            all.volumes().release(current.get());
        }
        if (hasVolumes && volumes) {
            all.volumes().removeOf(current.get());
        }
        all.snapshots.remove(id());
        all.store.erase(current.get());
    }

    /** Stops its processes where they are. Blocks until they stand. */
    public void pause() {
        Pausing.pause(this);
        note("pause");
    }

    /** Lets its processes go on. */
    public void unpause() {
        Pausing.unpause(this);
        note("unpause");
    }

    /** Gives it another name. */
    public void rename(String name) {
        String old = record.name();
        record = Renaming.rename(all, this, name);
        note("rename", "oldName", "/" + old);
    }

    /**
     * Stops it as {@link #stop} does, if it runs, and starts it with nobody attached.
     *
     * @return what to wait with, as {@link #start(SessionStreams, Optional, Timeline)} gives it
     */
    public Run restart(Optional<Signal> signal, Optional<Integer> seconds) {
        try (LockFile lock = all.lock(id())) {
            stop(signal, seconds);
            Run run = startLocked(SessionStreams.NONE, Optional.empty(), new Timeline());
            if (record.restarts()) {
                RestartState.FRESH.write(all.roots.container(id()));
                Tending.ensure(all);
            }
            note("restart");
            return run;
        }
    }

    /** Gives it other limits; a running one has them when this returns. */
    public void update(LimitUpdate update) {
        record = Updating.update(all, this, update);
        if (record.restarts()) {
            Tending.ensure(all);
        }
        bundle = null;
        note("update");
    }

    /** Its files, for one who copies; to be closed. */
    public ContainerFiles files() {
        return ContainerFiles.open(all, this);
    }

    /**
     * Copies a file or directory of the host into it, by the rules of docker's cp.
     *
     * @param source on the host
     * @param given the source in its user's words, since a slash at their end counts
     * @param destination in the container
     */
    public void copyIn(Path source, String given, String destination, CopyOptions options) {
        Optional<Account> owner = options.archive() ? Optional.of(account()) : Optional.empty();
        try (ContainerFiles files = files()) {
            Copying.in(files, all.files, source, given, destination, options.followLinks(), owner);
            note("extract-to-dir");
        }
    }

    /** Copies out of it, as {@link #copyIn} does the other way. */
    public void copyOut(String source, Path destination, String given, CopyOptions options) {
        try (ContainerFiles files = files()) {
            Copying.out(files, all.files, source, destination, given, options.followLinks(), options.archive(), own("uid"), own("gid"));
            note("archive-path");
        }
    }

    /** Of whose user this process is, whom what leaves a container belongs to. */
    private static int own(String attribute) {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:" + attribute);
        } catch (java.io.IOException e) {
            throw StateFile.fault("read", Path.of("/proc/self"), e);
        }
    }

    /** Whom it runs as. */
    public Account account() {
        var user = bundle().process().orElseThrow().user();
        return new Account(user.uid(), user.gid(), user.additionalGids(), "/");
    }

    /** What it changed upon its image, by path. */
    public List<FileChange> changes() {
        return FileChange.of(all, this);
    }

    /** Writes its whole file system as an archive, without what is mounted in it. */
    public void export(OutputStream archive) {
        try (MountedSnapshot tree = MountedSnapshot.readOnly(all.files, snapshot("export").mounts())) {
            LayerWriter.plain(archive).content(tree.root());
        }
        note("export");
    }

    /** Makes an image of it as it is now. */
    public Image commit(CommitOptions options) {
        Image image = Committing.commit(all, this, options);
        note("commit", "imageID", image.config().map(Object::toString).orElse(""));
        return image;
    }

    Snapshot snapshot(String operation) {
        return all.snapshots.find(id()).orElseThrow(() -> Fault.of(Fault.Kind.UNSUPPORTED, operation, "\"" + record.name() + "\"",
                "it is made of the host itself, and has no file system of its own"));
    }

    /** What it uses now; {@link ResourceUsage#NONE} when it does not run. */
    public ResourceUsage usage() {
        ContainerStatus status = status();
        boolean own = bundle().linux().map(linux -> linux.namespaces().stream().anyMatch(n -> n.type() == Namespace.Type.NETWORK && n.path().isEmpty())).orElse(false);
        return status.running() ? ResourceUsage.of(group(), status.pid(), own) : ResourceUsage.NONE;
    }

    /** One paragraph on why it ended. */
    public String whyExited() {
        return new WhyExited(all, this).tell();
    }

    /** Its processes, as the host's ps(1) shows them. */
    public ProcessTable top(List<String> options) {
        ProcessTable table = ProcessTable.of(this, options);
        note("top");
        return table;
    }

    /** What docker's inspect shows. */
    public JsonObject inspect() {
        return Inspection.of(this);
    }

    /** The ids of processes that were started in it by exec and still run. */
    List<String> execs() {
        var ids = new ArrayList<String>();
        Path directory = all.roots.run(id()).resolve("exec");
        if (Files.isDirectory(directory)) {
            try (var entries = Files.list(directory)) {
                entries.forEach(e -> ids.add(e.getFileName().toString()));
            } catch (java.io.IOException e) {
                throw StateFile.fault("list", directory, e);
            }
        }
        return ids;
    }

    /** A namespace of its init, for a container that joins it. */
    static String namespacePath(int pid, Namespace.Type type) {
        String file = switch (type) {
            case NETWORK -> "net";
            case MOUNT -> "mnt";
            default -> type.toString();
        };
        return "/proc/" + pid + "/ns/" + file;
    }
}
