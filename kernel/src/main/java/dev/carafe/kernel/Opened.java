package dev.carafe.kernel;

import dev.carafe.base.Errno;
import java.time.Instant;

/** An open inode of which this object owns the descriptor; calls here act on the inode itself, whatever its name is by now. */
public abstract sealed class Opened implements AutoCloseable permits Directory, OpenFile {
    private static final int EMPTY_PATH = 0x1000;

    final FileSystem files;
    private final Fd fd;
    private final String path;

    Opened(FileSystem files, Fd fd, String path) {
        this.files = files;
        this.fd = fd;
        this.path = path;
    }

    /** The descriptor's number, to be passed in a further system call while this is open. */
    public final int number() {
        return fd.number();
    }

    /** The path by which it was opened: for messages, not for opening it again. */
    public final String path() {
        return path;
    }

    public final Stat stat() {
        try (Scratch scratch = files.borrow()) {
            long result = files.kernel().call(
                    SystemCall.STATX, number(), scratch.first(""), EMPTY_PATH, Stat.MASK, scratch.structAddress());
            check(result, "stat");
            return Stat.read(scratch.bytes(), scratch.structAt());
        }
    }

    /** fchown(2). Clears set-user-ID, set-group-ID and file capabilities, so it comes before those. */
    public final void chown(int uid, int gid) {
        check(files.kernel().call(SystemCall.FCHOWN, number(), uid, gid), "chown");
    }

    /** fchmod(2): 12 bits. */
    public final void chmod(int mode) {
        check(files.kernel().call(SystemCall.FCHMOD, number(), mode), "chmod");
    }

    /** Sets the time of last modification, and that of last access to the same (futimens(3)). */
    public final void modified(Instant time) {
        try (Scratch scratch = files.borrow()) {
            Directory.putTimes(scratch, time);
            check(files.kernel().call(SystemCall.UTIMENSAT, number(), 0, scratch.structAddress(), 0), "set time of");
        }
    }

    /** fsync(2): returns when content and attributes are on the disk. */
    public final void sync() {
        check(files.kernel().call(SystemCall.FSYNC, number()), "sync");
    }

    /** syncfs(2): returns when everything on the file system that holds this is on the disk. */
    public final void syncFileSystem() {
        check(files.kernel().call(SystemCall.SYNCFS, number()), "sync file system of");
    }

    /** How flock(2) holds. */
    public enum Lock {
        SHARED(1),
        EXCLUSIVE(2);

        private final int bits;

        Lock(int bits) {
            this.bits = bits;
        }
    }

    /** flock(2): waits for the lock, which goes when this is closed or its process ends. */
    public final void lock(Lock lock) {
        long result;
        do {
            result = files.kernel().call(SystemCall.FLOCK, number(), lock.bits);
        } while (result == -Errno.EINTR.number());
        check(result, "lock");
    }

    /** flock(2) without waiting; false when another holds it. */
    public final boolean tryLock(Lock lock) {
        long result = files.kernel().call(SystemCall.FLOCK, number(), lock.bits | 4);
        if (result == -Errno.EAGAIN.number()) {
            return false;
        }
        check(result, "lock");
        return true;
    }

    final long check(long result, String operation) {
        if (result < 0) {
            throw FileSystem.fault(result, operation, path);
        }
        return result;
    }

    @Override
    public final void close() {
        fd.close();
    }

    @Override
    public final String toString() {
        return Scratch.quote(path) + " (" + fd + ")";
    }
}
