package dev.carafe.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Timestamps;
import dev.carafe.oci.Json;
import dev.carafe.oci.JsonFields;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How well a container is, by what its checks gave (docker's Engine API, Health).
 *
 * @param status what they come to
 * @param failures how many of the last ones failed in a row
 * @param log the last five, oldest first
 * @param run nanoseconds since 1970 when the run began that this is about; 0: of none
 */
public record Health(Status status, int failures, List<Check> log, long run) {
    static final String FILE = "health";
    private static final int KEPT = 5;
    private static final Health NONE = new Health(Status.STARTING, 0, List.of(), 0);

    /** What the checks come to. */
    public enum Status {
        STARTING, HEALTHY, UNHEALTHY;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One check.
     *
     * @param exitCode of its command; -1 when that could not be started, or took too long
     * @param output of its command, of both streams, its beginning
     */
    public record Check(Instant start, Instant end, int exitCode, String output) {
        JsonObject json() {
            return new JsonFields().put("Start", Timestamps.print(start)).put("End", Timestamps.print(end)).put("ExitCode", exitCode).put("Output", output).json();
        }

        private static Check parse(JsonObject json) {
            return new Check(Timestamps.parse(json.get("Start").getAsString()), Timestamps.parse(json.get("End").getAsString()), json.get("ExitCode").getAsInt(),
                    json.get("Output").getAsString());
        }
    }

    public Health {
        log = List.copyOf(log);
    }

    /** Of a container that runs since then; what was noted of an earlier run counts no more, but stays in the log. */
    static Health read(Path container, long run) {
        Health noted = read(container);
        return noted.run == run ? noted : new Health(Status.STARTING, 0, noted.log, run);
    }

    /** What was noted last. */
    static Health read(Path container) {
        Optional<JsonObject> json = StateFile.readJson(container.resolve(FILE));
        if (json.isEmpty()) {
            return NONE;
        }
        var log = new ArrayList<Check>();
        for (JsonElement check : json.get().getAsJsonArray("Log")) {
            log.add(Check.parse(check.getAsJsonObject()));
        }
        return new Health(Status.valueOf(json.get().get("Status").getAsString().toUpperCase(Locale.ROOT)), json.get().get("FailingStreak").getAsInt(), log,
                json.get().get("Run").getAsLong());
    }

    void write(Path container) {
        JsonObject json = json();
        json.addProperty("Run", run);
        StateFile.write(container.resolve(FILE), Json.compact(json));
    }

    /** Of a container that does not run, which is as docker tells it. */
    Health ended() {
        return new Health(Status.UNHEALTHY, failures, log, run);
    }

    /** With one more check. */
    Health with(Check check, HealthPolicy policy, Instant started) {
        var checks = new ArrayList<>(log);
        checks.add(check);
        List<Check> kept = checks.subList(Math.max(0, checks.size() - KEPT), checks.size());
        if (check.exitCode == 0) {
            return new Health(Status.HEALTHY, 0, kept, run);
        }
        if (status == Status.STARTING && Duration.between(started, check.start).compareTo(policy.startPeriod()) < 0) {
            return new Health(status, failures, kept, run);
        }
        return new Health(failures + 1 >= policy.retries() ? Status.UNHEALTHY : status, failures + 1, kept, run);
    }

    /** Docker's Health object. */
    public JsonObject json() {
        var checks = new JsonArray();
        log.forEach(check -> checks.add(check.json()));
        return new JsonFields().put("Status", status.word()).put("FailingStreak", failures).put("Log", checks).json();
    }
}
