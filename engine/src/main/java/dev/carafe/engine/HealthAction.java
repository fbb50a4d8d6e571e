package dev.carafe.engine;

import java.util.Locale;
import java.util.Optional;

/** What is done with a container whose health checks fail (podman-run(1), {@code --health-on-failure}). */
public enum HealthAction {
    NONE, KILL, RESTART, STOP;

    /** The action by its word. */
    public static Optional<HealthAction> parse(String word) {
        for (HealthAction action : values()) {
            if (action.word().equals(word)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
