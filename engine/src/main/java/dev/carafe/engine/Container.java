package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.archive.LayerWriter;
import dev.carafe.base.Fault;
import dev.carafe.content.Image;
import dev.carafe.kernel.Signal;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.network.Attachment;
import dev.carafe.network.EndpointRequest;
import dev.carafe.plan.Connections;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Planner;
import dev.carafe.plan.Session;
import dev.carafe.runtime.ControlGroup;
import dev.carafe.runtime.Execution;
import dev.carafe.runtime.SessionStreams;
import dev.carafe.snapshot.Snapshot;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One container: started, entered, stopped, looked at, removed. A handle; the truth is on disk and in the kernel. */
public final class Container {
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

    int restartCount() {
        return RestartState.read(all.roots.container(id())).count();
    }

    /** 127: not found; 126: found, but cannot be executed; 125: the engine could not. */
    public static int exitCode(Fault fault) {
        if (!fault.operation().equals("execute")) {
            return 125;
        }
        return fault.kind() == Fault.Kind.NOT_FOUND ? 127 : 126;
    }

    /**
     * Starts it. Blocks until its program runs.
     *
     * @param streams of the session, as descriptors of whoever performs
     * @param session what the session wants of them; empty: nobody is attached
     * @return what to wait with; the caller awaits it, hands it to {@link #watch}, or closes it
     */
    public Run start(SessionStreams streams, Optional<Session> session, Timeline timeline) {
        return new Starting(all, this).start(streams, session, timeline);
    }

    /**
     * Stops it as {@link #stop} does, if it runs, and starts it with nobody attached.
     *
     * @return what to wait with, as {@link #start(SessionStreams, Optional, Timeline)} gives it
     */
    public Run restart(Optional<Signal> signal, Optional<Integer> seconds) {
        Run run = new Starting(all, this).restart(signal, seconds);
        note("restart");
        return run;
    }

    /** Its record was read anew. */
    void become(ContainerRecord now) {
        record = now;
    }

    /** Whether {@link #bundle} needs no file. */
    boolean knowsBundle() {
        return bundle != null;
    }

    /** This engine finishes the container when it ends, whether anybody awaits it or not. */
    public void watch(Run run) {
        all.watch(run);
    }

    /** Tells those who follow events. */
    void note(String action) {
        all.store.event(id(), record.name(), action);
    }

    void note(String action, String name, String value) {
        all.store.event(id(), record.name(), action, System.currentTimeMillis() * 1_000_000, ",\"" + name + "\":\"" + value + "\"");
    }

    boolean hasVolumes() {
        return !record.document().getAsJsonArray("Mounts").isEmpty() && !Volumes.names(record).isEmpty();
    }

    /** Takes back what a dead monitor left, and removes the container if that was to happen at its end; nothing happens while it runs. */
    public void recover() {
        new Removing(all, this).recover();
    }

    /** Sends a signal to its init. */
    public void kill(Signal signal) {
        new Stopping(all, this).kill(signal);
    }

    /** Asks it to end, and kills it when the time is over. Nothing happens when it does not run. */
    public void stop(Optional<Signal> signal, Optional<Integer> seconds) {
        new Stopping(all, this).stop(signal, seconds);
    }

    Fault notRunning(String operation) {
        return Fault.of(Fault.Kind.CONFLICT, operation, "\"" + record.name() + "\"", "container " + id() + " is not running");
    }

    /** Blocks until it does not run; its exit code, also when it is removed at its end. */
    public int await() {
        try (RunEnd end = RunEnd.of(this)) {
            // Also while its monitor tidies up: until then it is not known how it ended.
            all.store.awaitMonitor(all.roots.lock(id()));
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
        return Executing.exec(all, this, options, streams, session);
    }

    /** As {@link #exec(ExecOptions, SessionStreams, Optional)}, under an id by which it is found while it runs: up to 64 letters and digits that no other one has. */
    public Run exec(String id, ExecOptions options, SessionStreams streams, Optional<Session> session) {
        return Executing.exec(all, this, id, options, streams, session);
    }

    /** How far a process is that was started under that id; empty once it has ended. */
    public Optional<Execution> execution(String exec) {
        return Executing.execution(all, this, exec);
    }

    /** Gives its terminal another size. Nothing happens where it has none. */
    public void resize(int rows, int columns) {
        if (!status().running()) {
            throw notRunning("resize");
        }
        all.monitors.resize(all.roots.run(id()), rows, columns);
        note("resize");
    }

    /** Its output so far and to come; the caller closes it. Empty when it has none. */
    public Optional<LogReader> logs() {
        if (!record.logs()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "read log of", "\"" + record.name() + "\"", "its log driver is none");
        }
        return LogReader.open(all.roots.log(id()));
    }

    /** What its log options say of each line of its output: labels, variables and the tag, in the order of their names. */
    public Map<String, String> logAttributes() {
        return LogPolicy.of(record).attributes(record);
    }

    /** Removes it with everything that was its own. A running one takes {@code force}, and is killed. */
    public void remove(boolean force) {
        remove(force, false);
    }

    /** As {@link #remove(boolean)}, with its nameless volumes when that is asked for. */
    public void remove(boolean force, boolean volumes) {
        new Removing(all, this).remove(force, volumes);
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
        Copying.in(all, this, source, given, destination, options);
        note("extract-to-dir");
    }

    /** Copies out of it, as {@link #copyIn} does the other way. */
    public void copyOut(String source, Path destination, String given, CopyOptions options) {
        Copying.out(all, this, source, destination, given, options);
        note("archive-path");
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

    /** How well it is by its checks; empty where none is made. */
    public Optional<Health> health() {
        if (!record.checksHealth()) {
            return Optional.empty();
        }
        ContainerStatus status = all.store.status(id(), all.boot);
        Path directory = all.roots.container(id());
        return Optional.of(status.running() ? Health.read(directory, status.startedAt())
                : status.phase() == ContainerStatus.Phase.CREATED ? Health.read(directory, 0) : Health.read(directory).ended());
    }

    /**
     * Makes a health check now. Blocks until it is done.
     *
     * @return what it gave; empty when the container ended or was paused meanwhile
     * @throws Fault {@code INVALID} when none is defined, {@code CONFLICT} when it does not run
     */
    public Optional<Health.Check> checkHealth() {
        HealthPolicy policy = HealthPolicy.of(record).orElseThrow(() -> Fault.invalid("check health of", "\"" + record.name() + "\"",
                "container " + id() + " has no defined healthcheck"));
        if (!status().running()) {
            throw notRunning("check health of");
        }
        return new Probing(all, this, policy).check();
    }

    /** What docker's inspect shows. */
    public JsonObject inspect() {
        return Inspection.of(this);
    }

    /** The ids of processes that were started in it by exec and still run. */
    List<String> execs() {
        return Executing.ids(all, this);
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
