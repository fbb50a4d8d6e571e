package dev.carafe.kernel;

import java.util.Optional;

/**
 * A lock between processes that lives as long as its holder and leaves no file behind: flock(2) on a file of that name, which
 * the holder removes at the end. One who waited and then holds a removed file tries again.
 */
public final class LockFile implements AutoCloseable {
    private final Directory directory;
    private final String name;
    private final OpenFile file;

    private LockFile(Directory directory, String name, OpenFile file) {
        this.directory = directory;
        this.name = name;
        this.file = file;
    }

    /** Waits for the lock. The directory stays open until the lock is closed. */
    public static LockFile acquire(Directory directory, String name) {
        while (true) {
            OpenFile file = directory.openOrCreate(name, 0600);
            try {
                file.lock(Opened.Lock.EXCLUSIVE);
                long inode = file.stat().inode();
                if (directory.stat(name).filter(stat -> stat.inode() == inode).isPresent()) {
                    return new LockFile(directory, name, file);
                }
            } catch (RuntimeException fault) {
                file.close();
                throw fault;
            }
            file.close();
        }
    }

    /** The lock if nobody has it; empty when somebody has, or was just about to. The directory stays open until the lock is closed. */
    public static Optional<LockFile> tryAcquire(Directory directory, String name) {
        OpenFile file = directory.openOrCreate(name, 0600);
        try {
            long inode = file.stat().inode();
            if (file.tryLock(Opened.Lock.EXCLUSIVE) && directory.stat(name).filter(stat -> stat.inode() == inode).isPresent()) {
                return Optional.of(new LockFile(directory, name, file));
            }
        } catch (RuntimeException fault) {
            file.close();
            throw fault;
        }
        file.close();
        return Optional.empty();
    }

    @Override
    public void close() {
        try {
            directory.unlink(name);
        } finally {
            file.close();
        }
    }
}
