package dev.carafe.engine;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.base.Timestamps;
import dev.carafe.kernel.Signal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about a container when it was made: the document that docker's inspect shows, but for its state, which changes. The
 * bundle beside this record says the same in the words of the runtime-spec.
 *
 * @param image the reference as the user wrote it
 * @param imageId the digest of the image's configuration; empty for the host itself
 */
public record ContainerRecord(String id, String name, Instant created, String image, Optional<Digest> imageId, JsonObject document) {
    static final String FILE = "container.json";

    static ContainerRecord parse(JsonObject document) {
        String imageId = document.get("Image").getAsString();
        return new ContainerRecord(document.get("Id").getAsString(), document.get("Name").getAsString().substring(1),
                Timestamps.parse(document.get("Created").getAsString()), document.getAsJsonObject("Config").get("Image").getAsString(),
                imageId.isEmpty() ? Optional.empty() : Optional.of(Digest.parse(imageId)), document);
    }

    /** Docker's Config object: what runs. */
    public JsonObject config() {
        return document.getAsJsonObject("Config");
    }

    /** Docker's HostConfig object: what it may do and use. */
    public JsonObject hostConfig() {
        return document.getAsJsonObject("HostConfig");
    }

    /** The control group that its own is made in; empty for the usual one. */
    String cgroupParent() {
        JsonElement parent = hostConfig().get("CgroupParent");
        return parent == null || parent.isJsonNull() ? "" : parent.getAsString();
    }

    /** Whether it is to be started again in any case. */
    public boolean restarts() {
        JsonElement policy = hostConfig().get("RestartPolicy");
        if (policy == null || !policy.isJsonObject()) {
            return false;
        }
        String name = policy.getAsJsonObject().get("Name").getAsString();
        return !name.isEmpty() && !name.equals("no");
    }

    /** Whether it is asked from time to time whether it is well. */
    public boolean checksHealth() {
        return config().has("Healthcheck") && HealthPolicy.of(this).isPresent();
    }

    /** Whether somebody has to look at it from time to time. */
    boolean needsTending() {
        return restarts() || checksHealth() || logs() && (LogPolicy.of(this).compress() || LogPolicy.of(this).copies());
    }

    public RestartPolicy restartPolicy() {
        JsonObject policy = hostConfig().getAsJsonObject("RestartPolicy");
        int retries = policy.get("MaximumRetryCount").getAsInt();
        return RestartPolicy.parse(policy.get("Name").getAsString() + (retries > 0 ? ":" + retries : ""));
    }

    public boolean terminal() {
        return truth(config(), "Tty");
    }

    public boolean openStdin() {
        return truth(config(), "OpenStdin");
    }

    public boolean stdinOnce() {
        return truth(config(), "StdinOnce");
    }

    public boolean removeWhenDone() {
        return truth(hostConfig(), "AutoRemove");
    }

    /** Whom it runs as, in the words of its user or its image; empty: the superuser. */
    public String user() {
        JsonElement user = config().get("User");
        return user == null || user.isJsonNull() ? "" : user.getAsString();
    }

    /** The groups that all its processes are in beside their user's own: names or numbers. */
    public List<String> groups() {
        return words(hostConfig().get("GroupAdd"));
    }

    /** The names of variables that come from secrets. */
    List<String> secretVariables() {
        return words(config().get(Secrets.VARIABLES));
    }

    public List<String> environment() {
        return words(config().get("Env"));
    }

    private static List<String> words(@Nullable JsonElement array) {
        var list = new ArrayList<String>();
        if (array != null && array.isJsonArray()) {
            array.getAsJsonArray().forEach(e -> list.add(e.getAsString()));
        }
        return list;
    }

    /** Whether output is kept: the log driver is not {@code none}. */
    public boolean logs() {
        JsonObject log = hostConfig().getAsJsonObject("LogConfig");
        return log == null || !log.get("Type").getAsString().equals("none");
    }

    public Signal stopSignal() {
        JsonElement signal = config().get("StopSignal");
        return signal == null || signal.isJsonNull() || signal.getAsString().isEmpty() ? Signal.TERM : Signal.parse(signal.getAsString());
    }

    /** Seconds between the stop signal and the kill. */
    public int stopTimeout() {
        JsonElement timeout = config().get("StopTimeout");
        return timeout == null || timeout.isJsonNull() ? 10 : timeout.getAsInt();
    }

    public Map<String, String> labels() {
        var labels = new LinkedHashMap<String, String>();
        JsonElement given = config().get("Labels");
        if (given != null && given.isJsonObject()) {
            given.getAsJsonObject().entrySet().forEach(e -> labels.put(e.getKey(), e.getValue().getAsString()));
        }
        return labels;
    }

    private static boolean truth(JsonObject in, String name) {
        JsonElement value = in.get(name);
        return value != null && value.isJsonPrimitive() && value.getAsBoolean();
    }
}
