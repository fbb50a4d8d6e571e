package dev.carafe.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.JsonFields;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Docker's {@code Config} object, which containers and images have alike (its Engine API 1.41, ContainerConfig). */
final class DockerConfig {
    /**
     * What only a container says.
     *
     * @param image the reference that it was made from, as its user wrote it
     */
    record Own(String hostname, String domainname, boolean stdin, boolean stdout, boolean stderr, boolean tty, boolean interactive,
            String image, Optional<Duration> stopTimeout) {}

    private DockerConfig() {}

    /** @param own absent: the object of an image */
    static JsonObject of(ContainerConfig config, Optional<Own> own) {
        boolean stdin = own.isPresent() && own.get().stdin;
        boolean interactive = own.isPresent() && own.get().interactive;
        var fields = new JsonFields().put("Hostname", own.map(Own::hostname).orElse(""))
                .put("Domainname", own.map(Own::domainname).orElse(""))
                .put("User", config.user().orElse(""))
                .put("AttachStdin", stdin)
                .put("AttachStdout", own.isPresent() && own.get().stdout)
                .put("AttachStderr", own.isPresent() && own.get().stderr)
                .names("ExposedPorts", config.exposedPorts())
                .put("Tty", own.isPresent() && own.get().tty)
                .put("OpenStdin", interactive)
                .put("StdinOnce", interactive && stdin)
                .put("Env", listOrNull(config.env()))
                .put("Cmd", listOrNull(config.cmd()))
                .optional("Healthcheck", config.healthcheck())
                .flag("ArgsEscaped", config.argsEscaped())
                .put("Image", own.map(Own::image).orElse(""))
                .put("Volumes", namesOrNull(config.volumes()))
                .put("WorkingDir", config.workingDir().orElse(""))
                .put("Entrypoint", listOrNull(config.entrypoint()))
                .put("OnBuild", listOrNull(config.onBuild()))
                .put("Labels", config.labels().isEmpty() && own.isEmpty() ? JsonNull.INSTANCE : sorted(config.labels()));
        config.stopSignal().ifPresent(signal -> fields.put("StopSignal", signal));
        own.flatMap(Own::stopTimeout).ifPresent(time -> fields.put("StopTimeout", time.isNegative() ? -1 : time.toSeconds()));
        return fields.list("Shell", config.shell()).json();
    }

    static JsonElement listOrNull(List<String> words) {
        return words.isEmpty() ? JsonNull.INSTANCE : list(words);
    }

    static JsonArray list(List<String> words) {
        var array = new JsonArray();
        words.forEach(array::add);
        return array;
    }

    private static JsonElement namesOrNull(List<String> names) {
        if (names.isEmpty()) {
            return JsonNull.INSTANCE;
        }
        var set = new JsonObject();
        names.forEach(name -> set.add(name, new JsonObject()));
        return set;
    }

    /** As Go writes a map. */
    static JsonObject sorted(Map<String, String> map) {
        var object = new JsonObject();
        new TreeMap<>(map).forEach(object::addProperty);
        return object;
    }
}
