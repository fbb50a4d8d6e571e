package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.Hook;
import dev.carafe.plan.HookOperation;
import dev.carafe.plan.IdentityOperation;
import dev.carafe.plan.Operation;
import java.util.List;

/**
 * Hooks as system calls: a child that becomes the hook, and its parent that waits for it.
 *
 * <p>The state goes to a file in memory, which unlike a pipe takes any size without a reader; so does what the hook prints. The parent waits in
 * ppoll(2) on the hook's pidfd, whose number clone3(2) stores where ppoll reads it. Whether the exit status is 0 is asked of futex(2), which
 * compares a number in memory: FUTEX_WAIT for no time at all says ETIMEDOUT when it is the expected one, and EAGAIN when not. {@link
 * HookReport} reads the two verdicts.
 */
final class HookLowering {
    /** How much of a hook's output is kept for a message. */
    static final int OUTPUT_BYTES = 512;
    private static final int SIGINFO_BYTES = 128;
    private static final int SI_CODE = 8;
    private static final int SI_STATUS = 24;
    private static final int P_PIDFD = 3;
    private static final int WEXITED = 4;
    private static final long POLLIN = 1;
    private static final long FUTEX_WAIT = 0;
    private static final long MFD_CLOEXEC = 1;
    private static final int CLONE_ARGS_BYTES = 88;
    /** pidfd_send_signal(2): to the whole process group, Linux 6.9. */
    private static final long SIGNAL_PROCESS_GROUP = 4;
    private static final int SIG_SETMASK = 2;
    private static final int NOT_EXECUTED = 127;

    private final Assembler asm;
    private final Wiring wiring;
    private final RootedPaths paths;
    private final IdentityLowering identity;
    private final long[] outputs = new long[2];

    HookLowering(Assembler asm, Wiring wiring, RootedPaths paths, IdentityLowering identity) {
        this.asm = asm;
        this.wiring = wiring;
        this.paths = paths;
        this.identity = identity;
    }

    void lower(HookOperation operation) {
        if (operation instanceof HookOperation.Prepare) {
            wiring.tree = asm.space(8);
            wiring.hooked = asm.space(8);
            asm.call(SystemCall.PIPE2, wiring.tree, Flags.O_CLOEXEC);
            asm.call(SystemCall.PIPE2, wiring.hooked, Flags.O_CLOEXEC);
        } else if (operation instanceof HookOperation.AwaitTree) {
            close(asm.load(wiring.tree + 4));
            close(asm.load(wiring.hooked));
            await(asm.load(wiring.tree));
        } else if (operation instanceof HookOperation.LetGo) {
            asm.call(SystemCall.WRITE, Assembler.result(asm.load(wiring.hooked + 4)), asm.string("x"), 1);
        } else if (operation instanceof HookOperation.AwaitMonitor) {
            close(asm.load(wiring.hooked + 4));
            asm.call(SystemCall.WRITE, Assembler.result(asm.load(wiring.tree + 4)), asm.string("x"), 1);
            await(asm.load(wiring.hooked));
            paths.forget();
        } else if (operation instanceof HookOperation.Run run) {
            run(run);
        } else {
            throw new MatchException(String.valueOf(operation), null);
        }
    }

    private void close(int fd) {
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
    }

    /** The other side writes a byte, or ends. */
    private void await(int fd) {
        asm.call(SystemCall.READ, Assembler.result(fd), asm.space(8), 1);
        asm.mustBePositive();
    }

    private void run(HookOperation.Run run) {
        var child = new Assembler.Label();
        var ended = new Assembler.Label();
        var clean = new Assembler.Label();
        var done = new Assembler.Label();
        int input = state(run);
        int printed = asm.call(SystemCall.MEMFD_CREATE, asm.string("output"), MFD_CLOEXEC);
        long poll = asm.longs(POLLIN << 32); // struct pollfd: fd, events, revents
        long info = asm.space(SIGINFO_BYTES);
        long output = output(run.kind());
        asm.forkHelper(asm.longs(Flags.CLONE_PIDFD, poll, 0, 0, Flags.SIGCHLD, 0, 0, 0, 0, 0, 0), CLONE_ARGS_BYTES, child);
        boolean limited = run.hook().timeout().isPresent();
        asm.call(SystemCall.PPOLL, poll, 1, limited ? asm.longs(run.hook().timeout().get(), 0) : 0, 0, 8);
        asm.onOk(ended);
        if (limited) {
            var expired = new Assembler.Label();
            asm.mustBePositive();
            asm.onError(expired, Errno.EPIPE);
            asm.bind(expired);
            kill(poll);
            reap(poll, info, printed, output);
            verdict(asm.longs(0));
            if (run.mayFail()) {
                asm.onError(done, Errno.ETIMEDOUT);
            }
        }
        asm.bind(ended);
        reap(poll, info, printed, output);
        asm.load(info + SI_CODE);
        asm.load(info + SI_STATUS);
        verdict(info + SI_STATUS);
        if (run.mayFail()) {
            asm.onError(clean, Errno.ETIMEDOUT, Errno.EAGAIN);
        } else {
            asm.onError(clean, Errno.ETIMEDOUT);
        }
        asm.bind(clean);
        asm.call(SystemCall.CLOSE, Assembler.result(input));
        asm.call(SystemCall.CLOSE, Assembler.result(printed));
        close(asm.load(poll));
        asm.onOk(done);
        asm.bind(child);
        become(run, input, printed);
        asm.bind(done);
    }

    /** One place for each process, since only what failed is looked at. */
    private long output(HookOperation.Kind kind) {
        int whose = kind.inContainer() ? 1 : 0;
        if (outputs[whose] == 0) {
            outputs[whose] = asm.space(OUTPUT_BYTES);
        }
        return outputs[whose];
    }

    /** Fails with ETIMEDOUT when the number at that address is 0, with EAGAIN when not. */
    private void verdict(long address) {
        asm.call(SystemCall.FUTEX, address, FUTEX_WAIT, 0, asm.longs(0, 0), 0, 0);
    }

    private void kill(long poll) {
        var killed = new Assembler.Label();
        var alone = new Assembler.Label();
        int fd = asm.load(poll);
        asm.call(SystemCall.PIDFD_SEND_SIGNAL, Assembler.result(fd), Flags.SIGKILL, 0, SIGNAL_PROCESS_GROUP);
        asm.onOk(killed);
        asm.onError(alone, Errno.EINVAL, Errno.ESRCH);
        asm.bind(alone);
        asm.call(SystemCall.PIDFD_SEND_SIGNAL, Assembler.result(fd), Flags.SIGKILL, 0, 0);
        asm.orElseGoOn(Errno.ESRCH);
        asm.bind(killed);
    }

    private void reap(long poll, long info, int printed, long output) {
        int fd = asm.load(poll);
        asm.call(SystemCall.WAITID, P_PIDFD, Assembler.result(fd), info, WEXITED, 0);
        asm.call(SystemCall.PREAD64, Assembler.result(printed), output, OUTPUT_BYTES, 0);
    }

    /** The file that the hook reads. */
    private int state(HookOperation.Run run) {
        int file = asm.call(SystemCall.MEMFD_CREATE, asm.string("state"), MFD_CLOEXEC);
        var document = new StateText(asm);
        if (run.kind() == HookOperation.Kind.POSTSTOP || run.state().pid().isPresent()) {
            document.write(file, Json.compact(run.state().json()));
        } else {
            int number = run.kind().inContainer() ? asm.call(SystemCall.GETPID) : wiring.clone;
            document.write(file, Json.compact(run.state().toBuilder().pid(0).build().json()), number);
        }
        asm.call(SystemCall.LSEEK, Assembler.result(file), 0, 0);
        return file;
    }

    /** It dies with its parent, hears all signals, leads a session of its own so that it can be ended whole, and has nothing open but its streams. */
    private void become(HookOperation.Run run, int input, int printed) {
        Hook hook = run.hook();
        asm.call(SystemCall.PRCTL, Flags.PR_SET_PDEATHSIG, Flags.SIGKILL);
        asm.call(SystemCall.SETSID);
        asm.call(SystemCall.RT_SIGPROCMASK, SIG_SETMASK, asm.longs(0), 0, 8);
        asm.call(SystemCall.UMASK, 022);
        if (run.kind() == HookOperation.Kind.CREATE_CONTAINER) {
            asm.call(SystemCall.FCHDIR, Assembler.result(wiring.root));
        } else if (run.kind() != HookOperation.Kind.START_CONTAINER) {
            asm.call(SystemCall.CHDIR, asm.string(run.state().bundle()));
            // A bundle may be gone before its container is.
            asm.orElseGoOn(Errno.ENOENT);
        }
        asm.call(SystemCall.DUP3, Assembler.result(input), 0, 0);
        asm.call(SystemCall.DUP3, Assembler.result(printed), 1, 0);
        asm.call(SystemCall.DUP3, Assembler.result(printed), 2, 0);
        asm.call(SystemCall.CLOSE_RANGE, 3, 0xffff_ffffL, 0);
        for (Operation operation : run.confinement()) {
            identity.lower((IdentityOperation) operation);
        }
        asm.call(SystemCall.EXECVE, asm.string(hook.path()), asm.strings(hook.args().isEmpty() ? List.of(hook.path()) : hook.args()),
                asm.strings(hook.env()));
        // Its parent tells of it, and sees the error here.
        asm.orElseGoOn();
        asm.exit(NOT_EXECUTED);
    }
}
