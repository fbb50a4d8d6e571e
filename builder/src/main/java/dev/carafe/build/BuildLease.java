package dev.carafe.build;

import dev.carafe.base.Fault;
import dev.carafe.engine.Workbench;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.LockFile;
import dev.carafe.kernel.DirectoryEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The name of one running build, under which its containers, file systems and temporary files are to be found, and a lock that says that it lives. What builds left that were killed goes when the
 * next one begins.
 */
final class BuildLease implements AutoCloseable {
    private final Workbench bench;
    private final Directory locks;
    private final LockFile lock;
    private final String name;
    private final Path scratch;
    private final AtomicInteger keys = new AtomicInteger();

    private BuildLease(Workbench bench, Directory locks, LockFile lock, String name, Path scratch) {
        this.bench = bench;
        this.locks = locks;
        this.lock = lock;
        this.name = name;
        this.scratch = scratch;
    }

    static BuildLease take(Workbench bench) {
        Directory locks = bench.files().makeDirectory(bench.roots().builds().resolve("running").toString(), 0700);
        try {
            for (DirectoryEntry entry : locks.entries()) {
                LockFile.tryAcquire(locks, entry.name()).ifPresent(dead -> {
                    try (dead) {
                        bench.clear(entry.name());
                        remove(bench.roots().builds().resolve("scratch").resolve(entry.name()), bench);
                    }
                });
            }
            String name = "build-" + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
            LockFile lock = LockFile.acquire(locks, name);
            Path scratch = bench.roots().builds().resolve("scratch").resolve(name);
            try {
                Files.createDirectories(scratch);
            } catch (IOException e) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "make", "\"" + scratch + "\"", String.valueOf(e.getMessage())).cause(e);
            }
            return new BuildLease(bench, locks, lock, name, scratch);
        } catch (RuntimeException e) {
            locks.close();
            throw e;
        }
    }

    private static void remove(Path directory, Workbench bench) {
        if (Files.exists(directory)) {
            try (Directory parent = bench.files().directory(directory.getParent().toString())) {
                parent.removeTree(directory.getFileName().toString());
            }
        }
    }

    String name() {
        return name;
    }

    /** A key for a file system of this build. */
    String key() {
        return name + "." + keys.incrementAndGet();
    }

    /** A new directory that goes with the build. */
    Path directory() {
        Path path = scratch.resolve(String.valueOf(keys.incrementAndGet()));
        try {
            return Files.createDirectory(path);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "make", "\"" + path + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** A directory of before, when it is not needed any more. */
    void drop(Path directory) {
        remove(directory, bench);
    }


    @Override
    public void close() {
        try {
            remove(scratch, bench);
        } finally {
            lock.close();
            locks.close();
        }
    }
}
