package dev.carafe.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.LockFile;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.plan.MountOptions.Propagation;
import dev.carafe.snapshot.TreeCopy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The volumes of a container that is being made: made where they lack, filled with what the image has at their targets, and held until the container
 * is there to be seen, so that nobody removes them in between. Locks are taken in the order of their names.
 *
 * <p>Who is killed meanwhile leaves no half-filled volume: one that is new, or that no container uses, gets its content by one rename.
 */
final class VolumeHolds implements AutoCloseable {
    private final Volumes volumes;
    private final List<LockFile> locks = new ArrayList<>();
    private final Map<String, Surroundings.Volume> byTarget = new LinkedHashMap<>();
    private final ContainerOptions options;

    private record Wish(Volume volume, String target, boolean copies) {
    }

    private VolumeHolds(Volumes volumes, ContainerOptions options) {
        this.volumes = volumes;
        this.options = options;
    }

    /** @param root the mounts of the container's new file system; empty where there is none to copy from */
    static VolumeHolds acquire(Containers all, ContainerOptions asked, ContainerConfig image, Optional<List<Mount>> root) {
        var holds = new VolumeHolds(all.volumes(), withInherited(all, asked));
        try {
            holds.acquire(image, root);
            return holds;
        } catch (RuntimeException e) {
            holds.close();
            throw e;
        }
    }

    /** The same without any effect: volumes that are not there are not made. */
    static Surroundings foresee(Containers all, ContainerOptions asked, ContainerConfig image, Surroundings around) {
        var holds = new VolumeHolds(all.volumes(), withInherited(all, asked));
        for (Wish wish : holds.wishes(image)) {
            holds.byTarget.put(wish.target, new Surroundings.Volume(wish.volume.name(), wish.volume.mountpoint().toString()));
        }
        return holds.surroundings(around);
    }

    private void acquire(ContainerConfig image, Optional<List<Mount>> root) {
        var byName = new TreeMap<String, Wish>();
        for (Wish wish : wishes(image)) {
            byName.putIfAbsent(wish.volume.name(), wish);
            byTarget.put(wish.target, new Surroundings.Volume(wish.volume.name(), wish.volume.mountpoint().toString()));
        }
        for (Wish wish : byName.values()) {
            locks.add(volumes.store.lock(wish.volume.name()));
            provide(wish, root);
        }
    }

    private List<Wish> wishes(ContainerConfig image) {
        var wishes = new ArrayList<Wish>();
        var targets = new ArrayList<String>();
        for (ContainerMount mount : options.mounts()) {
            targets.add(clean(mount.target()));
            if (mount instanceof ContainerMount.Volume volume) {
                wishes.add(new Wish(volumes.wanted(new VolumeOptions(volume.name(), volume.driver().orElse(Volume.DRIVER), volume.driverOptions(), volume.labels())),
                        volume.target(), volume.copy() && volume.subpath().isEmpty()));
            }
        }
        for (String target : image.volumes()) {
            if (!targets.contains(clean(target))) {
                wishes.add(new Wish(volumes.wanted(new VolumeOptions(Optional.empty(), Volume.DRIVER, Map.of(), Map.of())), target, true));
            }
        }
        return wishes;
    }

    private static String clean(String target) {
        return Path.of(target).normalize().toString();
    }

    private void provide(Wish wish, Optional<List<Mount>> root) {
        Optional<Volume> there = volumes.store.find(wish.volume.name());
        if (there.isEmpty()) {
            boolean plain = wish.volume.options().isEmpty();
            volumes.store.make(wish.volume, data -> {
                if (plain) {
                    copy(wish, root, data);
                }
            });
            volumes.note(wish.volume.name(), "create");
            if (plain) {
                return;
            }
        } else if (!wish.volume.options().isEmpty() && !wish.volume.options().equals(there.get().options())) {
            throw Fault.of(Fault.Kind.CONFLICT, "create volume", "\"" + wish.volume.name() + "\"", "it exists with other options");
        }
        Volume volume = volumes.find(wish.volume.name());
        if (!volume.options().isEmpty()) {
            VolumeMount.mount(volumes.files.kernel(), volume);
            if (isEmpty(volume.mountpoint())) {
                copy(wish, root, volume.mountpoint());
            }
            volumes.releaseLocked(volume);
        } else if (wish.copies && isEmpty(volume.mountpoint())) {
            if (volumes.users().containsKey(volume.name())) {
                copy(wish, root, volume.mountpoint());
            } else {
                volumes.store.fill(volume.name(), data -> copy(wish, root, data));
            }
        }
    }

    private boolean isEmpty(Path data) {
        try (Directory directory = volumes.files.directory(data.toString())) {
            return directory.entries().isEmpty();
        }
    }

    /** What the image has at the target, with the directory's owner and mode; nothing where it has none. */
    private void copy(Wish wish, Optional<List<Mount>> root, Path data) {
        if (!wish.copies || root.isEmpty()) {
            return;
        }
        try (MountedSnapshot image = MountedSnapshot.image(volumes.files, root.get());
                Directory source = image.root().within(wish.target.substring(1)).orElse(null)) {
            if (source != null) {
                try (Directory target = volumes.files.directory(data.toString())) {
                    TreeCopy.everything(source, target);
                }
            }
        } catch (Fault fault) {
            // A file is there, or a loop of links: mounting upon it will say so.
            if (fault.errno().filter(e -> e == Errno.ENOTDIR || e == Errno.ELOOP).isEmpty()) {
                throw fault;
            }
        }
    }

    /** The options with the mounts of those containers that {@code --volumes-from} names; a target that is taken stays so. */
    private static ContainerOptions withInherited(Containers all, ContainerOptions options) {
        if (options.volumesFrom().isEmpty()) {
            return options;
        }
        var mounts = new LinkedHashMap<String, ContainerMount>();
        for (String from : options.volumesFrom()) {
            int colon = from.lastIndexOf(':');
            String mode = colon < 0 ? "" : from.substring(colon + 1);
            boolean readOnly = false;
            for (String word : mode.isEmpty() ? new String[0] : mode.split(",", -1)) {
                switch (word) {
                    case "ro" -> readOnly = true;
                    case "rw", "z", "Z", "nocopy" -> { }
                    default -> throw Fault.invalid("mount volumes from", "\"" + from + "\"", "invalid mode: " + mode);
                }
            }
            for (JsonElement element : all.find(colon < 0 ? from : from.substring(0, colon)).record().document().getAsJsonArray("Mounts")) {
                ContainerMount mount = inherited(element.getAsJsonObject(), readOnly);
                mounts.put(clean(mount.target()), mount);
            }
        }
        for (ContainerMount own : options.mounts()) {
            mounts.remove(clean(own.target()));
        }
        var together = new ArrayList<>(mounts.values());
        together.addAll(options.mounts());
        return options.toBuilder().mounts(together).build();
    }

    private static ContainerMount inherited(JsonObject mount, boolean readOnly) {
        boolean fixed = readOnly || !mount.get("RW").getAsBoolean();
        String target = mount.get("Destination").getAsString();
        if (mount.get("Type").getAsString().equals("volume")) {
            return new ContainerMount.Volume(Optional.of(mount.get("Name").getAsString()), target, fixed, true, Optional.empty(), Optional.empty(), Map.of(),
                    Map.of(), ContainerMount.Relabel.NONE);
        }
        return new ContainerMount.Bind(mount.get("Source").getAsString(), target, fixed, Propagation.parse(mount.get("Propagation").getAsString()),
                ContainerMount.Recursion.ENABLED, ContainerMount.Relabel.NONE, false);
    }

    /** The options with everything that is inherited. */
    ContainerOptions options() {
        return options;
    }

    Surroundings surroundings(Surroundings around) {
        return around.toBuilder().volumes(byTarget).build();
    }

    /** What the record says of mounts: those that are inherited show where they are, and not among what was asked for. */
    void note(JsonObject document, ContainerOptions asked, ContainerConfig image, Surroundings around) {
        if (!asked.volumesFrom().isEmpty()) {
            document.add("Mounts", ContainerDocument.mounts(options, image, around));
            var from = new JsonArray();
            asked.volumesFrom().forEach(from::add);
            document.getAsJsonObject("HostConfig").add("VolumesFrom", from);
        }
    }

    @Override
    public void close() {
        locks.forEach(LockFile::close);
        locks.clear();
    }
}
