package dev.carafe.runtime;

import dev.carafe.kernel.SystemCall;
import java.util.ArrayList;
import java.util.List;

/**
 * What monitor and init have in common: addresses where descriptors are stored before the clone, and results that both use.
 * A pair of descriptors is two 32-bit numbers, as pipe2(2) and socketpair(2) store them.
 */
final class Wiring {
    /** The pipe whose end tells the monitor that init's program runs: closed by a successful execve. */
    final long started;
    /** The pipe over which the monitor tells init that its ids are mapped. */
    final long mapped;
    /** A pipe that the monitor holds open at its near end for as long as it lives, and never reads. */
    final long alive;
    /** Standard input, output and error; with a terminal, {@code output} holds the socket pair over which it comes. */
    final long input;
    long output;
    final long error;
    /** Where the monitor finds the near side of the terminal. */
    final long terminal;
    /** Where clone3 stores the pidfd of init; -1 before. A struct pollfd, which is told of init's end. */
    final long pidfd;
    /** The pipes over which init tells the monitor that its tree stands, and the monitor init that its hooks have run; 0 without such hooks. */
    long tree;
    long hooked;
    final Assembler.Label initBegins = new Assembler.Label();
    int clone = -1;
    int joined = -1;
    /** Whether init dies with its monitor. */
    boolean bound;
    /** Whether the monitor leaves something to the end of its process that takes a while, and for which nobody should wait. */
    boolean lingers;
    /** Init's descriptors for the pipe that tells of the start, and for its gate. */
    int startedAt = ProcessLowering.STARTED_FD;
    int gateAt = MonitorLowering.GATE_FD;
    /** How many descriptors of the caller init keeps, from 3 on. */
    int inherited;
    /** The container's root directory, once init has mounted it. */
    int root = -1;

    /** The pipe that tells which process has entered the pid namespace; 0 when the process that is cloned is the one. */
    long entry;
    /** The instruction that gave the size of the copy of this program. */
    int copied = -1;

    /** Where init waits until the listener of its filter has been taken: 0 until then. */
    long taken;

    /** Instructions that gave descriptors of mounts which init will attach, and nobody else keeps. */
    final List<Integer> trees = new ArrayList<>(0);

    private static final long POLLIN = 1;
    private final Assembler asm;

    Wiring(Assembler assembler) {
        asm = assembler;
        started = assembler.space(8);
        mapped = assembler.space(8);
        alive = assembler.space(8);
        input = assembler.space(8);
        output = assembler.space(8);
        error = assembler.space(8);
        terminal = assembler.space(8);
        pidfd = assembler.longs(POLLIN << 32 | 0xffff_ffffL);
    }

    /**
     * Init is killed when its monitor dies. The kernel tells only of deaths to come (PR_SET_PDEATHSIG(2const)), so init then
     * writes to a pipe that has no reader any more when the monitor was dead before: EPIPE.
     */
    void dieWithMonitor() {
        if (!bound) {
            return;
        }
        asm.call(SystemCall.PRCTL, Flags.PR_SET_PDEATHSIG, Flags.SIGKILL);
        int far = asm.load(alive + 4);
        asm.call(SystemCall.WRITE, Assembler.result(far), asm.string("x"), 1);
    }
}
