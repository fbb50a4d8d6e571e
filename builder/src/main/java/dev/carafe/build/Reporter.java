package dev.carafe.build;

import java.util.concurrent.atomic.AtomicInteger;

/** Numbers the steps of a build and tells its listener of them, one event at a time. */
final class Reporter {
    private final ProgressListener listener;
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger cached = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    Reporter(ProgressListener listener) {
        this.listener = listener;
    }

    /** One step being reported. */
    final class Step {
        private final int number;
        private final long began = System.nanoTime();

        private Step(int number) {
            this.number = number;
        }

        void cached() {
            cached.incrementAndGet();
            tell(new BuildEvent.Cached(number));
        }

        void why(String reason) {
            tell(new BuildEvent.Why(number, reason));
        }

        void note(String text) {
            tell(new BuildEvent.Note(number, text));
        }

        void output(boolean error, byte[] bytes) {
            tell(new BuildEvent.Output(number, error, bytes, nanos()));
        }

        void done() {
            tell(new BuildEvent.Done(number, nanos()));
        }

        /** As {@link #done}, of a step that has run. */
        void ran() {
            done.incrementAndGet();
            done();
        }

        long nanos() {
            return System.nanoTime() - began;
        }

        int number() {
            return number;
        }
    }

    Step begin(String title) {
        synchronized (this) {
            var step = new Step(numbers.incrementAndGet());
            tell(new BuildEvent.Started(step.number, title));
            return step;
        }
    }

    synchronized void tell(BuildEvent event) {
        listener.on(event);
    }

    int cachedSteps() {
        return cached.get();
    }

    int doneSteps() {
        return done.get();
    }
}
