package dev.carafe.docker;

import dev.carafe.engine.Container;
import dev.carafe.engine.PipedSession;
import dev.carafe.engine.Run;
import dev.carafe.engine.Timeline;
import dev.carafe.runtime.SessionStreams;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What clients wait for before a container is started: docker's client attaches first, then waits for the end, and only then starts. Kept in memory, as
 * nothing of it outlives its connections.
 */
final class Lives {
    private final Map<String, Deque<PipedSession>> sessions = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Integer>> ends = new ConcurrentHashMap<>();
    /** Of runs that this server sees the end of. */
    private final Map<String, CompletableFuture<Integer>> running = new ConcurrentHashMap<>();

    /** Whether this server sees the end of a container that runs. */
    boolean runs(String id) {
        return running.containsKey(id);
    }

    /** The session begins when the container is started. */
    void await(String id, PipedSession session) {
        sessions.compute(id, (i, waiting) -> {
            Deque<PipedSession> all = waiting == null ? new ArrayDeque<>() : waiting;
            all.add(session);
            return all;
        });
    }

    /** The client did not wait for the start. False: it has begun already. */
    boolean forget(String id, PipedSession session) {
        boolean[] there = new boolean[1];
        sessions.computeIfPresent(id, (i, waiting) -> {
            there[0] = waiting.remove(session);
            return waiting.isEmpty() ? null : waiting;
        });
        return there[0];
    }

    /**
     * Its exit code at its next end, as far as this server starts it; a container that goes at its end has gone by then.
     *
     * @param runs whether the end of its present run is meant, rather than of one that has not begun
     */
    CompletableFuture<Integer> nextEnd(String id, boolean runs) {
        CompletableFuture<Integer> present = runs ? running.get(id) : null;
        return present != null ? present : ends.computeIfAbsent(id, i -> new CompletableFuture<>());
    }

    /** Starts it with whoever waits for that attached, and has its end told. */
    void start(Container container) {
        Deque<PipedSession> waiting = Optional.ofNullable(sessions.remove(container.id())).orElseGet(ArrayDeque::new);
        PipedSession first = waiting.poll();
        Run run;
        try {
            run = first == null ? container.start(SessionStreams.NONE, Optional.empty(), new Timeline())
                    : container.start(first.streams(), Optional.of(first.session()), new Timeline());
        } catch (RuntimeException e) {
            if (first != null) {
                first.begun();
            }
            waiting.forEach(PipedSession::begun);
            throw e;
        }
        watch(container, run);
        if (first != null) {
            first.begun();
        }
        for (PipedSession other : waiting) {
            attach(container, other);
        }
    }

    /** Whoever waits is told of a container that was started in another way. */
    void watch(Container container, Run run) {
        CompletableFuture<Integer> waiting = ends.remove(container.id());
        CompletableFuture<Integer> end = waiting == null ? new CompletableFuture<>() : waiting;
        running.put(container.id(), end);
        container.watch(run.whenEnded(code -> {
            end.complete(code);
            running.remove(container.id(), end);
        }));
    }

    /** It may have ended by now: then there is nobody to attach to, and the session is over. */
    private static void attach(Container container, PipedSession session) {
        try {
            container.attach(session.streams(), session.session().detachKeys());
        } catch (dev.carafe.base.Fault ended) {
            session.leave();
        } finally {
            session.begun();
        }
    }
}
