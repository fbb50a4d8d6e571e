package dev.carafe.runtime;

import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.IdMapping;
import dev.carafe.plan.MountOperation;
import dev.carafe.plan.MountOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Maps of ids as system calls: of a process's user namespace, and of mounts. */
final class IdMapLowering {
    /** What the descriptor of a user namespace is called in struct mount_attr, which must be told a number; each map has its own. */
    private static final int FIRST_USERS_FD = 76;
    private static final int CLONE_ARGS_BYTES = 88;
    private static final int P_PIDFD = 3;
    private static final int WEXITED = 4;

    private final Assembler asm;
    private final Wiring wiring;
    private final Map<List<Object>, Integer> users = new HashMap<>();

    IdMapLowering(Assembler assembler, Wiring wiring) {
        this.asm = assembler;
        this.wiring = wiring;
    }

    /** A detached tree with the map on it; the instruction that gives its descriptor, which init inherits. */
    int tree(MountOperation.TakeMapped take) {
        int fd = users(take);
        int tree = asm.call(SystemCall.OPEN_TREE, Flags.AT_FDCWD, asm.string(take.source()), Flags.OPEN_TREE_CLONE | Flags.O_CLOEXEC
                | (take.recursive() ? Flags.AT_RECURSIVE : 0));
        if (!take.connected()) {
            attributes(tree, Flags.AT_RECURSIVE, asm.longs(0, 0, Flags.MS_PRIVATE, 0));
        }
        attributes(tree, take.map() == MountOptions.IdMap.RECURSIVE ? Flags.AT_RECURSIVE : 0, asm.longs(Flags.MOUNT_ATTR_IDMAP, 0, 0, fd));
        wiring.trees.add(tree);
        return tree;
    }

    private void attributes(int tree, long flags, long attributes) {
        asm.call(SystemCall.MOUNT_SETATTR, Assembler.result(tree), asm.string(""), Flags.AT_EMPTY_PATH | flags, attributes, 32);
    }

    private int users(MountOperation.TakeMapped take) {
        List<Object> key = List.of(take.uids(), take.gids(), take.users());
        Integer known = users.get(key);
        if (known == null) {
            known = FIRST_USERS_FD + users.size();
            users.put(key, known);
            int fd = take.users().isPresent() ? asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(take.users().get()), Flags.O_RDONLY | Flags.O_CLOEXEC, 0)
                    : make(take.uids(), take.gids());
            asm.call(SystemCall.DUP3, Assembler.result(fd), known, Flags.O_CLOEXEC);
            asm.call(SystemCall.CLOSE, Assembler.result(fd));
        }
        return known;
    }

    /** A user namespace needs a process to be made for; it ends as soon as the namespace is held by a descriptor. */
    private int make(List<IdMapping> uids, List<IdMapping> gids) {
        var child = new Assembler.Label();
        var made = new Assembler.Label();
        long hold = asm.space(8);
        long pidfd = asm.space(8);
        asm.call(SystemCall.PIPE2, hold, Flags.O_CLOEXEC);
        int helper = asm.forkHelper(asm.longs(Flags.CLONE_NEWUSER | Flags.CLONE_PIDFD, pidfd, 0, 0, Flags.SIGCHLD, 0, 0, 0, 0, 0, 0), CLONE_ARGS_BYTES, child);
        int directory = process(helper);
        write(directory, "gid_map", lines(gids));
        write(directory, "uid_map", lines(uids));
        int namespace = asm.call(SystemCall.OPENAT, Assembler.result(directory), asm.string("ns/user"), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
        asm.call(SystemCall.CLOSE, Assembler.result(directory));
        for (long end : new long[] {hold + 4, hold}) {
            asm.call(SystemCall.CLOSE, Assembler.result(asm.load(end)));
        }
        int fd = asm.load(pidfd);
        asm.call(SystemCall.WAITID, P_PIDFD, Assembler.result(fd), 0, WEXITED, 0);
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
        asm.onOk(made);
        asm.bind(child);
        // Its end of the pipe ends with the maker's, whatever becomes of that.
        asm.call(SystemCall.CLOSE, Assembler.result(asm.load(hold + 4)));
        asm.call(SystemCall.READ, Assembler.result(asm.load(hold)), asm.space(8), 1);
        asm.exit(0);
        asm.bind(made);
        return namespace;
    }

    /** Opens /proc/PID of the process that an instruction forked. */
    int process(int fork) {
        byte[] prefix = "/proc/".getBytes(StandardCharsets.US_ASCII);
        long address = asm.bytes(Arrays.copyOf(prefix, prefix.length + 16));
        asm.text(address + prefix.length, fork);
        return asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, address, Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_CLOEXEC, 0);
    }

    void write(int directory, String file, String text) {
        int fd = asm.call(SystemCall.OPENAT, Assembler.result(directory), asm.string(file), Flags.O_WRONLY | Flags.O_CLOEXEC, 0);
        asm.call(SystemCall.WRITE, Assembler.result(fd), asm.string(text), text.length());
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
    }

    /** As user_namespaces(7) wants them. */
    static String lines(List<IdMapping> map) {
        var text = new StringBuilder();
        for (IdMapping m : map) {
            text.append(m.containerId()).append(' ').append(m.hostId()).append(' ').append(m.size()).append('\n');
        }
        return text.toString();
    }
}
