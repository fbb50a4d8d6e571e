package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.SystemCall;
import java.util.ArrayList;
import java.util.List;

/** Tells at once when processes end: one thread that sleeps in ppoll(2) over a pidfd of each (pidfd_open(2), Linux 5.3). */
final class ProcessEnds implements AutoCloseable {
    private static final int STACK = 256 << 10;
    private static final short POLLIN = 1;
    private static final int EFD_CLOEXEC = 02000000;
    private static final int POLLFD_BYTES = 8;

    private final Kernel kernel;
    private final Fd wake;
    private final List<Watched> watched = new ArrayList<>();
    private boolean started;
    private boolean closed;

    private record Watched(Fd process, Runnable then) {
    }

    ProcessEnds(Kernel kernel) {
        this.kernel = kernel;
        this.wake = new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.EVENTFD2, 0, EFD_CLOEXEC), "make", "eventfd"));
    }

    /**
     * Does something when a process ends; also when it has ended already.
     *
     * @param then quick, and never fails
     */
    void watch(int pid, Runnable then) {
        long opened = kernel.call(SystemCall.PIDFD_OPEN, pid, 0);
        if (opened < 0) {
            then.run();
            return;
        }
        synchronized (watched) {
            watched.add(new Watched(new Fd(kernel, (int) opened), then));
            if (!started) {
                started = true;
                var thread = new Thread(null, this::run, "ends", STACK);
                thread.setDaemon(true);
                thread.start();
            }
        }
        signal();
    }

    private void signal() {
        try (Memory one = kernel.allocate(8)) {
            one.bytes().putLong(0, 1);
            kernel.call(SystemCall.WRITE, wake.number(), one.address(), 8);
        }
    }

    private void run() {
        while (true) {
            List<Watched> now;
            synchronized (watched) {
                if (closed) {
                    watched.forEach(one -> one.process.close());
                    wake.close();
                    return;
                }
                now = List.copyOf(watched);
            }
            List<Watched> ended = poll(now);
            synchronized (watched) {
                watched.removeAll(ended);
            }
            for (Watched one : ended) {
                one.process.close();
                try {
                    one.then.run();
                } catch (Fault fault) {
                    // It is about one container; the others are looked after all the same.
                }
            }
        }
    }

    /** Blocks until something ends or is to be looked at besides. */
    private List<Watched> poll(List<Watched> now) {
        var ended = new ArrayList<Watched>();
        try (Memory poll = kernel.allocate(POLLFD_BYTES * (now.size() + 1) + 8)) {
            poll.bytes().putInt(0, wake.number()).putShort(4, POLLIN);
            for (int k = 0; k < now.size(); k++) {
                poll.bytes().putInt(POLLFD_BYTES * (k + 1), now.get(k).process.number()).putShort(POLLFD_BYTES * (k + 1) + 4, POLLIN);
            }
            if (kernel.call(SystemCall.PPOLL, poll.address(), now.size() + 1, 0, 0, 0) <= 0) {
                return ended;
            }
            if (poll.bytes().getShort(6) != 0) {
                kernel.call(SystemCall.READ, wake.number(), poll.address() + POLLFD_BYTES * (now.size() + 1), 8);
            }
            for (int k = 0; k < now.size(); k++) {
                if (poll.bytes().getShort(POLLFD_BYTES * (k + 1) + 6) != 0) {
                    ended.add(now.get(k));
                }
            }
        }
        return ended;
    }

    @Override
    public void close() {
        synchronized (watched) {
            closed = true;
            if (!started) {
                wake.close();
                return;
            }
        }
        signal();
    }
}
