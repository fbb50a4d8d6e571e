package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.Json;
import dev.carafe.plan.IdentityOperation;
import dev.carafe.plan.MonitorOperation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A system call filter that asks an agent, as system calls (seccomp_unotify(2)).
 *
 * <p>Once the filter is in force, each call that init makes may be one that only the agent lets go on, and the agent cannot before it has the
 * listener. So init hands nothing over: it finds out beforehand which number the listener will have, tells the monitor that the filter comes
 * now, loads it, and waits. The monitor tries to take that descriptor out of init (pidfd_getfd(2), Linux 5.6) until it is there, sends it, and
 * changes the number in memory that init waits for. The listener closes when init's program starts, so init must wait, and a call of futex(2)
 * that the agent is asked about is answered by then.
 */
final class ListenerLowering {
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final long FUTEX_WAIT = 0;
    private static final long FUTEX_WAKE = 1;
    /** The control part of a message must be told a number. */
    private static final int LISTENER_FD = 74;
    private static final int ATTEMPTS = 56;
    private static final long FIRST_PAUSE_NANOS = 5_000;
    private static final long INIT_PATIENCE_SECONDS = 60;

    private final Assembler asm;
    private final Wiring wiring;

    ListenerLowering(Assembler asm, Wiring wiring) {
        this.asm = asm;
        this.wiring = wiring;
    }

    /** The monitor's part. */
    void lower(MonitorOperation.SendListener send) {
        wiring.taken = asm.space(16);
        long number = asm.space(8);
        int near = asm.load(wiring.started);
        asm.call(SystemCall.READ, Assembler.result(near), number, 4);
        asm.mustBePositive();
        int init = asm.load(wiring.pidfd);
        take(init, asm.load(number));
        int socket = asm.call(SystemCall.SOCKET, Flags.AF_UNIX, Flags.SOCK_STREAM | Flags.SOCK_CLOEXEC, 0);
        byte[] address = address(send.path());
        asm.call(SystemCall.CONNECT, Assembler.result(socket), asm.bytes(address), address.length);
        List<String> pieces = StateText.pieces(Json.compact(send.state().json()));
        long parts = parts(pieces);
        long control = asm.longs(20, 1 | 1L << 32, LISTENER_FD); // struct cmsghdr: length, SOL_SOCKET, SCM_RIGHTS, descriptor
        asm.call(SystemCall.SENDMSG, Assembler.result(socket), asm.longs(0, 0, parts, 2L * pieces.size() - 1, control, 24, 0), 0);
        asm.call(SystemCall.CLOSE, Assembler.result(socket));
        asm.call(SystemCall.CLOSE, LISTENER_FD);
        asm.text(wiring.taken, init);
        asm.call(SystemCall.FUTEX, wiring.taken, FUTEX_WAKE, 1, 0, 0, 0);
    }

    /**
     * The state as parts of one message, since agents take it with a single call of recvmsg(2). How many digits the process has is known only when the plan
     * is performed: a pipe carries that number from the result of the instruction that counted them to the lengths of those parts.
     */
    private long parts(List<String> pieces) {
        long digits = asm.space(16);
        int count = asm.text(digits, wiring.clone);
        long[] vector = new long[4 * pieces.size() - 2];
        for (int k = 0; k < pieces.size(); k++) {
            byte[] utf8 = pieces.get(k).getBytes(StandardCharsets.UTF_8);
            vector[4 * k] = asm.aside(utf8);
            vector[4 * k + 1] = utf8.length;
            if (k < pieces.size() - 1) {
                vector[4 * k + 2] = digits;
            }
        }
        long parts = asm.longs(vector);
        long pipe = asm.space(8);
        asm.call(SystemCall.PIPE2, pipe, Flags.O_CLOEXEC);
        int out = asm.load(pipe);
        int in = asm.load(pipe + 4);
        for (int k = 0; k < pieces.size() - 1; k++) {
            asm.call(SystemCall.WRITE, Assembler.result(in), ProgramLayout.BASE + ProgramLayout.RESULTS_AT + (long) ProgramLayout.RESULT_BYTES * count, 8);
            asm.call(SystemCall.READ, Assembler.result(out), parts + 32L * k + 24, 8);
        }
        asm.call(SystemCall.CLOSE, Assembler.result(in));
        asm.call(SystemCall.CLOSE, Assembler.result(out));
        return parts;
    }

    /** It is there as soon as init has loaded its filter. Pauses grow, and end when init does: its pidfd stands where ppoll(2) reads it. */
    private void take(int init, int number) {
        var there = new Assembler.Label();
        var gone = new Assembler.Label();
        long pause = FIRST_PAUSE_NANOS;
        for (int k = 0; k < ATTEMPTS; k++) {
            var notYet = new Assembler.Label();
            var again = new Assembler.Label();
            int fd = asm.call(SystemCall.PIDFD_GETFD, Assembler.result(init), Assembler.result(number), 0);
            asm.onError(notYet, Errno.EBADF);
            asm.call(SystemCall.DUP3, Assembler.result(fd), LISTENER_FD, Flags.O_CLOEXEC);
            asm.call(SystemCall.CLOSE, Assembler.result(fd));
            asm.onOk(there);
            asm.bind(notYet);
            asm.call(SystemCall.PPOLL, wiring.pidfd, 1, asm.longs(pause / 1_000_000_000, pause % 1_000_000_000), 0, 8);
            asm.onOk(gone);
            asm.mustBePositive();
            asm.onError(again, Errno.EPIPE);
            asm.bind(again);
            pause += pause / 3;
        }
        asm.bind(gone);
        asm.call(SystemCall.PIDFD_GETFD, Assembler.result(init), Assembler.result(number), 0);
        asm.bind(there);
    }

    /** struct sockaddr_un; the monitor's directory is the root. */
    private static byte[] address(String path) {
        byte[] utf8 = path.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > 107) {
            throw Fault.invalid("config.json", "linux.seccomp.listenerPath", "the path of a socket has 107 bytes at most, this one has " + utf8.length
                    + " (unix(7), runtime-spec config-linux.md#seccomp)");
        }
        return ByteBuffer.allocate(3 + utf8.length).order(ByteOrder.nativeOrder()).putShort((short) Flags.AF_UNIX).put(utf8).array();
    }

    /** Init's part. A descriptor gets the lowest number that is free, so what one gets and gives back is what the listener will get. */
    void lower(IdentityOperation.LoadListened load, int started) {
        int probe = asm.call(SystemCall.DUP, 0);
        asm.call(SystemCall.CLOSE, Assembler.result(probe));
        asm.call(SystemCall.WRITE, started, ProgramLayout.BASE + ProgramLayout.RESULTS_AT + (long) ProgramLayout.RESULT_BYTES * probe, 4);
        long filter = asm.longs(load.program().count(), asm.bytes(load.program().bytes()));
        asm.call(SystemCall.SECCOMP, SECCOMP_SET_MODE_FILTER, load.program().flags(), filter);
        asm.call(SystemCall.FUTEX, wiring.taken, FUTEX_WAIT, 0, asm.longs(INIT_PATIENCE_SECONDS, 0), 0, 0);
        // Whatever the filter or the agent made of it: if the monitor could not take the listener, the start fails there.
        asm.orElseGoOn();
    }
}
