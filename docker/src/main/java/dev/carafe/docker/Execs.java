package dev.carafe.docker;

import dev.carafe.engine.PipedSession;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Processes that were asked for, and their exit codes, which clients ask for afterwards. Those that have ended are forgotten when there are many, the
 * oldest first.
 */
final class Execs {
    private static final int MOST = 4096;

    private final Map<String, Exec> byId = new HashMap<>();
    private final Deque<String> order = new ArrayDeque<>();

    /** One of them. */
    static final class Exec {
        private static final int START_MILLIS = 3_000;

        private final String id;
        private final String container;
        private final Body body;
        private boolean begun;
        private boolean started;
        private @Nullable Integer code;
        private @Nullable PipedSession session;

        Exec(String id, String container, Body body) {
            this.id = id;
            this.container = container;
            this.body = body;
        }

        String id() {
            return id;
        }

        /** The id of the container that it is in. */
        String container() {
            return container;
        }

        /** What the client said of it. */
        Body body() {
            return body;
        }

        /** False: it was begun before. */
        synchronized boolean begin() {
            boolean first = !begun;
            begun = true;
            return first;
        }

        synchronized void started() {
            started = true;
            notifyAll();
        }

        synchronized void end(int exitCode) {
            code = exitCode;
            notifyAll();
        }

        /** A client tells the size of its window while the process is just being started. */
        synchronized void awaitStart() {
            long deadline = System.nanoTime() + START_MILLIS * 1_000_000L;
            while ((!begun || !started || session == null) && code == null && System.nanoTime() < deadline) {
                try {
                    wait(START_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }

        /** Who carries its streams now. */
        synchronized void attached(Optional<PipedSession> piped) {
            session = piped.orElse(null);
            notifyAll();
        }

        synchronized Optional<PipedSession> session() {
            return Optional.ofNullable(session);
        }

        synchronized boolean isRunning() {
            return started && code == null;
        }

        synchronized Optional<Integer> code() {
            return Optional.ofNullable(code);
        }
    }

    synchronized void add(Exec exec) {
        byId.put(exec.id(), exec);
        order.add(exec.id());
        for (int k = order.size(); k > 0 && byId.size() > MOST; k--) {
            String oldest = order.remove();
            if (byId.get(oldest).isRunning()) {
                order.add(oldest);
            } else {
                byId.remove(oldest);
            }
        }
    }

    synchronized Exec find(String id) {
        Exec exec = byId.get(id);
        if (exec == null) {
            throw ApiFault.notFound("No such exec instance: " + id);
        }
        return exec;
    }
}
