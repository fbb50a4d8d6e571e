package dev.carafe.build;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.engine.Engine;
import dev.carafe.engine.Workbench;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.DirectoryEntry;
import dev.carafe.kernel.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What builds keep to be faster next time. Layers that an image has stay with the image; what else the cache holds goes with its record. */
public final class BuildCache {
    /** What steps that no build has used for an hour may take before they go by themselves. */
    public static final long BUDGET = 20L << 30;

    private static final Duration IN_USE = Duration.ofHours(1);
    private final Workbench bench;
    private final StepCache steps;

    BuildCache(Workbench bench) {
        this.bench = bench;
        this.steps = new StepCache(bench.roots().builds());
    }

    public static BuildCache of(Engine engine) {
        return new BuildCache(engine.workbench());
    }

    /** One step that is kept. @param shared whether an image has its layer as well */
    public record Kept(Digest key, String title, long bytes, Instant used, boolean shared) {
    }

    /** What pruning took away. */
    public record Pruned(List<String> keys, long bytes) {
        public Pruned {
            keys = List.copyOf(keys);
        }
    }

    /** All of it, those first that were used longest ago. */
    public List<Kept> list() {
        var kept = new ArrayList<Kept>();
        for (StepCache.Entry entry : steps.list()) {
            kept.add(new Kept(entry.key(), entry.title(), entry.layer().descriptor().size(), entry.used(), bench.used(entry.layer())));
        }
        return kept;
    }

    /**
     * Removes records, those first that were used longest ago, and the layers that nothing else needs.
     *
     * @param unused only what has not been used for so long
     * @param keep how many bytes of what no image has may stay; absent: none
     * @param mounts whether the directories of cache mounts go as well
     */
    public Pruned prune(Duration unused, Optional<Long> keep, boolean mounts) {
        var keys = new ArrayList<String>();
        long bytes = 0;
        Instant limit = oldestBuild().filter(begun -> begun.isBefore(Instant.now().minus(unused))).orElseGet(() -> Instant.now().minus(unused));
        List<StepCache.Entry> entries = steps.list();
        long held = entries.stream().mapToLong(entry -> entry.layer().descriptor().size()).sum();
        // The youngest first, since what starts from a file system has to go before it.
        var going = new ArrayList<StepCache.Entry>();
        for (StepCache.Entry entry : entries) {
            boolean fits = keep.isPresent() && held <= keep.get();
            if (!fits && !entry.used().isAfter(limit)) {
                going.add(entry);
                held -= entry.layer().descriptor().size();
            }
        }
        Set<Digest> staying = new HashSet<>();
        entries.stream().filter(entry -> !going.contains(entry)).forEach(entry -> staying.add(entry.layer().diffId()));
        for (StepCache.Entry entry : going) {
            steps.remove(entry.key());
            keys.add(entry.key().hex().substring(0, 25));
        }
        bytes += layers(going, staying);
        steps.tidy();
        return new Pruned(keys, bytes + (mounts ? mounts() : 0));
    }

    /** Looks at most once an hour whether the cache has outgrown that, and prunes it if so. */
    void keepWithin(long budget) {
        Path mark = bench.roots().builds().resolve("looked");
        try {
            if (Files.exists(mark) && Files.getLastModifiedTime(mark).toInstant().isAfter(Instant.now().minus(IN_USE))) {
                return;
            }
            Files.writeString(mark, "");
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "\"" + mark + "\"", String.valueOf(e.getMessage())).cause(e);
        }
        prune(IN_USE, Optional.of(budget), false);
    }

    /** When the oldest of the builds began that run now: what has been used since then may be needed by one of them. */
    private Optional<Instant> oldestBuild() {
        Optional<Instant> oldest = Optional.empty();
        try (Directory running = bench.files().makeDirectory(bench.roots().builds().resolve("running").toString(), 0700)) {
            for (DirectoryEntry entry : running.entries()) {
                Optional<LockFile> free = LockFile.tryAcquire(running, entry.name());
                free.ifPresent(LockFile::close);
                Optional<Instant> begun = free.isPresent() ? Optional.empty() : running.stat(entry.name()).map(dev.carafe.kernel.Stat::modified);
                if (begun.isPresent() && (oldest.isEmpty() || begun.get().isBefore(oldest.get()))) {
                    oldest = begun;
                }
            }
        }
        return oldest;
    }

    /** Tries again as long as some could be removed: those below go after those above. */
    private long layers(List<StepCache.Entry> going, Set<Digest> staying) {
        long bytes = 0;
        var left = new ArrayList<>(going.reversed());
        boolean removed = true;
        while (removed) {
            removed = false;
            for (StepCache.Entry entry : List.copyOf(left)) {
                if (staying.contains(entry.layer().diffId()) || bench.used(entry.layer())) {
                    left.remove(entry);
                } else if (bench.remove(Workbench.chain(entry.parent(), entry.layer()), entry.layer())) {
                    bytes += entry.layer().descriptor().size();
                    left.remove(entry);
                    removed = true;
                }
            }
        }
        return bytes;
    }

    private long mounts() {
        long bytes = 0;
        try (Directory all = bench.files().makeDirectory(bench.roots().builds().resolve("mounts").toString(), 0700)) {
            for (DirectoryEntry entry : all.entries()) {
                if (entry.name().endsWith(".lock") || entry.name().endsWith(".id")) {
                    continue;
                }
                Optional<LockFile> lock = LockFile.tryAcquire(all, entry.name() + ".lock");
                if (lock.isPresent()) {
                    try (LockFile held = lock.get()) {
                        bytes += size(all, entry.name());
                        all.removeTree(entry.name());
                        all.unlink(entry.name() + ".id");
                    }
                }
            }
        }
        return bytes;
    }

    private static long size(Directory parent, String name) {
        long bytes = 0;
        try (Directory directory = parent.open(name)) {
            for (DirectoryEntry entry : directory.entries()) {
                var stat = directory.stat(entry.name());
                if (stat.isPresent()) {
                    bytes += stat.get().isDirectory() ? size(directory, entry.name()) : stat.get().size();
                }
            }
        } catch (Fault notADirectory) {
            return 0;
        }
        return bytes;
    }
}
