package dev.carafe.engine;

import dev.carafe.base.Fault;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the health checks of running containers when they are due; what it needs to go on after a kill is on disk, in the log of the checks. */
final class Patrol {
    private static final int STACK = 256 << 10;

    private final Containers all;
    private final Map<String, Turn> turns = new HashMap<>();

    /** When a container is to be checked next; changed by the thread that checks it. */
    private static final class Turn {
        private final long run;
        private volatile long due;
        private volatile @Nullable Thread checking;

        Turn(long run, long due) {
            this.run = run;
            this.due = due;
        }
    }

    Patrol(Containers all) {
        this.all = all;
    }

    /** Begins a check of that container if it is time to. Whether it needs to be looked at again. */
    boolean look(Container container) {
        HealthPolicy policy = HealthPolicy.of(container.record()).orElse(null);
        if (policy == null) {
            return false;
        }
        ContainerStatus status = all.store.status(container.id(), all.boot);
        if (!status.running()) {
            turns.remove(container.id());
            return false;
        }
        Turn turn = turns.get(container.id());
        if (turn == null || turn.run != status.startedAt()) {
            turn = new Turn(status.startedAt(), due(container, policy, status));
            turns.put(container.id(), turn);
        }
        if (turn.checking == null && now() >= turn.due) {
            begin(container, policy, turn);
        }
        return true;
    }

    private void begin(Container container, HealthPolicy policy, Turn turn) {
        var thread = new Thread(null, () -> {
            try {
                new Probing(all, container, policy).check();
            } catch (Fault one) {
                // It was removed, or its disk is full: told by whoever asks for it.
            } finally {
                Health health = Health.read(all.roots.container(container.id()), turn.run);
                turn.due = now() + policy.interval(health, Duration.ofNanos(now() - turn.run)).toNanos();
                turn.checking = null;
            }
        }, "check", STACK);
        thread.setDaemon(true);
        turn.checking = thread;
        thread.start();
    }

    /** The first time that this process looks at it. */
    private long due(Container container, HealthPolicy policy, ContainerStatus status) {
        Health health = Health.read(all.roots.container(container.id()));
        boolean checked = health.run() == status.startedAt() && !health.log().isEmpty();
        long last = checked ? health.log().getLast().end().toEpochMilli() * 1_000_000 : status.startedAt();
        Health current = Health.read(all.roots.container(container.id()), status.startedAt());
        return last + policy.interval(current, Duration.ofNanos(last - status.startedAt())).toNanos();
    }

    private static long now() {
        return System.currentTimeMillis() * 1_000_000;
    }
}
