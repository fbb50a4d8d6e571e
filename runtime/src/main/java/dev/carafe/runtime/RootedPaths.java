package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.kernel.SystemCall;

/**
 * Paths inside the container's root, resolved by the kernel so that no link leads outside (openat2(2) RESOLVE_IN_ROOT,
 * Linux 5.6). What is missing is made, piece by piece, below descriptors that were resolved the same way.
 */
final class RootedPaths {
    private static final long MODE_DIRECTORY = 0755;
    private static final long MODE_FILE = 0644;
    private static final int HOW_BYTES = 24;

    private final Assembler asm;
    private final Wiring wiring;
    private String lastDirectory = "";
    private int lastResult = -1;

    RootedPaths(Assembler asm, Wiring wiring) {
        this.asm = asm;
        this.wiring = wiring;
    }

    /** A mount has changed what paths mean. */
    void forget() {
        lastDirectory = "";
    }

    /** Opens the path; the instruction may be given a way out for when it fails. */
    int open(String path, long flags) {
        return open(path, flags, 0);
    }

    private int open(String path, long flags, long mode) {
        return asm.call(SystemCall.OPENAT2, Assembler.result(wiring.root), asm.string(path),
                asm.longs(flags | Flags.O_CLOEXEC, mode, Flags.RESOLVE_IN_ROOT), HOW_BYTES);
    }

    /** The directory of that path, made with those above it where it lacks. */
    int directory(String path) {
        if (path.equals(lastDirectory)) {
            return lastResult;
        }
        var there = new Assembler.Label();
        var missing = new Assembler.Label();
        open(path, Flags.O_PATH | Flags.O_DIRECTORY);
        asm.onOk(there);
        asm.onError(missing, Errno.ENOENT);
        asm.bind(missing);
        for (int slash = path.indexOf('/', 1); ; slash = path.indexOf('/', slash + 1)) {
            String ancestor = slash < 0 ? path : path.substring(0, slash);
            if (!ancestor.isEmpty() && !ancestor.equals("/")) {
                int parent = open(parent(ancestor), Flags.O_PATH | Flags.O_DIRECTORY);
                asm.call(SystemCall.MKDIRAT, Assembler.result(parent), asm.string(name(ancestor)), MODE_DIRECTORY);
                asm.orElseGoOn(Errno.EEXIST);
                asm.call(SystemCall.CLOSE, Assembler.result(parent));
            }
            if (slash < 0) {
                break;
            }
        }
        asm.bind(there);
        lastResult = open(path, Flags.O_PATH | Flags.O_DIRECTORY);
        lastDirectory = path;
        return lastResult;
    }

    /** Makes the directory and those above it where they lack; one that cannot be made is found out by whoever uses it. */
    void makeDirectory(String path) {
        for (int slash = path.indexOf('/', 1); ; slash = path.indexOf('/', slash + 1)) {
            String ancestor = slash < 0 ? path : path.substring(0, slash);
            var next = new Assembler.Label();
            int parent = open(parent(ancestor), Flags.O_PATH | Flags.O_DIRECTORY);
            asm.onError(next);
            asm.call(SystemCall.MKDIRAT, Assembler.result(parent), asm.string(name(ancestor)), MODE_DIRECTORY);
            asm.orElseGoOn();
            asm.call(SystemCall.CLOSE, Assembler.result(parent));
            asm.bind(next);
            if (slash < 0) {
                return;
            }
        }
    }

    /** The file of that path, made empty where it lacks. */
    int file(String path) {
        var there = new Assembler.Label();
        var missing = new Assembler.Label();
        open(path, Flags.O_PATH);
        asm.onOk(there);
        asm.onError(missing, Errno.ENOENT);
        asm.bind(missing);
        int parent = directory(parent(path));
        forget();
        int made = asm.call(SystemCall.OPENAT, Assembler.result(parent), asm.string(name(path)),
                Flags.O_CREAT | Flags.O_WRONLY | Flags.O_NOFOLLOW | Flags.O_CLOEXEC, MODE_FILE);
        asm.call(SystemCall.CLOSE, Assembler.result(made));
        asm.bind(there);
        return open(path, Flags.O_PATH);
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
