package dev.carafe.engine;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Fields;
import dev.carafe.oci.Healthcheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How often and by what a running container is asked whether it is well, with docker's values where nothing is said (docker's Dockerfile reference,
 * HEALTHCHECK).
 *
 * @param command what is run in it: status 0 says that it is well
 * @param interval between the end of a check and the next
 * @param timeout until a check is killed and counts as failed
 * @param startPeriod for how long after the start failures of one that was never well do not count
 * @param startInterval the interval in that time
 * @param retries how many failures in a row make it unhealthy
 * @param onFailure what is done with one that is unhealthy
 */
record HealthPolicy(List<String> command, Duration interval, Duration timeout, Duration startPeriod, Duration startInterval, int retries, HealthAction onFailure) {
    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final Duration USUAL_START_INTERVAL = Duration.ofSeconds(5);
    private static final int USUAL_RETRIES = 3;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    /** Of docker's Config object; the name is podman's. */
    static final String ON_FAILURE = "HealthcheckOnFailureAction";
    private static final List<String> SHELL = List.of("/bin/sh", "-c");

    HealthPolicy {
        command = List.copyOf(command);
    }

    /** Of a container; empty where none is asked. */
    static Optional<HealthPolicy> of(ContainerRecord record) {
        JsonElement check = record.config().get("Healthcheck");
        if (check == null || !check.isJsonObject()) {
            return Optional.empty();
        }
        Healthcheck asked = Healthcheck.parse(Fields.of("container.json", check.getAsJsonObject()));
        List<String> command = command(asked.test(), record.config());
        if (command.isEmpty()) {
            return Optional.empty();
        }
        int retries = asked.retries().orElse(0);
        return Optional.of(new HealthPolicy(command, or(asked.interval(), USUAL), or(asked.timeout(), USUAL), or(asked.startPeriod(), Duration.ZERO),
                or(asked.startInterval(), USUAL_START_INTERVAL), retries > 0 ? retries : USUAL_RETRIES, onFailure(record.config())));
    }

    private static Duration or(Optional<Duration> given, Duration usual) {
        return given.filter(Duration::isPositive).orElse(usual);
    }

    private static List<String> command(List<String> test, JsonObject config) {
        if (test.size() < 2) {
            return List.of();
        }
        var words = new ArrayList<String>();
        switch (test.getFirst()) {
            case "CMD" -> { }
            case "CMD-SHELL" -> {
                JsonElement shell = config.get("Shell");
                if (shell != null && shell.isJsonArray()) {
                    shell.getAsJsonArray().forEach(word -> words.add(word.getAsString()));
                } else {
                    words.addAll(SHELL);
                }
            }
            default -> {
                return List.of();
            }
        }
        words.addAll(test.subList(1, test.size()));
        return words;
    }

    private static HealthAction onFailure(JsonObject config) {
        JsonElement action = config.get(ON_FAILURE);
        return action == null ? HealthAction.NONE : HealthAction.parse(action.getAsString()).orElse(HealthAction.NONE);
    }

    /** When the next check is due. */
    Duration interval(Health health, Duration sinceStart) {
        return health.status() == Health.Status.STARTING && sinceStart.compareTo(startPeriod) < 0 ? startInterval : interval;
    }

    /**
     * What is asked of a container: by the words of its maker and, where those leave something open, of its image.
     *
     * @throws Fault {@code INVALID}
     */
    static Optional<Healthcheck> merged(Optional<Healthcheck> asked, Optional<Healthcheck> image) {
        if (asked.isEmpty() || asked.get().equals(Healthcheck.NONE)) {
            return asked.or(() -> image);
        }
        Healthcheck own = asked.get();
        require("Interval", own.interval());
        require("Timeout", own.timeout());
        require("StartPeriod", own.startPeriod());
        require("StartInterval", own.startInterval());
        Healthcheck base = image.orElse(own);
        return Optional.of(new Healthcheck(own.test().isEmpty() ? base.test() : own.test(), own.interval().or(base::interval), own.timeout().or(base::timeout),
                own.startPeriod().or(base::startPeriod), own.startInterval().or(base::startInterval), own.retries().or(base::retries)));
    }

    private static void require(String name, Optional<Duration> given) {
        if (given.filter(time -> time.isPositive() && time.compareTo(SHORTEST) < 0).isPresent()) {
            throw Fault.invalid("create", "container", name + " in Healthcheck cannot be less than 1ms");
        }
    }
}
