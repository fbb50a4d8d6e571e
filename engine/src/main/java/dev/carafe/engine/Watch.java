package dev.carafe.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finishes containers that run detached: each gets a thread that sleeps until its monitor ends. The threads are daemons, so a program
 * that leaves does not wait for them; what they would have done, the next engine does.
 */
final class Watch implements AutoCloseable {
    private static final int STACK = 256 << 10;

    private final Set<Run> runs = ConcurrentHashMap.newKeySet();

    void add(Run run) {
        runs.add(run);
        var thread = new Thread(null, () -> {
            try {
                run.await();
            } finally {
                runs.remove(run);
            }
        }, "watch", STACK);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        runs.forEach(Run::close);
    }
}
