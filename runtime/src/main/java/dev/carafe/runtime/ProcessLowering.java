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
    /** Above all numbers that performer and init use. */
    private static final int HIGH_FD = 60;
    private static final int X_OK = 1;
    private static final int AT_EACCESS = 0x200;
    private static final int KEYCTL_JOIN_SESSION_KEYRING = 1;
    private static final int IOPRIO_WHO_PROCESS = 1;
    private static final int SIG_SETMASK = 2;

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
            if (wiring.startedAt != STARTED_FD) {
                asm.call(SystemCall.CLOSE_RANGE, first, wiring.startedAt - 1L, 0);
            }
            asm.call(SystemCall.CLOSE_RANGE, Math.max(wiring.startedAt, wiring.startedAt == STARTED_FD ? 0 : wiring.gateAt) + 1L, 0xffff_ffffL, 0);
        } else if (operation instanceof ProcessOperation.ChangeDirectory c) {
            asm.call(SystemCall.CHDIR, asm.string(c.path()));
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
        asm.call(SystemCall.IOCTL, Assembler.result(slave), Flags.TIOCSCTTY, 0);
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
