package dev.carafe.oci;

import com.google.gson.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a container of the image is run unless told otherwise (image-spec config.md#properties).
 *
 * @param user {@code user}, {@code uid}, or either with {@code :group} or {@code :gid}
 * @param exposedPorts {@code 8080/tcp} and the like
 * @param env each {@code NAME=value}
 * @param entrypoint the program and first arguments
 * @param cmd further arguments, or the program where there is no entry point
 * @param volumes directories that get a volume
 * @param workingDir the directory that the process starts in
 * @param labels anything else
 * @param stopSignal a name such as {@code SIGTERM}, or a number
 * @param argsEscaped Windows only and deprecated
 * @param healthcheck Docker's extension: how to ask whether it is well
 * @param onBuild Docker's extension: instructions for builds upon the image
 * @param shell Docker's extension: what runs commands in shell form
 */
public record ContainerConfig(Optional<String> user, List<String> exposedPorts, List<String> env, List<String> entrypoint,
        List<String> cmd, List<String> volumes, Optional<String> workingDir, Map<String, String> labels,
        Optional<String> stopSignal, boolean argsEscaped, Optional<Healthcheck> healthcheck, List<String> onBuild,
        List<String> shell) implements JsonForm {
    /** Nothing set. */
    public static final ContainerConfig EMPTY = builder().build();

    public ContainerConfig {
        exposedPorts = List.copyOf(exposedPorts);
        env = List.copyOf(env);
        entrypoint = List.copyOf(entrypoint);
        cmd = List.copyOf(cmd);
        volumes = List.copyOf(volumes);
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        onBuild = List.copyOf(onBuild);
        shell = List.copyOf(shell);
    }

    public static ContainerConfig parse(Fields in) {
        Fields fields = in.section("image-spec config.md#properties");
        return new ContainerConfig(
                fields.optionalString("User"),
                fields.names("ExposedPorts"),
                fields.strings("Env"),
                fields.strings("Entrypoint"),
                fields.strings("Cmd"),
                fields.names("Volumes"),
                fields.optionalString("WorkingDir"),
                fields.stringMap("Labels"),
                fields.optionalString("StopSignal"),
                fields.flag("ArgsEscaped"),
                fields.optionalObject("Healthcheck", Healthcheck::parse),
                fields.strings("OnBuild"),
                fields.strings("Shell"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .optional("User", user)
                .names("ExposedPorts", exposedPorts)
                .list("Env", env)
                .list("Entrypoint", entrypoint)
                .list("Cmd", cmd)
                .names("Volumes", volumes)
                .optional("WorkingDir", workingDir)
                .map("Labels", labels)
                .optional("StopSignal", stopSignal)
                .flag("ArgsEscaped", argsEscaped)
                .optional("Healthcheck", healthcheck)
                .list("OnBuild", onBuild)
                .list("Shell", shell)
                .json();
    }

    /** Starts with everything absent. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.user = user;
        builder.exposedPorts = exposedPorts;
        builder.env = env;
        builder.entrypoint = entrypoint;
        builder.cmd = cmd;
        builder.volumes = volumes;
        builder.workingDir = workingDir;
        builder.labels = labels;
        builder.stopSignal = stopSignal;
        builder.argsEscaped = argsEscaped;
        builder.healthcheck = healthcheck;
        builder.onBuild = onBuild;
        builder.shell = shell;
        return builder;
    }

    /** Collects the components of a {@link ContainerConfig}; each method replaces what was set before. */
    public static final class Builder {
        private Optional<String> user = Optional.empty();
        private List<String> exposedPorts = List.of();
        private List<String> env = List.of();
        private List<String> entrypoint = List.of();
        private List<String> cmd = List.of();
        private List<String> volumes = List.of();
        private Optional<String> workingDir = Optional.empty();
        private Map<String, String> labels = Map.of();
        private Optional<String> stopSignal = Optional.empty();
        private boolean argsEscaped;
        private Optional<Healthcheck> healthcheck = Optional.empty();
        private List<String> onBuild = List.of();
        private List<String> shell = List.of();

        private Builder() {}

        public Builder user(String value) {
            return user(Optional.of(value));
        }

        public Builder user(Optional<String> value) {
            user = value;
            return this;
        }

        public Builder exposedPorts(List<String> values) {
            exposedPorts = values;
            return this;
        }

        public Builder env(List<String> values) {
            env = values;
            return this;
        }

        public Builder entrypoint(List<String> values) {
            entrypoint = values;
            return this;
        }

        public Builder cmd(List<String> values) {
            cmd = values;
            return this;
        }

        public Builder volumes(List<String> values) {
            volumes = values;
            return this;
        }

        public Builder workingDir(String value) {
            return workingDir(Optional.of(value));
        }

        public Builder workingDir(Optional<String> value) {
            workingDir = value;
            return this;
        }

        public Builder labels(Map<String, String> values) {
            labels = values;
            return this;
        }

        public Builder stopSignal(String value) {
            return stopSignal(Optional.of(value));
        }

        public Builder stopSignal(Optional<String> value) {
            stopSignal = value;
            return this;
        }

        public Builder argsEscaped(boolean value) {
            argsEscaped = value;
            return this;
        }

        public Builder healthcheck(Healthcheck value) {
            return healthcheck(Optional.of(value));
        }

        public Builder healthcheck(Optional<Healthcheck> value) {
            healthcheck = value;
            return this;
        }

        public Builder onBuild(List<String> values) {
            onBuild = values;
            return this;
        }

        public Builder shell(List<String> values) {
            shell = values;
            return this;
        }

        public ContainerConfig build() {
            return new ContainerConfig(user, exposedPorts, env, entrypoint, cmd, volumes, workingDir, labels, stopSignal,
                    argsEscaped, healthcheck, onBuild, shell);
        }
    }
}
