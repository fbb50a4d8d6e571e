package dev.carafe.bench;

import dev.carafe.base.Fault;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has to be undone, last thing first. It is done once: at the end of the run, or by a shutdown hook when the run is
 * interrupted. An action that fails does not keep the others from being done.
 */
public final class Cleanup implements AutoCloseable {
    /** An action that may fail. */
    public interface Action {
        void run() throws Exception;
    }

    private record Entry(String name, Action action) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private boolean done;

    /** Does what is left to do when the machine ends, too. */
    public static Cleanup atExit() {
        var cleanup = new Cleanup();
        Runtime.getRuntime().addShutdownHook(new Thread(cleanup::close, "cleanup"));
        return cleanup;
    }

    /** Remembers an action; its name is printed when it fails. Nothing may be made once the undoing has begun. */
    public synchronized void add(String name, Action action) {
        if (done) {
            throw Fault.of(Fault.Kind.CANCELLED, "prepare", name, "the run ends");
        }
        entries.push(new Entry(name, action));
    }

    @Override
    public synchronized void close() {
        done = true;
        while (!entries.isEmpty()) {
            Entry entry = entries.pop();
            try {
                entry.action.run();
            } catch (Exception e) {
                System.err.println("bench: " + entry.name + ": " + e.getMessage());
            }
        }
    }
}
