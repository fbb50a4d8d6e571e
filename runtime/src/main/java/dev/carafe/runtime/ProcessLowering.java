package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.Launch;
import dev.carafe.plan.ProcessOperation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Session, limits, streams, directory and program as system calls. */
final class ProcessLowering {
    /** Init's end of the pipe that tells the monitor of the start. */
    static final int STARTED_FD = 3;
    private static final int MASTER_FD = 52;
    private static final int OFFERED_FD = 53;
    /** Above what performer and init use, in either way of starting. */
    private static final int ENTRY_FD = 80;
    private static final long PROGRAM_MAX = 0x4000000;
    private static final long PROT_READ_WRITE = 3;
    private static final long MAP_PRIVATE_FIXED = 0x12;
    private static final long MFD_CLOEXEC = 1;
    /** Above all numbers that performer and init use. */
    private static final int HIGH_FD = 60;
    private static final int X_OK = 1;
    private static final int AT_EACCESS = 0x200;
    private static final int KEYCTL_JOIN_SESSION_KEYRING = 1;
    private static final int IOPRIO_WHO_PROCESS = 1;
    private static final int SIG_SETMASK = 2;
    private static final long FUTEX_CMP_REQUEUE = 4;
    private static final long STATX_BASIC_STATS = 0x7ff;
    private static final int STX_RDEV = 128;

    private final Assembler asm;
    private final Wiring wiring;
    private final RootedPaths paths;

    ProcessLowering(Assembler asm, Wiring wiring, RootedPaths paths) {
        this.asm = asm;
        this.wiring = wiring;
        this.paths = paths;
    }

    void lower(ProcessOperation operation) {
        if (operation instanceof ProcessOperation.DieWithMonitor) {
            wiring.bound = true;
            wiring.dieWithMonitor();
        } else if (operation instanceof ProcessOperation.NewSession) {
            asm.call(SystemCall.SETSID);
            asm.call(SystemCall.RT_SIGPROCMASK, SIG_SETMASK, asm.longs(0), 0, 8);
        } else if (operation instanceof ProcessOperation.Hostname h) {
            asm.call(SystemCall.SETHOSTNAME, asm.string(h.name()), utf8(h.name()));
        } else if (operation instanceof ProcessOperation.Domainname d) {
            asm.call(SystemCall.SETDOMAINNAME, asm.string(d.name()), utf8(d.name()));
        } else if (operation instanceof ProcessOperation.SetRlimit r) {
            asm.call(SystemCall.PRLIMIT64, 0, r.resource(), asm.longs(r.soft(), r.hard()), 0);
        } else if (operation instanceof ProcessOperation.OomScore o) {
            String text = Integer.toString(o.adjustment());
            int fd = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string("/proc/self/oom_score_adj"), Flags.O_WRONLY | Flags.O_CLOEXEC, 0);
            asm.call(SystemCall.WRITE, Assembler.result(fd), asm.string(text), text.length());
            asm.call(SystemCall.CLOSE, Assembler.result(fd));
        } else if (operation instanceof ProcessOperation.SessionKeyring k) {
            asm.call(SystemCall.KEYCTL, KEYCTL_JOIN_SESSION_KEYRING, asm.string(k.name()));
            // A kernel without keyrings has none to leak.
            asm.orElseGoOn(Errno.ENOSYS);
        } else if (operation instanceof ProcessOperation.Umask u) {
            asm.call(SystemCall.UMASK, u.mask());
        } else if (operation instanceof ProcessOperation.Schedule s) {
            // struct sched_attr: size, policy, flags, nice, priority, runtime, deadline, period, and the clamps of utilisation, 0 to 1024.
            asm.call(SystemCall.SCHED_SETATTR, 0, asm.longs((s.clamps() ? 56 : 48) | (long) s.policy() << 32, s.flags(),
                    s.nice() & 0xffff_ffffL | (long) s.priority() << 32, s.runtime(), s.deadline(), s.period(), 1024L << 32), 0);
        } else if (operation instanceof ProcessOperation.Affinity a) {
            asm.call(SystemCall.SCHED_SETAFFINITY, 0, 8L * a.mask().size(), asm.longs(longs(a.mask())));
        } else if (operation instanceof ProcessOperation.MemoryPolicy m) {
            // The kernel takes one bit less than it is told.
            asm.call(SystemCall.SET_MEMPOLICY, m.mode(), m.mask().isEmpty() ? 0 : asm.longs(longs(m.mask())), m.mask().isEmpty() ? 0 : 64L * m.mask().size() + 1);
        } else if (operation instanceof ProcessOperation.Persona p) {
            asm.call(SystemCall.PERSONALITY, p.domain());
        } else if (operation instanceof ProcessOperation.IoPriority io) {
            asm.call(SystemCall.IOPRIO_SET, IOPRIO_WHO_PROCESS, 0, io.value());
        } else if (operation instanceof ProcessOperation.Terminal t) {
            terminal(t);
        } else if (operation instanceof ProcessOperation.Pipes p) {
            pipes(p);
        } else if (operation instanceof ProcessOperation.Inherit i) {
            inherit(i);
        } else if (operation instanceof ProcessOperation.FindProgram f) {
            find(f.candidates());
        } else if (operation instanceof ProcessOperation.AwaitStart) {
            asm.call(SystemCall.WRITE, wiring.startedAt, asm.string("r"), 1);
            asm.call(SystemCall.READ, wiring.gateAt, asm.space(8), 1);
            asm.mustBePositive();
            asm.mark(Execution.Stage.RUNNING.ordinal());
        } else if (operation instanceof ProcessOperation.CloseDescriptors) {
            int first = STARTED_FD + wiring.inherited;
            if (wiring.entry != 0) {
                copyProgram();
            }
            if (wiring.startedAt != STARTED_FD) {
                asm.call(SystemCall.CLOSE_RANGE, first, wiring.startedAt - 1L, 0);
            }
            int last = wiring.entry != 0 ? wiring.startedAt + 2 : Math.max(wiring.startedAt, wiring.startedAt == STARTED_FD ? 0 : wiring.gateAt);
            asm.call(SystemCall.CLOSE_RANGE, last + 1L, 0xffff_ffffL, 0);
        } else if (operation instanceof ProcessOperation.Connect c) {
            connect(c);
        } else if (operation instanceof ProcessOperation.ChangeDirectory c) {
            asm.call(SystemCall.CHDIR, asm.string(c.path()));
        } else if (operation instanceof ProcessOperation.Enter e) {
            enter(e);
        } else if (operation instanceof ProcessOperation.Execute e) {
            execute(e);
        } else {
            throw new MatchException(String.valueOf(operation), null);
        }
    }

    private static long[] longs(List<Long> list) {
        var array = new long[list.size()];
        for (int k = 0; k < array.length; k++) {
            array[k] = list.get(k);
        }
        return array;
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private void pipes(ProcessOperation.Pipes pipes) {
        if (pipes.input()) {
            stream(wiring.input, 0);
        }
        stream(wiring.output + 4, 1);
        stream(wiring.error + 4, 2);
    }

    private void stream(long address, int number) {
        int fd = asm.load(address);
        asm.call(SystemCall.DUP3, Assembler.result(fd), number, 0);
    }

    /** The performer has the caller's streams and descriptors at numbers of its own; those where they belong are free once it has moved away. */
    private void inherit(ProcessOperation.Inherit inherit) {
        int high = inherit.descriptors() == 0 ? HIGH_FD : ProgramLayout.FD_KEPT + Launch.Caller.MOST_DESCRIPTORS;
        asm.call(SystemCall.DUP3, wiring.startedAt, high, Flags.O_CLOEXEC);
        wiring.startedAt = high;
        asm.call(SystemCall.DUP3, wiring.gateAt, high + 1, Flags.O_CLOEXEC);
        // There is a gate only when the container is created before it is started.
        asm.orElseGoOn(Errno.EBADF);
        wiring.gateAt = high + 1;
        for (int number = 0; inherit.streams() && number < 3; number++) {
            asm.call(SystemCall.DUP3, ProgramLayout.FD_SESSION + number, number, 0);
        }
        for (int k = 0; k < inherit.descriptors(); k++) {
            asm.call(SystemCall.DUP3, ProgramLayout.FD_KEPT + k, STARTED_FD + k, 0);
        }
        wiring.inherited = inherit.descriptors();
        if (inherit.nulls() != 0) {
            ownNull(inherit.nulls());
        }
    }

    /** Whether it is the device, statx(2) and futex(2) say: FUTEX_CMP_REQUEUE succeeds when two numbers are equal. Where it is not, the streams stay. */
    private void ownNull(int streams) {
        var done = new Assembler.Label();
        var other = new Assembler.Label();
        long file = asm.space(256);
        int fd = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string("/dev/null"), Flags.O_RDWR | Flags.O_NONBLOCK | Flags.O_NOFOLLOW | Flags.O_CLOEXEC, 0);
        asm.onError(done);
        asm.call(SystemCall.STATX, Assembler.result(fd), asm.string(""), Flags.AT_EMPTY_PATH, STATX_BASIC_STATS, file);
        asm.onError(other);
        for (long[] wanted : new long[][] {{STX_RDEV, 1}, {STX_RDEV + 4, 3}}) {
            asm.call(SystemCall.FUTEX, file + wanted[0], FUTEX_CMP_REQUEUE, 1, 0, file, wanted[1]);
            asm.onError(other, Errno.EAGAIN);
        }
        asm.call(SystemCall.FCNTL, Assembler.result(fd), Flags.F_SETFL, Flags.O_RDWR);
        for (int number = 0; number < 3; number++) {
            if ((streams >> number & 1) != 0) {
                asm.call(SystemCall.DUP3, Assembler.result(fd), number, 0);
            }
        }
        asm.bind(other);
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
        asm.bind(done);
    }

    /** All that the program shall have is gathered above the numbers in use, and goes to its own from there; what tells of the start is kept above. */
    private void connect(ProcessOperation.Connect connect) {
        int first = ProgramLayout.FD_KEPT;
        long pair = asm.space(8);
        asm.call(SystemCall.SOCKETPAIR, Flags.AF_UNIX, Flags.SOCK_SEQPACKET | Flags.SOCK_CLOEXEC, 0, pair);
        asm.call(SystemCall.DUP3, Assembler.result(asm.load(pair + 4)), OFFERED_FD, Flags.O_CLOEXEC);
        MonitorLowering.connect(asm, connect.socket(), first, Flags.SOCK_SEQPACKET);
        long control = asm.longs(20, 1 | 1L << 32, OFFERED_FD); // struct cmsghdr: length, SOL_SOCKET, SCM_RIGHTS, descriptor
        asm.call(SystemCall.SENDMSG, first, asm.longs(0, 0, asm.longs(asm.string("s"), 1), 1, control, 24, 0), 0);
        asm.call(SystemCall.DUP3, Assembler.result(asm.load(pair)), first, Flags.O_CLOEXEC);
        for (int k = 0; k < connect.files().size(); k++) {
            int fd = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(connect.files().get(k)), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
            asm.call(SystemCall.DUP3, Assembler.result(fd), first + 1 + k, Flags.O_CLOEXEC);
        }
        int high = first + Launch.Caller.MOST_DESCRIPTORS;
        asm.call(SystemCall.DUP3, wiring.startedAt, high, Flags.O_CLOEXEC);
        wiring.startedAt = high;
        for (int k = 0; k <= connect.files().size(); k++) {
            asm.call(SystemCall.DUP3, first + k, STARTED_FD + k, 0);
        }
        asm.call(SystemCall.CLOSE_RANGE, STARTED_FD + 1L + connect.files().size(), high - 1L, 0);
        asm.call(SystemCall.CLOSE_RANGE, high + 1L, 0xffff_ffffL, 0);
    }

    /** The first that exists and may be executed will do. */
    private void find(List<String> candidates) {
        var found = new Assembler.Label();
        for (int k = 0; k < candidates.size(); k++) {
            asm.call(SystemCall.FACCESSAT2, Flags.AT_FDCWD, asm.string(candidates.get(k)), X_OK, AT_EACCESS);
            asm.onOk(found);
            if (k < candidates.size() - 1) {
                asm.orElseGoOn(Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES);
            }
        }
        asm.bind(found);
    }

    private void terminal(ProcessOperation.Terminal t) {
        int master = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string("/dev/pts/ptmx"), Flags.O_RDWR | Flags.O_NOCTTY | Flags.O_CLOEXEC, 0);
        asm.call(SystemCall.IOCTL, Assembler.result(master), Flags.TIOCSPTLCK, asm.space(8));
        int slave = asm.call(SystemCall.IOCTL, Assembler.result(master), Flags.TIOCGPTPEER, Flags.O_RDWR | Flags.O_NOCTTY | Flags.O_CLOEXEC);
        asm.call(SystemCall.IOCTL, Assembler.result(slave), Flags.TIOCSWINSZ, asm.longs(t.height() & 0xffff | (t.width() & 0xffffL) << 16));
        asm.call(SystemCall.FCHOWN, Assembler.result(slave), t.owner(), -1);
        if (t.console()) {
            int node = asm.call(SystemCall.OPEN_TREE, Assembler.result(slave), asm.string(""), Flags.OPEN_TREE_CLONE | Flags.O_CLOEXEC | Flags.AT_EMPTY_PATH);
            paths.forget();
            int target = paths.file("/dev/console");
            asm.call(SystemCall.MOVE_MOUNT, Assembler.result(node), asm.string(""), Assembler.result(target), asm.string(""), Flags.MOVE_MOUNT_EMPTY_PATHS);
        }
        if (t.controlling()) {
            asm.call(SystemCall.IOCTL, Assembler.result(slave), Flags.TIOCSCTTY, 0);
        }
        for (int number = 0; number < 3; number++) {
            asm.call(SystemCall.DUP3, Assembler.result(slave), number, 0);
        }
        // The message's control part wants the number itself, so the near side gets a known one.
        asm.call(SystemCall.DUP3, Assembler.result(master), MASTER_FD, Flags.O_CLOEXEC);
        int socket = asm.load(wiring.output + 4);
        long control = asm.longs(20, 1 | 1L << 32, MASTER_FD); // struct cmsghdr: length, SOL_SOCKET, SCM_RIGHTS, descriptor
        long part = asm.longs(asm.string("t"), 1);
        asm.call(SystemCall.SENDMSG, Assembler.result(socket), asm.longs(0, 0, part, 1, control, 24, 0), 0);
    }

    /** Behind the descriptor that tells of the start come the pipe that tells of the entry and a copy of this program as it is now. */
    private void copyProgram() {
        int pipe = asm.load(wiring.entry + 4);
        asm.call(SystemCall.DUP3, Assembler.result(pipe), ENTRY_FD, Flags.O_CLOEXEC);
        int memory = asm.call(SystemCall.MEMFD_CREATE, asm.string("plan"), MFD_CLOEXEC);
        // As much as is mapped, which is less than may be asked for.
        wiring.copied = asm.call(SystemCall.WRITE, Assembler.result(memory), ProgramLayout.BASE, PROGRAM_MAX);
        asm.call(SystemCall.DUP3, Assembler.result(memory), ENTRY_FD + 1, Flags.O_CLOEXEC);
        asm.call(SystemCall.DUP3, ENTRY_FD, wiring.startedAt + 1, Flags.O_CLOEXEC);
        asm.call(SystemCall.DUP3, ENTRY_FD + 1, wiring.startedAt + 2, Flags.O_CLOEXEC);
    }

    /**
     * The program goes on in memory of its own, and so does the child: what others do to that reaches no monitor. The child's errors go over the pipe,
     * as the number that the system call returned. That clone(2) returned nothing, as it does in the child, is what {@link Assembler#mustBePositive} finds.
     */
    private void enter(ProcessOperation.Enter enter) {
        var child = new Assembler.Label();
        int started = wiring.startedAt;
        List<String> candidates = enter.execute().candidates();
        for (int k = 0; k < candidates.size() && candidates.size() > 1; k++) {
            // What may not be executed is remembered for the message, as long as results are shared.
            asm.call(SystemCall.FACCESSAT2, Flags.AT_FDCWD, asm.string(candidates.get(k)), X_OK, AT_EACCESS);
            asm.orElseGoOn();
        }
        asm.call(SystemCall.MMAP, ProgramLayout.BASE, Assembler.result(wiring.copied), PROT_READ_WRITE, MAP_PRIVATE_FIXED, started + 2, 0);
        // A limit on memory that leaves no room for that would leave none for a program either.
        asm.orElseGoOn(Errno.ENOMEM, Errno.EAGAIN);
        asm.call(SystemCall.CLOSE, started + 2);
        int sibling = asm.call(SystemCall.CLONE, Flags.CLONE_PARENT | Flags.SIGCHLD, 0, 0, 0, 0);
        asm.mustBePositive();
        asm.onError(child, Errno.EPIPE);
        asm.call(SystemCall.WRITE, started + 1, Assembler.resultAddress(sibling), 4);
        asm.exit(0);
        asm.bind(child);
        asm.call(SystemCall.CLOSE, started + 1);
        if (enter.bound()) {
            asm.call(SystemCall.PRCTL, Flags.PR_SET_PDEATHSIG, Flags.SIGKILL);
        }
        // Without a reader, its monitor has died before.
        asm.call(SystemCall.WRITE, started, asm.string("b"), 1);
        asm.call(SystemCall.SETSID);
        if (enter.terminal()) {
            asm.call(SystemCall.IOCTL, 0, Flags.TIOCSCTTY, 0);
        }
        long arguments = asm.strings(enter.execute().arguments());
        long environment = asm.strings(enter.execute().environment());
        var told = new Assembler.Label();
        for (int k = 0; k < candidates.size(); k++) {
            var next = new Assembler.Label();
            int execute = asm.call(SystemCall.EXECVE, asm.string(candidates.get(k)), arguments, environment);
            asm.orElseGoOn();
            if (k < candidates.size() - 1) {
                asm.call(SystemCall.FACCESSAT2, Flags.AT_FDCWD, asm.string(candidates.get(k)), X_OK, AT_EACCESS);
                asm.onError(next);
            }
            asm.call(SystemCall.WRITE, started, Assembler.resultAddress(execute), 4);
            asm.onOk(told);
            asm.bind(next);
        }
        asm.bind(told);
        asm.exit(1);
    }

    /** The last candidate's failure is the one that counts, unless one was found that may not be executed. */
    private void execute(ProcessOperation.Execute e) {
        long arguments = asm.strings(e.arguments());
        long environment = asm.strings(e.environment());
        for (int k = 0; k < e.candidates().size(); k++) {
            String candidate = e.candidates().get(k);
            if (e.init().isPresent()) {
                below(e.init().get(), candidate, e.arguments(), environment);
            } else {
                asm.call(SystemCall.EXECVE, asm.string(candidate), arguments, environment);
            }
            if (k < e.candidates().size() - 1) {
                asm.orElseGoOn(Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES);
            }
        }
    }

    /** The init gets a path that has been found, so that a missing program is told of here and not by the init. */
    private void below(String init, String candidate, List<String> arguments, long environment) {
        var missing = new Assembler.Label();
        var words = new ArrayList<>(List.of(init, "--init", candidate));
        words.addAll(arguments.subList(1, arguments.size()));
        asm.call(SystemCall.FACCESSAT2, Flags.AT_FDCWD, asm.string(candidate), X_OK, 0);
        asm.onError(missing);
        asm.call(SystemCall.EXECVE, asm.string(init), asm.strings(words), environment);
        asm.bind(missing);
        // Asked again for its error, which is the one that counts.
        asm.call(SystemCall.FACCESSAT2, Flags.AT_FDCWD, asm.string(candidate), X_OK, 0);
    }
}
