package dev.carafe.engine;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How lists describe a container, in docker's words. */
public final class ContainerWords {
    private ContainerWords() {
    }

    /** {@code Up 3 minutes (healthy)}, {@code Exited (0) 5 seconds ago}. */
    public static String status(Container container, ContainerStatus status, Instant now) {
        return status(status, now) + switch (status.phase() == ContainerStatus.Phase.RUNNING ? health(container) : "none") {
            case "starting" -> " (health: starting)";
            case "healthy" -> " (healthy)";
            case "unhealthy" -> " (unhealthy)";
            default -> "";
        };
    }

    private static String status(ContainerStatus status, Instant now) {
        return switch (status.phase()) {
            case CREATED -> "Created";
            case RUNNING -> "Up " + since(status.startedAt(), now);
            case PAUSED -> "Up " + since(status.startedAt(), now) + " (Paused)";
            case RESTARTING -> "Restarting (" + status.exitCode() + ") " + since(status.finishedAt(), now) + " ago";
            case EXITED -> "Exited (" + status.exitCode() + ") " + since(status.finishedAt(), now) + " ago";
        };
    }

    private static String since(long nanos, Instant now) {
        return Durations.human(Duration.between(Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000), now));
    }

    /** The program and its arguments; those with a blank in quotes. */
    public static String command(ContainerRecord record) {
        JsonObject document = record.document();
        var line = new StringBuilder(document.get("Path").getAsString());
        for (JsonElement argument : document.getAsJsonArray("Args")) {
            String word = argument.getAsString();
            line.append(' ').append(word.indexOf(' ') < 0 ? word : "'" + word + "'");
        }
        return line.toString();
    }

    /** Whether it is well: none, starting, healthy or unhealthy. */
    public static String health(Container container) {
        return container.health().map(health -> health.status().name().toLowerCase(Locale.ROOT)).orElse("none");
    }
}
