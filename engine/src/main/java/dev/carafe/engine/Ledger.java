package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import dev.carafe.oci.Reference;
import dev.carafe.snapshot.Snapshot;
import dev.carafe.snapshot.SnapshotDriver;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every byte below an engine's root with who it is kept for: what is in no line of its own is in the last one. */
final class Ledger {
    private final Engine engine;
    private final ContentStore store;
    private final SnapshotDriver snapshots;
    private final FileSystem files;
    private final Map<Digest, Set<String>> blobs = new HashMap<>();
    private final Map<String, Set<String>> chains = new HashMap<>();

    Ledger(Engine engine, ContentStore store, SnapshotDriver snapshots, FileSystem files) {
        this.engine = engine;
        this.store = store;
        this.snapshots = snapshots;
        this.files = files;
    }

    List<Engine.Held> entries() {
        Roots roots = engine.roots();
        var all = new ArrayList<Engine.Held>();
        long told = content(all);
        snapshots(all);
        told += size(roots.root().resolve("snapshots"));
        for (Container container : engine.containers().list()) {
            told += directory(all, "records and output of a container", roots.container(container.id()), List.of(container.record().name()));
        }
        for (Volume volume : engine.volumes().list()) {
            told += directory(all, "volume", volume.mountpoint(), List.of(volume.name()));
        }
        all.sort((a, b) -> Long.compare(b.bytes(), a.bytes()));
        all.add(new Engine.Held("indexes and records", Math.max(0, size(roots.root()) - told), List.of("the engine")));
        return all;
    }

    private long content(List<Engine.Held> all) {
        for (Image image : engine.images().list()) {
            String name = image.name().map(each -> Reference.parse(each).familiar()).orElse("<none>@" + image.target().digest().abbreviated());
            Set<Digest> digests = new HashSet<>();
            List<Digest> reached = new ArrayList<>();
            engine.images().reach(image, digests, reached);
            digests.forEach(digest -> blobs.computeIfAbsent(digest, d -> new LinkedHashSet<>()).add(name));
            reached.forEach(chain -> chains.computeIfAbsent(chain.toString(), c -> new LinkedHashSet<>()).add(name));
        }
        BuildSteps steps = engine.images().buildSteps();
        steps.blobs().forEach(digest -> blobs.computeIfAbsent(digest, d -> new LinkedHashSet<>()).add("steps of builds"));
        steps.chains().forEach(chain -> chains.computeIfAbsent(chain.toString(), c -> new LinkedHashSet<>()).add("steps of builds"));
        store.leased(Instant.now()).forEach(digest -> blobs.computeIfAbsent(digest, d -> new LinkedHashSet<>()).add("a fetch at work"));
        long told = 0;
        for (Digest digest : store.list()) {
            long bytes = store.size(digest).orElse(0);
            told += bytes;
            all.add(new Engine.Held("blob " + digest, bytes, List.copyOf(blobs.getOrDefault(digest, Set.of()))));
        }
        return told + directory(all, "blobs that are not whole", engine.roots().content().resolve("ingests"), List.of("the next fetch of the same, for a day"));
    }

    /** As they lie on the disk, in whole blocks; what a driver notes of them is not counted. */
    private void snapshots(List<Engine.Held> all) {
        Map<String, String> containers = new HashMap<>();
        engine.containers().list().forEach(container -> containers.put(container.id(), container.record().name()));
        for (Snapshot snapshot : snapshots.list()) {
            long bytes = snapshots.usage(snapshot.name()).bytes();
            Set<String> holders = new LinkedHashSet<>(chains.getOrDefault(snapshot.name(), Set.of()));
            Optional.ofNullable(containers.get(snapshot.name())).ifPresent(holders::add);
            String what = snapshot.state() == Snapshot.State.COMMITTED ? "layer " + snapshot.name() : snapshot.state() == Snapshot.State.VIEW ? "view " + snapshot.name() : "changes of a container";
            all.add(new Engine.Held(what, bytes, List.copyOf(holders)));
        }
    }

    private long directory(List<Engine.Held> all, String what, Path path, List<String> holders) {
        long bytes = size(path);
        if (bytes > 0) {
            all.add(new Engine.Held(what, bytes, holders));
        }
        return bytes;
    }

    private long size(Path path) {
        if (!java.nio.file.Files.isDirectory(path)) {
            return 0;
        }
        try (Directory directory = files.directory(path.toString())) {
            return TreeSize.of(directory);
        }
    }
}
