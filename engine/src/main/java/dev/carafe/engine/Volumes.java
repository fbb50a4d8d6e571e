package dev.carafe.engine;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.LayerWriter;
import dev.carafe.archive.TreeReader;
import dev.carafe.base.ContainerId;
import dev.carafe.base.Fault;
import dev.carafe.base.Names;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.LockFile;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The volumes of an engine: made, found, listed, removed. Safe under any number of engines: each volume is changed under a lock of its own, which
 * whoever makes a container that uses it holds until that is there to be seen.
 */
public final class Volumes {
    final VolumeStore store;
    final FileSystem files;
    private final ContainerStore containers;
    private final String boot;
    private final InstantSource clock;
    private final RandomGenerator random;

    Volumes(Path root, ContainerStore containers, FileSystem files, String boot, InstantSource clock, RandomGenerator random) {
        this.store = new VolumeStore(root, containers, files);
        this.containers = containers;
        this.files = files;
        this.boot = boot;
        this.clock = clock;
        this.random = random;
    }

    /** Makes a volume; one of that name that is there already is the answer. */
    public Volume create(VolumeOptions options) {
        Volume wanted = wanted(options);
        try (LockFile lock = store.lock(wanted.name())) {
            return createLocked(wanted);
        }
    }

    /** The volume that those options mean, which need not be there. */
    Volume wanted(VolumeOptions options) {
        String name = options.name().orElseGet(() -> ContainerId.random(random).hex());
        if (!Names.valid(name)) {
            throw Fault.invalid("create volume", "\"" + name + "\"", name.length() == 1
                    ? "volume name is too short, names should be at least two alphanumeric characters"
                    : "it includes invalid characters for a local volume name, only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
                    .hint("if you intended to pass a host directory, use absolute path");
        }
        if (!options.driver().equals(Volume.DRIVER)) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "create volume", "\"" + name + "\"", "there is no volume driver \"" + options.driver() + "\"")
                    .hint("the only driver is " + Volume.DRIVER);
        }
        VolumeMount.check(name, options.options());
        var labels = new TreeMap<>(options.labels());
        if (options.name().isEmpty()) {
            labels.put(Volume.ANONYMOUS, "");
        }
        return new Volume(name, clock.instant(), labels, options.options(), store.data(name));
    }

    private Volume createLocked(Volume wanted) {
        Optional<Volume> there = store.find(wanted.name());
        if (there.isPresent()) {
            if (!wanted.options().isEmpty() && !wanted.options().equals(there.get().options())) {
                throw Fault.of(Fault.Kind.CONFLICT, "create volume", "\"" + wanted.name() + "\"", "it exists with other options")
                        .hint("remove it first, or choose another name");
            }
            return there.get();
        }
        store.make(wanted, data -> { });
        note(wanted.name(), "create");
        return wanted;
    }

    void note(String name, String action) {
        containers.happened("volume", name, action, System.currentTimeMillis() * 1_000_000, "{\"driver\":\"" + Volume.DRIVER + "\"}");
    }

    /** @throws Fault NOT_FOUND when there is none of that name */
    public Volume find(String name) {
        return store.find(name).orElseThrow(() -> Fault.notFound("find volume", "\"" + name + "\"", "no such volume").hint("carafe volume ls lists them"));
    }

    /** All volumes by their names. */
    public List<Volume> list() {
        var list = new ArrayList<Volume>();
        for (String name : store.names()) {
            store.find(name).ifPresent(list::add);
        }
        return list;
    }

    /** The ids of the containers that use each volume, whether they run or not. */
    public Map<String, List<String>> users() {
        var users = new TreeMap<String, List<String>>();
        for (String id : containers.ids()) {
            containers.record(id).ifPresent(record -> names(record).forEach(name -> users.computeIfAbsent(name, n -> new ArrayList<>()).add(id)));
        }
        return users;
    }

    /** The names of the volumes that a container uses. */
    static List<String> names(ContainerRecord record) {
        var names = new ArrayList<String>();
        for (JsonElement element : record.document().getAsJsonArray("Mounts")) {
            JsonObject mount = element.getAsJsonObject();
            if (mount.get("Type").getAsString().equals("volume")) {
                names.add(mount.get("Name").getAsString());
            }
        }
        return names;
    }

    /**
     * Removes a volume with all that is in it.
     *
     * @throws Fault CONFLICT when a container uses it
     */
    public void remove(String name) {
        find(name);
        try (LockFile lock = store.lock(name)) {
            removeLocked(find(name));
        }
    }

    private void removeLocked(Volume volume) {
        List<String> users = users().getOrDefault(volume.name(), List.of());
        if (!users.isEmpty()) {
            throw Fault.of(Fault.Kind.CONFLICT, "remove volume", "\"" + volume.name() + "\"", "volume is in use by container " + String.join(", ", users))
                    .hint("remove that container first");
        }
        StateFile.delete(store.mark(volume.name()));
        VolumeMount.unmount(files.kernel(), volume);
        if (VolumeMount.isMounted(volume.mountpoint())) {
            throw Fault.of(Fault.Kind.CONFLICT, "remove volume", "\"" + volume.name() + "\"", "its file system is mounted and busy");
        }
        store.remove(volume.name());
        note(volume.name(), "destroy");
    }

    /** Removes a volume that nobody uses. False: somebody does, or is just about to. */
    public boolean removeUnused(String name) {
        Optional<LockFile> free = store.tryLock(name);
        if (free.isEmpty()) {
            return false;
        }
        try (LockFile lock = free.get()) {
            Optional<Volume> volume = store.find(name);
            if (volume.isEmpty() || users().containsKey(name)) {
                return false;
            }
            removeLocked(volume.get());
            return true;
        }
    }

    /** The bytes that a volume takes on disk; its whole tree is walked. */
    public long size(Volume volume) {
        try (Directory data = files.directory(volume.mountpoint().toString())) {
            return TreeSize.of(data);
        }
    }

    /** Writes a volume's content as an archive. */
    public void export(String name, OutputStream archive) {
        inside(name, data -> LayerWriter.plain(archive).content(data));
    }

    /** Adds the members of an archive, packed or not, to a volume; what has the same name is replaced. */
    public void importInto(String name, InputStream archive) {
        inside(name, data -> new TreeReader(ArchiveLimits.DEFAULT).unpack(archive, data, Optional::of));
    }

    /** With what is mounted there while it is used; nobody removes it meanwhile. */
    private void inside(String name, Consumer<Directory> action) {
        find(name);
        try (LockFile lock = store.lock(name)) {
            Volume volume = find(name);
            if (!volume.options().isEmpty()) {
                VolumeMount.mount(files.kernel(), volume);
            }
            try (Directory data = files.directory(volume.mountpoint().toString())) {
                action.accept(data);
            } finally {
                if (!volume.options().isEmpty()) {
                    releaseLocked(volume);
                }
            }
        }
    }

    /** Mounts a volume until {@link #unmount}, or the next boot; one that is a plain directory is there in any case. @return where it is */
    public Path mount(String name) {
        find(name);
        try (LockFile lock = store.lock(name)) {
            Volume volume = find(name);
            if (!volume.options().isEmpty()) {
                StateFile.write(store.mark(name), boot);
                VolumeMount.mount(files.kernel(), volume);
            }
            return volume.mountpoint();
        }
    }

    /** Takes back what {@link #mount} did; it stays mounted while a container that uses it runs. */
    public void unmount(String name) {
        find(name);
        try (LockFile lock = store.lock(name)) {
            Volume volume = find(name);
            if (!volume.options().isEmpty()) {
                StateFile.delete(store.mark(name));
                releaseLocked(volume);
            }
        }
    }

    /** Removes the nameless volumes of a container that has vanished. */
    void removeOf(ContainerRecord record) {
        for (String name : names(record)) {
            try (LockFile lock = store.lock(name)) {
                Optional<Volume> volume = store.find(name);
                if (volume.isPresent() && volume.get().isAnonymous() && !users().containsKey(name)) {
                    removeLocked(volume.get());
                }
            }
        }
    }

    /** Mounts those of a container's volumes that are more than directories; it is about to start. */
    void mount(ContainerRecord record) {
        for (String name : names(record)) {
            Volume volume = find(name);
            if (!volume.options().isEmpty()) {
                try (LockFile lock = store.lock(name)) {
                    VolumeMount.mount(files.kernel(), volume);
                }
            }
        }
    }

    /** Unmounts those that no running container uses any more. */
    void release(ContainerRecord record) {
        for (String name : names(record)) {
            Optional<Volume> volume = store.find(name);
            if (volume.isPresent() && !volume.get().options().isEmpty()) {
                try (LockFile lock = store.lock(name)) {
                    releaseLocked(volume.get());
                }
            }
        }
    }

    void releaseLocked(Volume volume) {
        if (StateFile.read(store.mark(volume.name())).filter(boot::equals).isPresent()) {
            return;
        }
        for (String id : users().getOrDefault(volume.name(), List.of())) {
            if (containers.status(id, boot).running()) {
                return;
            }
        }
        VolumeMount.unmount(files.kernel(), volume);
    }

    /** Finishes what killed processes left half done. */
    void recover() {
        store.recover();
        for (Volume volume : list()) {
            if (!volume.options().isEmpty() && VolumeMount.isMounted(volume.mountpoint())) {
                store.tryLock(volume.name()).ifPresent(lock -> {
                    try (lock) {
                        releaseLocked(volume);
                    }
                });
            }
        }
    }
}
