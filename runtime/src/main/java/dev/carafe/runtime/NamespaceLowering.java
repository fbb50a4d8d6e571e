package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.plan.Actor;
import dev.carafe.plan.NamespaceOperation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Namespaces, and the clone that makes init, as system calls. */
final class NamespaceLowering {
    private static final int CLONE_ARGS_BYTES = 88;
    private static final int P_PIDFD = 3;
    private static final int WEXITED = 4;
    private static final long AF_INET = 2;
    private static final long SOCK_DGRAM = 2;
    private static final long SIOCSIFFLAGS = 0x8914;

    private final Assembler asm;
    private final Wiring wiring;

    NamespaceLowering(Assembler asm, Wiring wiring) {
        this.asm = asm;
        this.wiring = wiring;
    }

    void lower(NamespaceOperation operation, Actor actor) {
        if (operation instanceof NamespaceOperation.CloneInit clone) {
            cloneInit(clone);
        } else if (operation instanceof NamespaceOperation.Join join) {
            int fd = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(join.path()), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
            asm.call(SystemCall.SETNS, Assembler.result(fd), flag(join.type()));
            asm.call(SystemCall.CLOSE, Assembler.result(fd));
        } else if (operation instanceof NamespaceOperation.JoinProcess join) {
            joinProcess(join, actor);
        } else if (operation instanceof NamespaceOperation.Unshare unshare) {
            asm.call(SystemCall.UNSHARE, flag(unshare.type()));
        } else if (operation instanceof NamespaceOperation.Leave leave) {
            for (Namespace.Type type : leave.types()) {
                int fd = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string("/proc/self/ns/" + type), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
                asm.call(SystemCall.SETNS, Assembler.result(fd), flag(type));
                asm.call(SystemCall.CLOSE, Assembler.result(fd));
            }
        } else if (operation instanceof NamespaceOperation.MapIds map) {
            mapIds(map);
        } else if (operation instanceof NamespaceOperation.RaiseLoopback) {
            raiseLoopback();
        } else if (operation instanceof NamespaceOperation.AwaitIds) {
            awaitIds();
        } else if (operation instanceof NamespaceOperation.MoveDevice move) {
            new DeviceLowering(asm, wiring).lower(move);
        } else if (operation instanceof NamespaceOperation.BecomeRoot) {
            becomeRoot();
        } else if (operation instanceof NamespaceOperation.OffsetClock offset) {
            write("/proc/self/timens_offsets",
                    offset.clock() + " " + offset.seconds() + " " + offset.nanoseconds() + "\n");
        } else {
            throw new MatchException(String.valueOf(operation), null);
        }
    }

    private static long flag(Namespace.Type type) {
        return switch (type) {
            case PID -> Flags.CLONE_NEWPID;
            case NETWORK -> Flags.CLONE_NEWNET;
            case MOUNT -> Flags.CLONE_NEWNS;
            case IPC -> Flags.CLONE_NEWIPC;
            case UTS -> Flags.CLONE_NEWUTS;
            case USER -> Flags.CLONE_NEWUSER;
            case CGROUP -> Flags.CLONE_NEWCGROUP;
            case TIME -> Flags.CLONE_NEWTIME;
        };
    }

    private static long flags(List<Namespace.Type> types) {
        long flags = 0;
        for (Namespace.Type type : types) {
            flags |= flag(type);
        }
        return flags;
    }

    private void cloneInit(NamespaceOperation.CloneInit clone) {
        asm.call(SystemCall.PIPE2, wiring.started, Flags.O_CLOEXEC);
        asm.call(SystemCall.PIPE2, wiring.mapped, Flags.O_CLOEXEC);
        asm.call(SystemCall.PIPE2, wiring.alive, Flags.O_CLOEXEC);
        long flags = flags(clone.namespaces()) | Flags.CLONE_PIDFD;
        long group = 0;
        if (clone.cgroup().isPresent()) {
            int directory = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(clone.cgroup().get()),
                    Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_CLOEXEC, 0);
            // struct clone_args wants the number itself, so the descriptor gets a known one.
            group = 42;
            asm.call(SystemCall.DUP3, Assembler.result(directory), group, Flags.O_CLOEXEC);
            asm.call(SystemCall.CLOSE, Assembler.result(directory));
            flags |= Flags.CLONE_INTO_CGROUP;
        }
        if (clone.users().isPresent()) {
            cloneAmong(clone.users().get(), flags, group);
        } else {
            wiring.clone = asm.fork(cloneArguments(flags, wiring.pidfd, Flags.SIGCHLD, group), CLONE_ARGS_BYTES, wiring.initBegins);
        }
        for (int tree : wiring.trees) {
            asm.call(SystemCall.CLOSE, Assembler.result(tree));
        }
        int far = asm.load(wiring.started + 4);
        asm.call(SystemCall.CLOSE, Assembler.result(far));
        if (group != 0) {
            asm.call(SystemCall.CLOSE, group);
        }
    }

    /** struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup. */
    private long cloneArguments(long flags, long pidfd, long signal, long group) {
        return asm.longs(flags, pidfd, 0, 0, signal, 0, 0, 0, 0, 0, group);
    }

    /**
     * Init is born in a user namespace that exists, so that its other namespaces belong to that: only who is in it can make them so. A helper
     * joins it and clones init as its own sibling, a child of the monitor; it shares the monitor's descriptors, so init's pidfd is the monitor's.
     */
    private void cloneAmong(String users, long flags, long group) {
        var helper = new Assembler.Label();
        var born = new Assembler.Label();
        long pidfd = asm.space(8);
        int namespace = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(users), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
        asm.forkHelper(cloneArguments(Flags.CLONE_FILES | Flags.CLONE_PIDFD | flags & Flags.CLONE_INTO_CGROUP, pidfd, Flags.SIGCHLD, group), CLONE_ARGS_BYTES,
                helper);
        int fd = asm.load(pidfd);
        asm.call(SystemCall.WAITID, P_PIDFD, Assembler.result(fd), 0, WEXITED, 0);
        asm.check();
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
        asm.call(SystemCall.CLOSE, Assembler.result(namespace));
        asm.onOk(born);
        asm.bind(helper);
        asm.call(SystemCall.SETNS, Assembler.result(namespace), Flags.CLONE_NEWUSER);
        wiring.clone = asm.fork(cloneArguments(flags & ~Flags.CLONE_INTO_CGROUP | Flags.CLONE_PARENT, wiring.pidfd, 0, 0), CLONE_ARGS_BYTES, wiring.initBegins);
        asm.exit(0);
        asm.bind(born);
    }

    /** Descriptor 3 stays open until the program starts; the monitor reads the end of the pipe. */
    void initBegins() {
        for (long near : new long[] {wiring.started, wiring.alive}) {
            int fd = asm.load(near);
            asm.call(SystemCall.CLOSE, Assembler.result(fd));
            asm.orElseGoOn();
        }
        int far = asm.load(wiring.mapped + 4);
        asm.call(SystemCall.CLOSE, Assembler.result(far));
        asm.orElseGoOn();
        // Last, since one of those that were closed may have had this number.
        int end = asm.load(wiring.started + 4);
        asm.call(SystemCall.DUP3, Assembler.result(end), ProcessLowering.STARTED_FD, Flags.O_CLOEXEC);
    }

    private void joinProcess(NamespaceOperation.JoinProcess join, Actor actor) {
        if (actor == Actor.INIT) {
            // Until the program starts, nothing in the container may trace this process or open its files.
            asm.call(SystemCall.PRCTL, Flags.PR_SET_DUMPABLE, 0);
            asm.call(SystemCall.SETNS, Assembler.result(wiring.joined), flags(join.types()));
            return;
        }
        wiring.joined = asm.call(SystemCall.PIDFD_OPEN, join.pid(), 0);
        if (!join.types().isEmpty()) {
            asm.call(SystemCall.SETNS, Assembler.result(wiring.joined), flags(join.types()));
        }
    }

    private void mapIds(NamespaceOperation.MapIds map) {
        var maps = new IdMapLowering(asm, wiring);
        int directory = maps.process(wiring.clone);
        maps.write(directory, "gid_map", IdMapLowering.lines(map.gids()));
        maps.write(directory, "uid_map", IdMapLowering.lines(map.uids()));
        asm.call(SystemCall.CLOSE, Assembler.result(directory));
        int far = asm.load(wiring.mapped + 4);
        asm.call(SystemCall.WRITE, Assembler.result(far), asm.string("x"), 1);
    }

    /** SIOCSIFFLAGS with a struct ifreq: the name in 16 bytes, then the flags IFF_UP and IFF_RUNNING. */
    private void raiseLoopback() {
        var request = ByteBuffer.allocate(40).order(ByteOrder.nativeOrder());
        request.put(0, "lo".getBytes(StandardCharsets.US_ASCII)).putShort(16, (short) (1 | 0x40));
        var done = new Assembler.Label();
        int socket = asm.call(SystemCall.SOCKET, AF_INET, SOCK_DGRAM | Flags.SOCK_CLOEXEC, 0);
        // A kernel without IPv4 has no such interface to raise.
        asm.onError(done, Errno.EAFNOSUPPORT);
        asm.call(SystemCall.IOCTL, Assembler.result(socket), SIOCSIFFLAGS, asm.bytes(request.array()));
        asm.call(SystemCall.CLOSE, Assembler.result(socket));
        asm.bind(done);
    }

    private void awaitIds() {
        int near = asm.load(wiring.mapped);
        asm.call(SystemCall.READ, Assembler.result(near), asm.space(8), 1);
        asm.mustBePositive();
        becomeRoot();
    }

    private void becomeRoot() {
        asm.call(SystemCall.SETRESGID, 0, 0, 0);
        asm.call(SystemCall.SETRESUID, 0, 0, 0);
        // A change of ids clears it.
        wiring.dieWithMonitor();
    }

    private void write(String file, String text) {
        int fd = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(file), Flags.O_WRONLY | Flags.O_CLOEXEC, 0);
        asm.call(SystemCall.WRITE, Assembler.result(fd), asm.string(text), text.length());
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
    }
}
