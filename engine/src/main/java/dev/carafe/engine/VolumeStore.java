package dev.carafe.engine;

import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.LockFile;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The volumes on disk: {@code NAME/volume.json} and {@code NAME/_data}. A volume's directory appears and vanishes by one rename, each under the
 * volume's lock; {@code .new-NAME} and {@code .gone-NAME} are what is on its way, and garbage when nobody holds that lock.
 */
final class VolumeStore {
    static final String DATA = "_data";
    private static final String RECORD = "volume.json";
    private static final String NEW = ".new-";
    private static final String GONE = ".gone-";

    private final Path root;
    private final ContainerStore containers;
    private final FileSystem files;

    VolumeStore(Path root, ContainerStore containers, FileSystem files) {
        this.root = root;
        this.containers = containers;
        this.files = files;
    }

    LockFile lock(String name) {
        return containers.lock("volume-" + name);
    }

    Optional<LockFile> tryLock(String name) {
        return containers.tryLock("volume-" + name);
    }

    private Path directory(String name) {
        return root.resolve(name);
    }

    /** Says that somebody wants the volume mounted: the boot in which. */
    Path mark(String name) {
        return directory(name).resolve("mounted");
    }

    Path data(String name) {
        return directory(name).resolve(DATA);
    }

    Optional<Volume> find(String name) {
        if (name.isEmpty() || name.startsWith(".") || name.indexOf('/') >= 0) {
            return Optional.empty();
        }
        return StateFile.readJson(directory(name).resolve(RECORD)).map(json -> Volume.parse(json, data(name)));
    }

    List<String> names() {
        var names = new ArrayList<String>();
        for (String entry : entries()) {
            if (!entry.startsWith(".")) {
                names.add(entry);
            }
        }
        names.sort(null);
        return names;
    }

    private List<String> entries() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(root)) {
            return entries.map(path -> path.getFileName().toString()).toList();
        } catch (UncheckedIOException e) {
            throw StateFile.fault("list", root, e.getCause());
        } catch (IOException e) {
            throw StateFile.fault("list", root, e);
        }
    }

    /** What fills the directory of a volume before it appears. */
    interface Content {
        void fill(Path data);
    }

    /** Makes the volume, with its content, in one step. Its lock is held by the caller. */
    void make(Volume volume, Content content) {
        // What is in volumes is root's alone, and of those who have them mounted.
        files.makeDirectory(root.toString(), 0700).close();
        Path draft = root.resolve(NEW + volume.name());
        StateFile.deleteTree(draft);
        StateFile.makeDirectories(draft.resolve(DATA));
        content.fill(draft.resolve(DATA));
        StateFile.write(draft.resolve(RECORD), Json.compact(volume.json()));
        move(draft, directory(volume.name()));
    }

    /** Replaces the empty directory of a volume by one with content, in one step. The lock is held, and no container uses the volume. */
    void fill(String name, Content content) {
        Path draft = directory(name).resolve(DATA + ".new");
        StateFile.deleteTree(draft);
        StateFile.makeDirectories(draft);
        content.fill(draft);
        move(draft, data(name));
    }

    /** Makes it vanish, in one step, and erases it. Its lock is held by the caller, and nothing is mounted in it. */
    void remove(String name) {
        Path gone = root.resolve(GONE + name);
        StateFile.deleteTree(gone);
        move(directory(name), gone);
        StateFile.deleteTree(gone);
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw StateFile.fault("rename", from, e);
        }
    }

    /** Erases what killed processes left half made or half removed. */
    void recover() {
        for (String entry : entries()) {
            if (entry.startsWith(NEW) || entry.startsWith(GONE)) {
                tryLock(entry.substring(entry.indexOf('-') + 1)).ifPresent(lock -> {
                    try (lock) {
                        StateFile.deleteTree(root.resolve(entry));
                    }
                });
            }
        }
    }
}
