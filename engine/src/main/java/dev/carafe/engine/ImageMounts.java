package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.content.Image;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.SystemCall;
import dev.carafe.snapshot.Snapshot;
import dev.carafe.snapshot.SnapshotDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Images whose files are to be looked at on this host: each is mounted, to be read only, below the run directory, in the mount namespace of
 * whoever asks. A view of its layers keeps them for as long; after a boot, when nothing is mounted any more, views go with the next
 * use of this class.
 */
public final class ImageMounts {
    private static final String KEY = "image-";
    private static final long READ_ONLY = 1;
    private static final long REMOUNT = 32;
    private static final long BIND = 4096;

    /** An image, and where it is mounted. */
    public record Mounted(Digest id, Path path) {}

    private final Images images;
    private final SnapshotDriver snapshots;
    private final FileSystem files;
    private final Path directory;

    ImageMounts(Images images, SnapshotDriver snapshots, FileSystem files, Roots roots) {
        this.images = images;
        this.snapshots = snapshots;
        this.files = files;
        this.directory = roots.images();
    }

    /** Mounts an image unless it is mounted; where. */
    public Path mount(String text) {
        tidy();
        PreparedImage prepared = images.prepare(text, Optional.empty());
        Digest id = prepared.id().orElseThrow(() -> Fault.invalid("mount image", "\"" + text + "\"", "it has no layers of its own"));
        Path target = directory.resolve(id.hex());
        if (VolumeMount.isMounted(target)) {
            return target;
        }
        StateFile.makeDirectories(target);
        String key = KEY + id.hex();
        Snapshot view = snapshots.find(key).orElseGet(() -> snapshots.view(key, prepared.chainId()));
        try (MountedSnapshot tree = MountedSnapshot.readOnly(files, view.mounts())) {
            tree.attach(files.kernel(), target.toString());
        }
        return target;
    }

    /** All that are mounted. */
    public List<Mounted> list() {
        var all = new ArrayList<Mounted>();
        for (Snapshot snapshot : snapshots.list()) {
            if (snapshot.name().startsWith(KEY)) {
                Path target = directory.resolve(snapshot.name().substring(KEY.length()));
                if (VolumeMount.isMounted(target)) {
                    all.add(new Mounted(Digest.parse("sha256:" + snapshot.name().substring(KEY.length())), target));
                }
            }
        }
        return all;
    }

    /**
     * Takes the mount of an image away.
     *
     * @param force also while somebody is in it; they keep what they see
     * @return its id
     * @throws Fault NOT_FOUND when it is not mounted, CONFLICT when somebody is in it
     */
    public Digest unmount(String text, boolean force) {
        Image image = images.find(text);
        Digest id = image.config().orElseGet(() -> images.manifest(image).config().digest());
        unmount(id, "\"" + text + "\"", force);
        tidy();
        return id;
    }

    /** Takes all mounts of images away; their ids. */
    public List<Digest> unmountAll(boolean force) {
        List<Mounted> all = list();
        all.forEach(each -> unmount(each.id(), each.id().toString(), force));
        tidy();
        return all.stream().map(Mounted::id).toList();
    }

    private void unmount(Digest id, String object, boolean force) {
        Path target = directory.resolve(id.hex());
        if (!VolumeMount.isMounted(target)) {
            throw Fault.notFound("unmount image", object, "it is not mounted");
        }
        int detach = 2;
        try (Memory at = files.kernel().string(target.toString())) {
            long result = files.kernel().call(SystemCall.UMOUNT2, at.address(), force ? detach : 0);
            if (result == -Errno.EBUSY.number()) {
                throw Fault.of(Fault.Kind.CONFLICT, "unmount image", object, "somebody is in it").hint("leave it, or use --force");
            }
            Kernel.check(result, "unmount", object);
        }
    }

    /** Removes the views of what is not mounted, and their mount points. */
    private void tidy() {
        for (Snapshot snapshot : snapshots.list()) {
            if (snapshot.name().startsWith(KEY) && !VolumeMount.isMounted(directory.resolve(snapshot.name().substring(KEY.length())))) {
                snapshots.remove(snapshot.name());
                try {
                    Files.deleteIfExists(directory.resolve(snapshot.name().substring(KEY.length())));
                } catch (IOException e) {
                    throw StateFile.fault("remove", directory, e);
                }
            }
        }
    }

    /** How a directory is made to be seen at another place, to be read only (mount(2)). */
    static void bind(Kernel kernel, String source, String target) {
        try (Memory from = kernel.string(source); Memory to = kernel.string(target)) {
            Kernel.check(kernel.call(SystemCall.MOUNT, from.address(), to.address(), 0, BIND, 0), "mount", "\"" + target + "\"");
            Kernel.check(kernel.call(SystemCall.MOUNT, 0, to.address(), 0, REMOUNT | BIND | READ_ONLY, 0), "mount", "\"" + target + "\"");
        }
    }
}
