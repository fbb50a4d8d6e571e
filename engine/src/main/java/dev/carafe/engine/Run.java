package dev.carafe.engine;

import dev.carafe.runtime.Performer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** A container, or a process in it, that was started here and is being watched. Closing ends the watching, not what runs. */
public final class Run implements AutoCloseable {
    /** What the end of a run gives. */
    interface Ending {
        /** Called once, after the monitor has ended; gives the exit code. */
        int finish();
    }

    private final Performer.Performance performance;
    private final Ending ending;
    private final List<IntConsumer> listeners = new ArrayList<>();
    private boolean ended;
    private int code;

    Run(Performer.Performance performance, Ending ending) {
        this.performance = performance;
        this.ending = ending;
    }

    /** Blocks until it has ended and what it held is given back; its exit code, 128 and the signal when one ended it. */
    public synchronized int await() {
        if (!ended) {
            performance.awaitEnd();
            code = ending.finish();
            ended = true;
            performance.close();
            for (IntConsumer listener : listeners) {
                listener.accept(code);
            }
        }
        return code;
    }

    /** Has the exit code told, by whoever awaits it, once it has ended. To be said before anybody awaits it. */
    public Run whenEnded(IntConsumer listener) {
        listeners.add(listener);
        return this;
    }

    /** What tells the end, for those who wait for several things at once. */
    public Performer.Performance performance() {
        return performance;
    }

    @Override
    public void close() {
        performance.close();
    }
}
