package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.LockFile;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Opened;
import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.runtime.Execution;
import dev.carafe.runtime.ExitRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The containers on disk. A container exists when its directory is there, which appears whole, by a rename; its name is a link that
 * only one process can make.
 */
final class ContainerStore implements AutoCloseable {
    private static final String GONE = ".gone-";
    private static final String BUNDLE = "config.json";
    private static final String LAST = "last-start";
    private static final String WITH_VOLUMES = "with-volumes";
    /** Environments and outputs of containers are nobody else's business. */
    private static final int PRIVATE = 0700;

    private final Roots roots;
    private final FileSystem files;
    private final Directory locks;
    private final KeptDocuments<ContainerRecord> records = new KeptDocuments<>(ContainerStore::readRecord);
    private final KeptDocuments<Spec> bundles = new KeptDocuments<>(ContainerStore::readBundle);

    ContainerStore(Roots roots, FileSystem files) {
        this.roots = roots;
        this.files = files;
        files.makeDirectory(roots.containers().toString(), PRIVATE).close();
        files.makeDirectory(roots.names().toString(), PRIVATE).close();
        files.makeDirectory(roots.runs().toString(), PRIVATE).close();
        files.makeDirectory(roots.filters().toString(), PRIVATE).close();
        StateFile.makeDirectories(roots.mountpoint());
        this.locks = files.makeDirectory(roots.locks().toString(), PRIVATE);
    }

    /** Keeps others, of any process, from changing the container meanwhile. */
    LockFile lock(String id) {
        return LockFile.acquire(locks, id);
    }

    /** The lock if nobody has it. */
    Optional<LockFile> tryLock(String id) {
        return LockFile.tryAcquire(locks, id);
    }

    /** Does something while nobody starts the container, and it does not run; nothing when somebody does, or it does. */
    void whileIdle(String id, Runnable action) {
        Optional<LockFile> free = LockFile.tryAcquire(locks, id);
        if (free.isPresent()) {
            try (LockFile lock = free.get()) {
                if (!monitored(roots.lock(id))) {
                    action.run();
                }
            }
        }
    }

    /** Removes the files of locks whose holders were killed; a lock that somebody holds stays. */
    void dropLocks() {
        for (DirectoryEntry entry : locks.entries()) {
            LockFile.tryAcquire(locks, entry.name()).ifPresent(LockFile::close);
        }
    }

    /** Takes the name for a container to be. False: another has it. */
    boolean takeName(String name, String id) {
        try {
            Files.createSymbolicLink(roots.names().resolve(name), Path.of(id));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw StateFile.fault("take name", roots.names().resolve(name), e);
        }
    }

    void releaseName(String name, String id) {
        if (holder(name).filter(id::equals).isPresent()) {
            StateFile.delete(roots.names().resolve(name));
        }
    }

    /** The id that the name stands for. */
    Optional<String> holder(String name) {
        try {
            return Optional.of(Files.readSymbolicLink(roots.names().resolve(name)).toString());
        } catch (NoSuchFileException | java.nio.file.NotLinkException e) {
            return Optional.empty();
        } catch (IOException | java.nio.file.InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** A container's directory while it is built, before it appears. Who builds it holds it locked; one that nobody holds is abandoned. */
    record Draft(Path path, Directory held) implements AutoCloseable {
        @Override
        public void close() {
            held.close();
        }
    }

    Draft draft(String id) {
        Path path = draftPath(id);
        while (true) {
            StateFile.makeDirectories(path);
            Optional<Directory> held = openDraft(id);
            if (held.isPresent()) {
                held.get().lock(Opened.Lock.EXCLUSIVE);
                // Recovery may have come in between and taken it for abandoned.
                if (Files.exists(path)) {
                    return new Draft(path, held.get());
                }
                held.get().close();
            }
        }
    }

    private Path draftPath(String id) {
        return roots.containers().resolve("." + id);
    }

    private Optional<Directory> openDraft(String id) {
        try {
            return Optional.of(files.directory(draftPath(id).toString()));
        } catch (Fault gone) {
            if (gone.kind() == Fault.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw gone;
        }
    }

    private boolean isBuilt(String id) {
        try (Directory draft = openDraft(id).orElse(null)) {
            return draft != null && !draft.tryLock(Opened.Lock.EXCLUSIVE);
        }
    }

    /**
     * Frees a name whose holder is no container and is not being built.
     *
     * @return false: the holder is being built
     */
    boolean releaseAbandoned(String name, String holder) {
        try (LockFile lock = lock(holder)) {
            if (isBuilt(holder)) {
                return false;
            }
            if (!Files.exists(roots.container(holder))) {
                releaseName(name, holder);
            }
            return true;
        }
    }

    /**
     * Frees a name that stands for a container of another name: who renamed that was killed.
     *
     * @return false: it is the container's name, or the container is being changed
     */
    boolean releaseStray(String name, String holder) {
        Optional<LockFile> free = LockFile.tryAcquire(locks, holder);
        if (free.isEmpty()) {
            return false;
        }
        try (LockFile lock = free.get()) {
            boolean stray = record(holder).filter(record -> !record.name().equals(name)).isPresent();
            if (stray) {
                releaseName(name, holder);
            }
            return stray;
        }
    }

    /** As {@link #releaseStray}, for all names. */
    void releaseStrayNames() {
        try (Stream<Path> names = Files.list(roots.names())) {
            for (Path path : names.toList()) {
                String name = path.getFileName().toString();
                Optional<String> holder = holder(name);
                if (holder.isPresent() && record(holder.get()).filter(record -> !record.name().equals(name)).isPresent()) {
                    releaseStray(name, holder.get());
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "list", "\"" + roots.names() + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** Whether there is a container of that id, a draft of one or one on its way out; asked for in the order in which a container goes through these. */
    boolean isKnown(String id) {
        return Files.exists(draftPath(id)) || Files.exists(roots.container(id)) || Files.exists(roots.containers().resolve(GONE + id));
    }

    /** The ids of drafts and removals, whether somebody is at them or not. */
    List<String> unfinished() {
        try (Stream<Path> entries = Files.list(roots.containers())) {
            var ids = new ArrayList<String>();
            entries.map(p -> p.getFileName().toString()).filter(n -> n.startsWith(".")).map(n -> n.startsWith(GONE) ? n.substring(GONE.length()) : n.substring(1))
                    .forEach(ids::add);
            return ids;
        } catch (IOException | UncheckedIOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "list", "\"" + roots.containers() + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** Finishes a removal, or takes an abandoned draft away with its name and what else was made for it; nothing happens while somebody is at it. */
    void finish(String id, Consumer<Optional<ContainerRecord>> others) {
        Optional<LockFile> free = LockFile.tryAcquire(locks, id);
        if (free.isEmpty()) {
            return;
        }
        try (LockFile lock = free.get();
                Directory draft = openDraft(id).orElse(null)) {
            Path gone = roots.containers().resolve(GONE + id);
            // One that was published meanwhile is a draft no more.
            boolean abandoned = draft != null && draft.tryLock(Opened.Lock.EXCLUSIVE) && Files.exists(draftPath(id));
            if (abandoned || Files.exists(gone)) {
                others.accept(abandoned ? Optional.empty() : goneRecord(gone));
                releaseNames(id);
                StateFile.deleteTree(roots.run(id));
                StateFile.deleteTree(abandoned ? draftPath(id) : gone);
            }
        }
    }

    /** The record of a container that vanished together with its nameless volumes. */
    private static Optional<ContainerRecord> goneRecord(Path gone) {
        return Files.exists(gone.resolve(WITH_VOLUMES)) ? StateFile.readJson(gone.resolve(ContainerRecord.FILE)).map(ContainerRecord::parse) : Optional.empty();
    }

    private void releaseNames(String id) {
        try (Stream<Path> names = Files.list(roots.names())) {
            names.map(p -> p.getFileName().toString()).forEach(name -> releaseName(name, id));
        } catch (IOException | UncheckedIOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "list", "\"" + roots.names() + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /**
     * The draft becomes the container. One that is to stay is on the disk when this returns, with its name and its file system: by one
     * syncfs(2) for all of it, and a sync of the rename. One that goes when it ends would not outlive a power failure anyway.
     */
    void publish(Draft built, ContainerRecord record, Spec spec) {
        Path draft = built.path();
        try {
            Files.write(draft.resolve(BUNDLE), Json.bytes(spec.json()));
            Files.write(draft.resolve(ContainerRecord.FILE), Json.bytes(record.document()));
            if (!record.removeWhenDone()) {
                built.held().syncFileSystem();
            }
            records.keep(draft.resolve(ContainerRecord.FILE), roots.container(record.id()).resolve(ContainerRecord.FILE), record);
            Files.move(draft, roots.container(record.id()), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw StateFile.fault("make container", draft, e);
        }
        if (!record.removeWhenDone()) {
            try (Directory containers = files.directory(roots.containers().toString())) {
                containers.sync();
            }
        }
    }

    /**
     * Takes away a container whose record a power failure has emptied: one that was not to stay, since the record of any other is on the disk
     * before the container is there.
     */
    void dropTorn(String id, Consumer<Optional<ContainerRecord>> others) {
        Optional<LockFile> free = LockFile.tryAcquire(locks, id);
        if (free.isEmpty()) {
            return;
        }
        try (LockFile lock = free.get()) {
            Path torn = roots.container(id);
            if (!Files.isDirectory(torn) || record(id).isPresent()) {
                return;
            }
            try {
                Files.move(torn, roots.containers().resolve(GONE + id), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw StateFile.fault("remove", torn, e);
            }
        }
        finish(id, others);
    }

    /** Notes that something happened; a plain line, since a start pays for it. */
    void event(String id, String name, String action) {
        event(id, name, action, System.currentTimeMillis() * 1_000_000, "");
    }

    /** @param more attributes, in JSON, each with a comma before it */
    void event(String id, String name, String action, long nanos, String more) {
        happened("container", id, action, nanos, "{\"name\":\"" + name + "\"" + more + "}");
    }

    /** @param attributes a JSON object of texts */
    void happened(String type, String id, String action, long nanos, String attributes) {
        new EventFile(roots.events()).note(type, id, action, nanos, attributes);
    }

    /** Notes that a container was made: with all that later events take from here. */
    void created(ContainerRecord record) {
        var attributes = new JsonObject();
        eventAttributes(record).forEach(attributes::addProperty);
        happened("container", record.id(), "create", System.currentTimeMillis() * 1_000_000, attributes.toString());
    }

    static Map<String, String> eventAttributes(ContainerRecord record) {
        Map<String, String> attributes = record.labels();
        attributes.put("image", record.image());
        attributes.put("name", record.name());
        return attributes;
    }

    /** Notes how a container ended; the same note twice does no harm. */
    void died(ContainerRecord record, ContainerStatus status) {
        if (status.phase() == ContainerStatus.Phase.EXITED || status.phase() == ContainerStatus.Phase.RESTARTING) {
            if (status.outOfMemory()) {
                event(record.id(), record.name(), "oom", status.finishedAt(), "");
            }
            event(record.id(), record.name(), "die", status.finishedAt(), ",\"exitCode\":\"" + status.exitCode() + "\"");
        }
    }

    /** Whether its last run was ended by a signal. */
    boolean signalled(String id) {
        return ExitRecord.read(roots.container(id)).filter(record -> record.exit().signalled()).isPresent();
    }

    /** Replaces what is known of a container; the caller holds its lock. */
    void replace(ContainerRecord record) {
        StateFile.keep(roots.container(record.id()).resolve(ContainerRecord.FILE), Json.compact(record.document()));
    }

    /** Replaces a container's bundle; the caller holds its lock. */
    void replace(String id, Spec spec) {
        StateFile.keep(roots.container(id).resolve(BUNDLE), Json.compact(spec.json()));
    }

    Optional<ContainerRecord> record(String id) {
        return records.read(roots.container(id).resolve(ContainerRecord.FILE));
    }

    private static Optional<ContainerRecord> readRecord(Path file) {
        return StateFile.readJson(file).map(ContainerRecord::parse);
    }

    Spec bundle(String id) {
        return bundles.read(roots.container(id).resolve(BUNDLE)).orElseThrow(() ->
                Fault.of(Fault.Kind.CORRUPT, "read", "bundle of \"" + id + "\"", "config.json is missing or empty").hint("remove the container"));
    }

    private static Optional<Spec> readBundle(Path file) {
        return StateFile.readWhole(file).map(Spec::parse);
    }

    /** Whether there is a container of that id. */
    boolean exists(String id) {
        return Files.exists(roots.container(id).resolve(ContainerRecord.FILE));
    }

    /** Whether a start of the container ever began: only then can anything of a run be there. */
    boolean wasStarted(String id) {
        return Files.exists(roots.container(id).resolve(LAST));
    }

    /** Whether it has a bundle, which a power failure may have taken from one that was not to stay. */
    boolean hasBundle(String id) {
        return StateFile.readWhole(roots.container(id).resolve(BUNDLE)).isPresent();
    }

    List<String> ids() {
        try (Stream<Path> entries = Files.list(roots.containers())) {
            var ids = new ArrayList<String>();
            entries.map(p -> p.getFileName().toString()).filter(n -> !n.startsWith(".")).forEach(ids::add);
            return ids;
        } catch (IOException | UncheckedIOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "list", "\"" + roots.containers() + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** The id that a user means: a name, an id, or the first digits of one. */
    String find(String text) {
        if (isHex(text) && text.length() == 64 && Files.exists(roots.container(text))) {
            return text;
        }
        Optional<String> named = text.isEmpty() || text.contains("/") ? Optional.empty() : holder(text);
        if (named.isPresent() && Files.exists(roots.container(named.get()))) {
            return named.get();
        }
        String match = "";
        if (isHex(text)) {
            for (String id : ids()) {
                if (id.startsWith(text)) {
                    if (!match.isEmpty()) {
                        throw Fault.of(Fault.Kind.CONFLICT, "find container", "\"" + text + "\"", "several containers have an id that starts so")
                                .hint("give more digits");
                    }
                    match = id;
                }
            }
        }
        if (match.isEmpty()) {
            throw Fault.notFound("find container", "\"" + text + "\"", "no such container").hint("carafe ps -a lists them");
        }
        return match;
    }

    private static boolean isHex(String text) {
        for (int k = 0; k < text.length(); k++) {
            if (Character.digit(text.charAt(k), 16) < 0 || Character.isUpperCase(text.charAt(k))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether a monitor holds that lock, and with it lives. */
    boolean monitored(Path lock) {
        if (!Files.exists(lock)) {
            return false;
        }
        try (OpenFile file = files.read(lock.toString())) {
            return !file.tryLock(Opened.Lock.SHARED);
        } catch (Fault gone) {
            if (gone.kind() == Fault.Kind.NOT_FOUND) {
                return false;
            }
            throw gone;
        }
    }

    /** Blocks until no monitor holds that lock. */
    void awaitMonitor(Path lock) {
        if (Files.exists(lock)) {
            try (OpenFile file = files.read(lock.toString())) {
                file.lock(Opened.Lock.SHARED);
            } catch (Fault gone) {
                if (gone.kind() != Fault.Kind.NOT_FOUND) {
                    throw gone;
                }
            }
        }
    }

    /** Notes that a start begins: what an earlier run left is no longer true. */
    void starting(String id, String boot) {
        StateFile.delete(roots.container(id).resolve(ExitRecord.FILE));
        var json = new JsonObject();
        json.addProperty("Boot", boot);
        json.addProperty("Started", System.currentTimeMillis() * 1_000_000);
        StateFile.write(roots.container(id).resolve(LAST), Json.compact(json));
    }

    /** Notes that the start failed, and why. */
    void failed(String id, String error, int exitCode) {
        var json = new JsonObject();
        json.addProperty("Error", error);
        json.addProperty("ExitCode", exitCode);
        StateFile.write(roots.container(id).resolve(LAST), Json.compact(json));
    }

    ContainerStatus status(String id, String boot) {
        if (!wasStarted(id)) {
            return ContainerStatus.NEW;
        }
        Optional<Execution> execution = Execution.read(roots.plan(id));
        boolean alive = execution.isPresent() && monitored(roots.lock(id));
        if (alive && execution.get().stage() == Execution.Stage.RUNNING) {
            Execution e = execution.get();
            return new ContainerStatus(ContainerStatus.Phase.RUNNING, e.init(), 0, false, "", e.startedAt(), 0);
        }
        Optional<ExitRecord> exit = ExitRecord.read(roots.container(id));
        if (exit.isPresent()) {
            ExitRecord e = exit.get();
            return new ContainerStatus(ContainerStatus.Phase.EXITED, 0, e.exit().code(), e.outOfMemory(), "", e.startedAt(), e.finishedAt());
        }
        Optional<JsonObject> last = StateFile.readJson(roots.container(id).resolve(LAST));
        boolean ended = execution.isPresent() && execution.get().exit().isPresent();
        if (last.isEmpty() || alive && !ended) {
            return ContainerStatus.NEW;
        }
        if (last.get().has("Error")) {
            return new ContainerStatus(ContainerStatus.Phase.CREATED, 0, last.get().get("ExitCode").getAsInt(), false,
                    last.get().get("Error").getAsString(), 0, 0);
        }
        if (ended) {
            // Its monitor has not written yet how it ended, or the disk was full; what is in memory tells it until the next boot.
            Execution e = execution.get();
            return new ContainerStatus(ContainerStatus.Phase.EXITED, 0, e.exit().get().code(), false, "", e.startedAt(), e.finishedAt());
        }
        return unexplained(last.get(), boot, execution);
    }

    /** It was started, nobody watches it, and nobody wrote how it ended: the machine went down, or its monitor was killed. */
    private static ContainerStatus unexplained(JsonObject last, String boot, Optional<Execution> execution) {
        boolean sameBoot = last.get("Boot").getAsString().equals(boot);
        if (sameBoot && execution.map(e -> e.stage() == Execution.Stage.NEW || e.startedAt() == 0).orElse(true)) {
            return ContainerStatus.NEW;
        }
        long started = execution.map(Execution::startedAt).orElse(last.get("Started").getAsLong());
        return sameBoot
                ? new ContainerStatus(ContainerStatus.Phase.EXITED, 0, 137, false, "its monitor was killed, and the container with it", started, started)
                : new ContainerStatus(ContainerStatus.Phase.EXITED, 0, 255, false, "the machine went down while it ran", started, started);
    }

    /** Notes that the container's nameless volumes go with it, for whoever has to finish its removal. */
    void markVolumes(ContainerRecord record) {
        StateFile.write(roots.container(record.id()).resolve(WITH_VOLUMES), "");
    }

    /** The container is gone for everybody, in one step; its files are erased later. */
    void vanish(ContainerRecord record) {
        try {
            Files.move(roots.container(record.id()), gone(record), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw StateFile.fault("remove", roots.container(record.id()), e);
        }
        releaseName(record.name(), record.id());
    }

    private Path gone(ContainerRecord record) {
        return roots.containers().resolve(GONE + record.id());
    }

    /** Erases the files of a container that has vanished; what names it for recovery goes last. */
    void erase(ContainerRecord record) {
        StateFile.deleteTree(roots.run(record.id()));
        StateFile.deleteTree(gone(record));
    }

    @Override
    public void close() {
        locks.close();
    }
}
