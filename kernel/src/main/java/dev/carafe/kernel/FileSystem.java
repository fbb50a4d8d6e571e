package dev.carafe.kernel;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The kernel's file calls, made relative to open directories, with the memory that they borrow. One serves a whole engine and
 * any number of threads; everything opened through it is closed before it.
 *
 * <p>Paths are resolved by openat2(2) (Linux 5.6), so that a caller says in the call itself how far a path may lead.
 */
public final class FileSystem implements AutoCloseable {
    /** openat2 gives EAGAIN when a rename anywhere on the machine races with a bounded look-up. */
    private static final int RESOLVE_ATTEMPTS = 1000;

    static final int CURRENT_DIRECTORY = -100;

    private final Kernel kernel;
    private final ConcurrentLinkedQueue<Scratch> idle = new ConcurrentLinkedQueue<>();

    public FileSystem(Kernel kernel) {
        this.kernel = kernel;
    }

    public Kernel kernel() {
        return kernel;
    }

    /** Opens a directory by a path of the host, following links: for paths that the operator gave, never for those of an image. */
    public Directory directory(String path) {
        Fd fd = open(CURRENT_DIRECTORY, path, OpenFlag.READ | OpenFlag.DIRECTORY, 0, Resolve.FREE, "open", path);
        return new Directory(this, fd, path);
    }

    /** As {@link #directory}, after making it, with that mode, and its parents where they are not there. */
    public Directory makeDirectory(String path, int mode) {
        long result = tryOpen(CURRENT_DIRECTORY, path, OpenFlag.READ | OpenFlag.DIRECTORY, 0, Resolve.FREE);
        if (result == -Errno.ENOENT.number()) {
            int slash = path.lastIndexOf('/');
            if (slash > 0) {
                makeDirectory(path.substring(0, slash), mode).close();
            }
            try (Scratch scratch = borrow()) {
                long made = kernel.call(SystemCall.MKDIRAT, CURRENT_DIRECTORY, scratch.first(path), mode);
                if (made < 0 && made != -Errno.EEXIST.number()) {
                    throw fault(made, "make directory", path);
                }
            }
            return directory(path);
        }
        if (result < 0) {
            throw fault(result, "open", path);
        }
        return new Directory(this, new Fd(kernel, (int) result), path);
    }

    /** Opens a file by a path of the host for reading, following links. */
    public OpenFile read(String path) {
        Fd fd = open(CURRENT_DIRECTORY, path, OpenFlag.READ | OpenFlag.NON_BLOCKING, 0, Resolve.FREE, "open", path);
        return new OpenFile(this, fd, path);
    }

    /** Opens a file by a path of the host for reading and writing, following links, made with mode 0600 when it is not there. */
    public OpenFile readOrCreate(String path) {
        Fd fd = open(CURRENT_DIRECTORY, path, OpenFlag.READ_WRITE | OpenFlag.CREATE, 0600, Resolve.FREE, "open", path);
        return new OpenFile(this, fd, path);
    }

    /** How openat2 treats a path: the RESOLVE_ flags. */
    enum Resolve {
        FREE(0),
        /** RESOLVE_NO_XDEV: crossing into another mount is an error. */
        SAME_MOUNT(0x01),
        /** RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH: a link or a way out is an error. */
        BENEATH(0x02 | 0x04 | 0x08),
        /** RESOLVE_NO_MAGICLINKS | RESOLVE_IN_ROOT: links and dot-dot are followed as if the directory were the root. */
        IN_ROOT(0x02 | 0x10);

        private final long flags;

        Resolve(long flags) {
            this.flags = flags;
        }
    }

    Fd open(int at, String path, long flags, int mode, Resolve resolve, String operation, String shown) {
        long result = tryOpen(at, path, flags, mode, resolve);
        Kernel.check(result, operation, Scratch.quote(shown));
        return new Fd(kernel, (int) result);
    }

    /** The descriptor's number, or minus the error number. */
    long tryOpen(int at, String path, long flags, int mode, Resolve resolve) {
        try (Scratch scratch = borrow()) {
            long address = scratch.first(path);
            int how = scratch.structAt();
            scratch.bytes().putLong(how, flags | OpenFlag.CLOSE_ON_EXEC);
            scratch.bytes().putLong(how + 8, mode);
            scratch.bytes().putLong(how + 16, resolve.flags);
            for (int attempt = 1; ; attempt++) {
                long result = kernel.call(SystemCall.OPENAT2, at, address, scratch.structAddress(), 24);
                boolean again = result == -Errno.EAGAIN.number() && resolve != Resolve.FREE || result == -Errno.EINTR.number();
                if (!again || attempt == RESOLVE_ATTEMPTS) {
                    return result;
                }
                Thread.onSpinWait();
            }
        }
    }

    Scratch borrow() {
        Scratch scratch = idle.poll();
        return scratch != null ? scratch : new Scratch(this, kernel.allocate(Scratch.size()));
    }

    void giveBack(Scratch scratch) {
        idle.add(scratch);
    }

    /** A fault of a call on a path, for results that {@link Kernel#check} does not see. */
    static Fault fault(long result, String operation, String path) {
        return Fault.of(Errno.of((int) -result), operation, Scratch.quote(path));
    }

    /** Frees the borrowed memory; descriptors that were opened through it are their holders' to close, before this. */
    @Override
    public void close() {
        for (Scratch scratch = idle.poll(); scratch != null; scratch = idle.poll()) {
            scratch.memory().close();
        }
    }
}
