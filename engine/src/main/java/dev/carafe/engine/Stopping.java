package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Signal;
import java.nio.file.Files;
import java.util.Optional;

/** Ends a container: asks it to, waits, and kills it when the time is over. */
final class Stopping {
    private static final long SLICE_MILLIS = 5;
    /** No monitor needs so long to get from its beginning to init, or from init's end to its own. */
    private static final long UNDECIDED_MILLIS = 2000;

    private final Containers all;
    private final Container container;

    Stopping(Containers all, Container container) {
        this.all = all;
        this.container = container;
    }

    /** Sends a signal to its init. */
    void kill(Signal signal) {
        if (!container.status().running()) {
            throw container.notRunning("kill");
        }
        boolean toEnd = signal.equals(Signal.KILL) || signal.equals(container.record().stopSignal());
        if (toEnd) {
            noteStopped();
        }
        noteSignal(signal);
        try {
            all.monitors.signal(all.roots.run(container.id()), signal);
        } catch (Fault gone) {
            throw container.status().running() ? gone : container.notRunning("kill");
        }
        if (toEnd) {
            thawIfPaused();
        }
    }

    void stop(Optional<Signal> signal, Optional<Integer> seconds) {
        noteStopped();
        if (!container.status().running()) {
            return;
        }
        int patience = seconds.orElse(container.record().stopTimeout());
        send(signal.orElse(container.record().stopSignal()));
        if (!endsWithin(patience < 0 ? Long.MAX_VALUE : patience * 1000L)) {
            send(Signal.KILL);
            awaitEnd();
        }
        all.store.died(container.record(), container.status());
        container.note("stop");
    }

    /** Kills it, and waits until it is dead. */
    void kill() {
        send(Signal.KILL);
        awaitEnd();
    }

    /** From now on it stays ended: somebody wants it so. */
    private void noteStopped() {
        if (container.record().restarts() && Files.exists(all.roots.container(container.id()))) {
            RestartState state = RestartState.read(all.roots.container(container.id()));
            new RestartState(state.count(), state.delayMillis(), true, all.boot).write(all.roots.container(container.id()));
        }
    }

    private void noteSignal(Signal signal) {
        container.note("kill", "signal", Integer.toString(signal.number()));
    }

    /** It may end at any moment, and then there is nobody to send to. */
    private void send(Signal signal) {
        noteSignal(signal);
        try {
            all.monitors.signal(all.roots.run(container.id()), signal);
        } catch (Fault gone) {
            if (container.status().running()) {
                throw gone;
            }
        }
        thawIfPaused();
    }

    /** A signal that is to end it is taken only once its processes go on. */
    private void thawIfPaused() {
        if (container.status().isPaused()) {
            Pausing.thaw(container);
        }
    }

    private boolean endsWithin(long millis) {
        long deadline = System.nanoTime() + Math.min(millis, Long.MAX_VALUE / 2_000_000) * 1_000_000;
        while (all.store.monitored(all.roots.lock(container.id()))) {
            if (System.nanoTime() - deadline >= 0 || !slept()) {
                return false;
            }
        }
        return true;
    }

    private void awaitEnd() {
        all.store.awaitMonitor(all.roots.lock(container.id()));
    }

    /** Whether it runs; a monitor that is just about to start it, or to tidy up after it, is given the time for that. */
    static boolean runsInTheEnd(Containers all, Container container) {
        long deadline = System.nanoTime() + UNDECIDED_MILLIS * 1_000_000;
        while (all.store.monitored(all.roots.lock(container.id()))) {
            if (container.status().running()) {
                return true;
            }
            if (System.nanoTime() - deadline >= 0 || !slept()) {
                return false;
            }
        }
        return false;
    }

    /** False when this thread is to end. */
    private static boolean slept() {
        try {
            Thread.sleep(SLICE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
