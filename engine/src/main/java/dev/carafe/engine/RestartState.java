package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.oci.Json;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is to be known of a container with a restart policy besides that policy.
 *
 * @param count how often it was started again by itself since somebody started it
 * @param delayMillis how long it waited the last time
 * @param stopped whether somebody ended it, so that it stays as it is
 * @param boot in which boot that was
 */
record RestartState(int count, int delayMillis, boolean stopped, String boot) {
    static final RestartState FRESH = new RestartState(0, 0, false, "");
    private static final String FILE = "restarts";
    private static final int SHORTEST_MILLIS = 100;
    private static final int LONGEST_MILLIS = 60_000;
    /** Whoever ran so long is taken to be well. */
    private static final long WELL_NANOS = 10_000_000_000L;

    static RestartState read(Path container) {
        Optional<JsonObject> json = StateFile.readJson(container.resolve(FILE));
        return json.map(j -> new RestartState(j.get("Count").getAsInt(), j.get("Delay").getAsInt(), j.get("Stopped").getAsBoolean(), j.get("Boot").getAsString()))
                .orElse(FRESH);
    }

    void write(Path container) {
        var json = new JsonObject();
        json.addProperty("Count", count);
        json.addProperty("Delay", delayMillis);
        json.addProperty("Stopped", stopped);
        json.addProperty("Boot", boot);
        StateFile.write(container.resolve(FILE), Json.compact(json));
    }

    /** Whether a container that has ended so is to be started again. */
    boolean wants(RestartPolicy policy, ContainerStatus status, String thisBoot) {
        boolean stays = stopped && !(policy.kind() == RestartPolicy.Kind.ALWAYS && !boot.equals(thisBoot));
        return status.phase() == ContainerStatus.Phase.EXITED && !stays && switch (policy.kind()) {
            case NO -> false;
            case ALWAYS, UNLESS_STOPPED -> true;
            case ON_FAILURE -> status.exitCode() != 0 && (policy.retries() == 0 || count < policy.retries());
        };
    }

    /** How long it waits this time: twice as long as the last time, from the shortest on for one that was well. */
    int delay(ContainerStatus status) {
        boolean well = status.finishedAt() - status.startedAt() >= WELL_NANOS;
        return well || delayMillis == 0 ? SHORTEST_MILLIS : Math.min(LONGEST_MILLIS, 2 * delayMillis);
    }
}
