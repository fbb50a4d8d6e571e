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
    static final int HOW_BYTES = 24;

    private final Assembler asm;
    private final Wiring wiring;
    private String lastDirectory = "";
    private int lastResult = -1;
    private String procPlace = "";
    private int proc = -1;

    RootedPaths(Assembler asm, Wiring wiring) {
        this.asm = asm;
        this.wiring = wiring;
    }

    /** A mount has changed what paths mean. */
    void forget() {
        lastDirectory = "";
    }

    /**
     * What lies below procfs is from now on sought from that mount, and not by the name of its place: whoever can write to the root might
     * make a link of that (CVE-2023-27561).
     */
    void hold(String place, int mount) {
        procPlace = place + "/";
        proc = mount;
    }

    /** Something has been mounted there; what it hides is not sought any more. */
    void covered(String place) {
        if (procPlace.startsWith(place.equals("/") ? place : place + "/")) {
            procPlace = "";
            proc = -1;
        }
        forget();
    }

    /** Opens the path; the instruction may be given a way out for when it fails. */
    int open(String path, long flags) {
        boolean held = proc >= 0 && path.startsWith(procPlace);
        return openat2(held ? proc : wiring.root, held ? path.substring(procPlace.length()) : path, flags, Flags.RESOLVE_IN_ROOT);
    }

    private int openat2(int directory, String path, long flags, long resolve) {
        return asm.call(SystemCall.OPENAT2, Assembler.result(directory), asm.string(path), asm.longs(flags | Flags.O_CLOEXEC, 0, resolve), HOW_BYTES);
    }

    /**
     * Opens a kernel parameter for writing, and nothing that lies over it or that a link of its name leads to (CVE-2025-52881): in the procfs of the
     * container, or in that of whoever performs the plan, which shows the same parameters to a process in the container's namespaces.
     */
    int parameter(String key) {
        String path = "sys/" + key.replace('.', '/');
        if (proc >= 0) {
            return openat2(proc, path, Flags.O_WRONLY, Flags.RESOLVE_NO_XDEV | Flags.RESOLVE_NO_MAGICLINKS | Flags.RESOLVE_NO_SYMLINKS | Flags.RESOLVE_BENEATH);
        }
        return asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string("/proc/" + path), Flags.O_WRONLY | Flags.O_CLOEXEC, 0);
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
