package dev.carafe.engine;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a caller may wait for (podman-wait(1); docker's Engine API, ContainerWait). */
public enum WaitCondition {
    /** It was made and never started. */
    CREATED,
    /** It ran and does not run. */
    EXITED,
    /** Its health checks say that it is well. */
    HEALTHY,
    /** Its next end, even when it does not run now. */
    NEXT_EXIT,
    /** It does not run, whether it ever did or not. */
    NOT_RUNNING,
    PAUSED,
    REMOVED,
    RUNNING,
    /** As {@link #EXITED}; podman's other word for it. */
    STOPPED,
    /** Its health checks say that it is not well; so is one that ended. */
    UNHEALTHY;

    private static final int SLICE_MILLIS = 20;

    /** The condition by its word, such as {@code next-exit}. */
    public static Optional<WaitCondition> parse(String word) {
        for (WaitCondition condition : values()) {
            if (condition.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(word)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    /**
     * Blocks until one of them holds.
     *
     * @return the exit code where the condition is an end, else -1, as podman prints it
     */
    static int await(Container container, Set<WaitCondition> conditions) {
        try (RunEnd end = RunEnd.of(container)) {
            return await(container, conditions, end);
        }
    }

    private static int await(Container container, Set<WaitCondition> conditions, RunEnd end) {
        ContainerStatus first = container.status();
        while (true) {
            ContainerStatus now = container.status();
            boolean removed = container.isRemoved();
            for (WaitCondition condition : conditions) {
                if (condition.holds(first, now, removed) || condition.is(container)) {
                    return now.running() || condition == CREATED ? -1 : end.code();
                }
            }
            if (removed) {
                return end.code();
            }
            try {
                Thread.sleep(SLICE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return -1;
            }
        }
    }

    private boolean is(Container container) {
        return (this == HEALTHY || this == UNHEALTHY) && container.health().filter(health -> health.status().name().equals(name())).isPresent();
    }

    private boolean holds(ContainerStatus first, ContainerStatus now, boolean removed) {
        boolean ended = now.phase() == ContainerStatus.Phase.EXITED;
        return switch (this) {
            case CREATED -> now.phase() == ContainerStatus.Phase.CREATED && !removed;
            case EXITED, STOPPED -> ended;
            case NEXT_EXIT -> ended && now.finishedAt() != first.finishedAt();
            case NOT_RUNNING -> !now.running();
            case PAUSED -> now.isPaused();
            case REMOVED -> removed;
            case RUNNING -> now.phase() == ContainerStatus.Phase.RUNNING;
            case HEALTHY, UNHEALTHY -> false;
        };
    }
}
