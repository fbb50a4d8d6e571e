package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.base.ContainerId;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.base.Names;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.LockFile;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.network.Attachment;
import dev.carafe.network.EndpointRequest;
import dev.carafe.network.Foresight;
import dev.carafe.network.Network;
import dev.carafe.network.Networks;
import dev.carafe.plan.Connections;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.Launch;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Session;
import dev.carafe.runtime.KeptFilters;
import dev.carafe.runtime.Launcher;
import dev.carafe.runtime.Performer;
import dev.carafe.snapshot.Snapshot;
import dev.carafe.snapshot.SnapshotDriver;
import dev.carafe.transport.registry.RegistrySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The containers of an engine: made, found, listed, recovered. What is done with one is on {@link Container}. */
public final class Containers implements AutoCloseable {
    private static final int NAME_ATTEMPTS = 20;
    /** Whoever waits for a container's end has removed it by then. */
    private static final int OVERDUE_MILLIS = 2000;

    final ContainerStore store;
    final Roots roots;
    final FileSystem files;
    final Images images;
    final SnapshotDriver snapshots;
    final HostFacts host;
    final Launcher launcher;
    final MonitorTalk monitors;
    final AccountFiles accountFiles;
    final String boot;
    final KeptFilters filters;
    private volatile @Nullable Volumes volumes;
    private final InstantSource clock;
    final RandomGenerator random = new SystemRandom();
    private final Map<Digest, Accounts> accounts = new ConcurrentHashMap<>();
    private final Watch watch;
    /** The native program, for what must live on by itself. */
    final Path program;
    private volatile boolean leaving;
    private @Nullable Networks networks;
    final Acquaintances acquaintances = new Acquaintances(this);
    private volatile @Nullable NameService names;

    Containers(ContainerStore store, Roots roots, FileSystem files, Images images, SnapshotDriver snapshots, HostFacts host, Performer performer,
            Path program, InstantSource clock) {
        this.program = program;
        this.store = store;
        this.roots = roots;
        this.files = files;
        this.images = images;
        this.snapshots = snapshots;
        this.host = host;
        this.launcher = new Launcher(host, performer);
        this.monitors = new MonitorTalk(files);
        this.accountFiles = new AccountFiles(files);
        this.clock = clock;
        this.boot = StateFile.read(Path.of("/proc/sys/kernel/random/boot_id")).orElse("").trim();
        this.filters = new KeptFilters(roots.filters());
        this.watch = new Watch();
    }

    /**
     * Starts containers again by their restart policies, and makes health checks. Blocks until no container needs that any more (true), or this engine is to leave (false).
     *
     * @param gone whether nobody waits for it any more
     */
    public boolean tend(BooleanSupplier gone) {
        return new Tending(this).tend(gone);
    }

    /** Whoever tends here comes to an end, so that another engine can go on. */
    public void leave() {
        leaving = true;
    }

    boolean leaving() {
        return leaving;
    }

    /** Made by the first who needs them, since most containers need none. */
    Volumes volumes() {
        Volumes known = volumes;
        if (known == null) {
            known = new Volumes(roots.volumes(), store, files, boot, clock, random);
            volumes = known;
        }
        return known;
    }

    /** Makes a container, which does not run yet. */
    public Container create(ContainerOptions options) {
        return create(options, new Timeline());
    }

    /** As {@link #create(ContainerOptions)}; the stages go to the timeline. */
    public Container create(ContainerOptions options, Timeline timeline) {
        return create(options, timeline, new OwnFetch(images));
    }

    /** As {@link #create(ContainerOptions, Timeline)}; an image that has to be fetched is so by the given means. */
    public Container create(ContainerOptions options, Timeline timeline, Images.Fetch fetch) {
        Refusals.check(options);
        PreparedImage image = images.prepare(options.image(), options.platform(), options.pull(), fetch);
        timeline.end("resolve");
        for (EndpointRequest request : options.network().requests()) {
            if (!request.network().equals(Network.DEFAULT)) {
                networks().find(request.network());
            }
        }
        ContainerId containerId = ContainerId.random(random);
        String id = containerId.hex();
        try (ContainerStore.Draft draft = store.draft(id)) {
            return build(options, timeline, image, containerId, draft);
        }
    }

    /** As {@link #create(ContainerOptions)}, of an image that is no image yet but a step of a build. */
    Container create(ContainerOptions options, PreparedImage image) {
        Refusals.check(options);
        ContainerId containerId = ContainerId.random(random);
        try (ContainerStore.Draft draft = store.draft(containerId.hex())) {
            return build(options, new Timeline(), image, containerId, draft);
        }
    }

    /** With the files and variables of this process, silently. */
    private record OwnFetch(Images images) implements Images.Fetch {
        @Override
        public void pull(String text, Optional<String> platform, boolean missing) {
            images.pull(text, PullOptions.of(RegistrySettings.of(System.getenv())).withPlatform(platform), PullListener.SILENT);
        }
    }

    /** Within the draft, which others see being built as long as it is held. */
    private Container build(ContainerOptions options, Timeline timeline, PreparedImage image, ContainerId containerId, ContainerStore.Draft draft) {
        String id = containerId.hex();
        @Nullable String name = null;
        try {
            name = takeName(options.name(), id);
            Neighbours.makeSources(options);
            @Nullable Snapshot snapshot = image.isHost() ? null : snapshots.prepare(id, image.chainId());
            timeline.end("prepare");
            ContainerConfig config = image.config().config();
            if (!needsVolumes(options, config)) {
                return build(options, timeline, image, containerId, draft, name, snapshot, null);
            }
            try (VolumeHolds volumes = VolumeHolds.acquire(this, options, config, Optional.ofNullable(snapshot).map(Snapshot::mounts))) {
                return build(options, timeline, image, containerId, draft, name, snapshot, volumes);
            }
        } catch (RuntimeException e) {
            String taken = name;
            suppress(e, () -> {
                snapshots.remove(id);
                if (taken != null) {
                    store.releaseName(taken, id);
                }
                // It names the others for recovery, so it stays when one of them could not be removed.
                StateFile.deleteTree(draft.path());
            });
            throw e;
        }
    }

    /** Whether a container of those options has to do with volumes at all. */
    static boolean needsVolumes(ContainerOptions options, ContainerConfig image) {
        if (!image.volumes().isEmpty() || !options.volumesFrom().isEmpty()) {
            return true;
        }
        for (ContainerMount mount : options.mounts()) {
            if (mount instanceof ContainerMount.Volume) {
                return true;
            }
        }
        return false;
    }

    /** With everything that it needs at hand. */
    private Container build(ContainerOptions asked, Timeline timeline, PreparedImage image, ContainerId containerId, ContainerStore.Draft draft, String name,
            @Nullable Snapshot snapshot, @Nullable VolumeHolds volumes) {
        String id = containerId.hex();
        ContainerConfig config = image.config().config();
        ContainerOptions options = volumes == null ? asked : volumes.options();
        Account account = accounts(image, snapshot).resolve(options.process().user().or(config::user).orElse(""), options.process().groups());
        Surroundings plain = surroundings(options, containerId, draft.path());
        Surroundings around = volumes == null ? plain : volumes.surroundings(plain);
        Spec spec = Specifier.specify(options, config, containerId, account, host, around);
        var subject = new ContainerDocument.Subject(containerId, name, clock.instant(), asked, config, image.id().map(Digest::toString).orElse(""),
                ContainerDocument.State.CREATED, 0, LogPolicy.of(options.logDriver().orElse(LogPolicy.FRAMES), options.logOptions()).path(roots, id).toString(), storage(snapshot), List.of(), Optional.empty());
        JsonObject document = ContainerDocument.inspect(subject, host, around);
        if (volumes != null) {
            volumes.note(document, asked, config, around);
        }
        ContainerRecord record = ContainerRecord.parse(document);
        store.publish(draft, record, spec);
        store.created(record);
        timeline.end("specify");
        return new Container(this, record, spec);
    }

    private static ContainerDocument.Storage storage(@Nullable Snapshot snapshot) {
        return new ContainerDocument.Storage(snapshot == null ? "host" : "overlay", snapshot == null ? Map.of() : Map.of("Snapshot", snapshot.name()));
    }

    private static void suppress(RuntimeException first, Runnable cleanUp) {
        try {
            cleanUp.run();
        } catch (RuntimeException second) {
            first.addSuppressed(second);
        }
    }

    private String takeName(Optional<String> wanted, String id) {
        if (wanted.isPresent()) {
            String name = Names.require("container", wanted.get().startsWith("/") ? wanted.get().substring(1) : wanted.get());
            takeName(name, id, "create container");
            return name;
        }
        for (int attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
            String name = attempt < 2 ? Names.random(random) : Names.randomWithDigit(random);
            if (store.takeName(name, id)) {
                return name;
            }
        }
        String name = id.substring(0, 12);
        store.takeName(name, id);
        return name;
    }

    /** @throws Fault CONFLICT when another has that name */
    void takeName(String name, String id, String operation) {
        while (!store.takeName(name, id)) {
            Optional<String> holder = store.holder(name);
            if (holder.isPresent() && Files.exists(roots.container(holder.get()))) {
                if (store.releaseStray(name, holder.get())) {
                    continue;
                }
                throw Fault.of(Fault.Kind.CONFLICT, operation, "\"" + name + "\"", "the name is in use by container " + holder.get())
                        .hint("remove or rename that container, or choose another name");
            }
            if (holder.isPresent() && !store.releaseAbandoned(name, holder.get())) {
                throw Fault.of(Fault.Kind.CONFLICT, operation, "\"" + name + "\"", "the name is in use by a container that is being made")
                        .hint("choose another name");
            }
        }
    }

    private Accounts accounts(PreparedImage image, @Nullable Snapshot snapshot) {
        if (image.isHost()) {
            return accountFiles.below("/");
        }
        return image.chainId().isEmpty() || snapshot == null ? new Accounts("", "")
                : accounts.computeIfAbsent(image.chainId().get(), chain -> accountFiles.of(snapshot.mounts()));
    }

    /** The container's own files of /etc, and what the host has to say about devices and neighbours. */
    private Surroundings surroundings(ContainerOptions options, ContainerId id, Path draft) {
        Surroundings around = Neighbours.surroundings(Optional.of(this), options, roots.container(id.hex()), host);
        String hostname = Specifier.hostname(options, id, around);
        try {
            Files.writeString(draft.resolve("hostname"), hostname + "\n");
            Files.writeString(draft.resolve("hosts"), HostsFile.hosts(options.network().hosts(), Optional.empty(), List.of("127.0.1.1\t" + hostname)));
            Files.writeString(draft.resolve("resolv.conf"), ResolverFile.text(options.network().resolver(), !options.network().requests().isEmpty(),
                    options.network().hasNeighbours()));
        } catch (IOException e) {
            throw StateFile.fault("write", draft, e);
        }
        return options.secrets().isEmpty() ? around
                : around.toBuilder().secrets(secrets().give(options.secrets(), roots.container(id.hex()), draft)).build();
    }

    /** Made by each who needs them. */
    Secrets secrets() {
        return new Secrets(roots.secrets(), store, clock, random);
    }

    /** The networks; nothing of them is loaded before a container needs one. */
    synchronized Networks networks() {
        Networks open = networks;
        if (open == null) {
            open = new Networks(files.kernel(), files, Attaching.places(roots), random);
            networks = open;
        }
        return open;
    }

    /**
     * From now on answers the questions for names of containers on user-defined networks, on 127.0.0.11 in their namespaces: of those that start here, and after
     * {@link #recover} also of those that run already and that nobody serves. Until this engine is closed, or killed.
     */
    public synchronized void serveNames() {
        if (names == null) {
            names = new NameService(this, files.kernel());
        }
    }

    /** Who serves names here; empty where nobody does. */
    Optional<NameService> names() {
        return Optional.ofNullable(names);
    }

    /** What docker's network inspect shows: the definition, and the running containers on it. */
    public JsonObject inspect(Network network) {
        JsonObject document = network.json();
        JsonObject members = document.getAsJsonObject("Containers");
        for (String id : new java.util.TreeSet<>(networks().holders(network.id()).values())) {
            Optional<ContainerRecord> record = store.record(id);
            Optional<Attachment> attachment = record.isEmpty() ? Optional.empty() : Attaching.known(this, id);
            if (attachment.isPresent()) {
                attachment.get().endpoints().forEach(endpoint -> Attaching.member(endpoint, network, record.get().name()).ifPresent(member -> members.add(id, member)));
            }
        }
        return document;
    }

    /** The container that a name, an id, or the first digits of an id stand for. */
    public Container find(String text) {
        return container(store.find(text)).orElseThrow(() -> Fault.notFound("find container", "\"" + text + "\"", "no such container"));
    }

    private Optional<Container> container(String id) {
        return store.record(id).map(record -> new Container(this, record, null));
    }

    /** All containers, the newest first. */
    public List<Container> list() {
        var list = new ArrayList<Container>();
        for (String id : store.unfinished()) {
            store.finish(id, gone -> {
                snapshots.remove(id);
                gone.ifPresent(record -> volumes().removeOf(record));
            });
        }
        for (String id : store.ids()) {
            Optional<Container> container = container(id);
            if (container.isEmpty()) {
                store.dropTorn(id, gone -> snapshots.remove(id));
            } else if (!finished(container.get())) {
                list.add(container.get());
            }
        }
        list.sort((a, b) -> b.record().created().compareTo(a.record().created()));
        return list;
    }

    /** Removes a container that was to be removed at its end, when nobody has: the engine that started it did not live to see that. */
    boolean finished(Container container) {
        if (!container.record().removeWhenDone()) {
            return false;
        }
        ContainerStatus status = container.status();
        if (status.phase() != ContainerStatus.Phase.EXITED || clock.millis() - status.finishedAt() / 1_000_000 < OVERDUE_MILLIS) {
            // One that another process removes while it is looked at seems to be new.
            return !store.exists(container.id());
        }
        container.recover();
        return store.record(container.id()).isEmpty();
    }

    /**
     * What happens from now on, and what happened before; to be closed.
     *
     * @param since nanoseconds since 1970 of the first event that is wanted
     * @param until likewise, of the last
     */
    public EventLog events(long since, long until) {
        return new EventLog(this, since, until);
    }

    /** The ids of containers by the image that they were made from. */
    public Map<Digest, List<String>> users() {
        var users = new HashMap<Digest, List<String>>();
        for (Container container : list()) {
            container.record().imageId().ifPresent(image -> users.computeIfAbsent(image, i -> new ArrayList<>()).add(container.record().id().substring(0, 12)));
        }
        return users;
    }

    /** The plan that would start a container of those options, on this host, without anything being made. */
    public Plan plan(ContainerOptions options) {
        Refusals.check(options);
        Neighbours.requireRunning(this, options);
        ImageConfig config = images.peek(options.image(), options.platform());
        Surroundings seen = Neighbours.surroundings(Optional.of(this), options, roots.container("0".repeat(64)), host);
        Surroundings plain = options.secrets().isEmpty() ? seen
                : seen.toBuilder().secrets(secrets().foresee(options.secrets(), roots.container("0".repeat(64)))).build();
        Surroundings around = needsVolumes(options, config.config()) ? VolumeHolds.foresee(this, options, config.config(), plain) : plain;
        return Preview.plan(options, config, around, roots, host, foreseen(options, config.config()));
    }

    /** Packs what its monitor has moved aside of its log, where that is wanted. */
    void packLog(ContainerRecord record) {
        if (!record.logs()) {
            return;
        }
        LogPolicy policy = LogPolicy.of(record);
        var files = new LogFiles(roots.log(record.id()));
        if (policy.compress() && files.waits()) {
            try (LockFile lock = lock(record.id() + ".log")) {
                if (store.exists(record.id())) {
                    files.pack(policy.files());
                }
            }
        }
    }

    private Connections foreseen(ContainerOptions options, ContainerConfig image) {
        if (options.network().requests().isEmpty()) {
            return Connections.NONE;
        }
        NetworkChoice.check(options.network());
        String id = "0".repeat(64);
        return Foresight.of(files.kernel(), Attaching.places(roots), random, id, roots.run(id), options.network().requests(), NetworkChoice.ports(options, image));
    }

    /** What a plan needs to know of where a container's things are. */
    Launch launch(ContainerRecord record, Optional<Session> session, Connections connections) {
        String id = record.id();
        return new Launch(id, root(record), roots.run(id).toString(), roots.container(id).toString(),
                record.logs() ? Optional.of(LogPolicy.of(record).file(roots.log(id))) : Optional.empty(), record.openStdin(), record.stdinOnce(), session, Optional.empty(), connections);
    }

    private Launch.Root root(ContainerRecord record) {
        if (record.imageId().isEmpty()) {
            return new Launch.Root.Volatile("/", roots.mountpoint().toString());
        }
        Snapshot snapshot = snapshots.find(record.id()).orElseThrow(() -> Fault.of(Fault.Kind.CORRUPT, "start", "\"" + record.name() + "\"",
                "its file system is missing").hint("remove the container and make it again"));
        return BottomLayer.below(SnapshotRoot.of(snapshot, roots.mountpoint().toString()), roots.bottom(), host.kernel());
    }

    /** The end of a container that was started elsewhere, or before: nobody is told, so it is asked for. */
    void watch(Run run) {
        watch.add(run);
    }

    /**
     * Finishes what killed processes left: drafts and removals that were interrupted, containers whose monitor was killed, those that were to
     * be removed when they end.
     */
    public void recover() {
        for (Container container : list()) {
            container.recover();
        }
        names().ifPresent(NameService::adopt);
        volumes().recover();
        secrets().recover();
        dropStraySnapshots();
        for (String id : store.ids()) {
            if (store.record(id).filter(ContainerRecord::needsTending).isPresent()) {
                Tending.ensure(this);
                break;
            }
        }
        if (Files.isDirectory(roots.leases())) {
            networks().recover(store::whileIdle);
        }
        store.releaseStrayNames();
        store.dropLocks();
    }

    /** Removes file systems of containers that are not there in any form. Listed first and asked for later, so none that is being made is among them. */
    private void dropStraySnapshots() {
        for (Snapshot snapshot : snapshots.list()) {
            if (snapshot.state() != Snapshot.State.COMMITTED && snapshot.name().length() == 64 && !store.isKnown(snapshot.name())) {
                snapshots.remove(snapshot.name());
            }
        }
    }

    @Override
    public void close() {
        watch.close();
        names().ifPresent(NameService::close);
        if (networks != null) {
            networks.close();
        }
        store.close();
    }

    LockFile lock(String id) {
        return store.lock(id);
    }
}
