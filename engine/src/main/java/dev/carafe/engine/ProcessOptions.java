package dev.carafe.engine;

import dev.carafe.kernel.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What runs in a container and as whom; what is absent comes from the image.
 *
 * @param entrypoint the program and first arguments in place of the image's; present and empty: none at all
 * @param command further arguments, or the program where there is no entry point; empty: the image's
 * @param user {@code USER[:GROUP]}, names or numbers
 * @param groups further groups, names or numbers
 * @param workingDirectory an absolute path in the container
 * @param environment {@code NAME=value}, later ones win; a bare {@code NAME} takes the image's away
 * @param init whether a small init of the engine's runs as process 1; absent: the engine's default
 * @param stopSignal what asks it to end
 * @param stopTimeout how long it may take to end before it is killed; negative: as long as it likes
 */
public record ProcessOptions(Optional<List<String>> entrypoint, List<String> command, Optional<String> user, List<String> groups,
        Optional<String> workingDirectory, List<String> environment, Optional<Boolean> init, Optional<Signal> stopSignal,
        Optional<Duration> stopTimeout) {
    /** All as the image says. */
    public static final ProcessOptions NONE = builder().build();

    public ProcessOptions {
        entrypoint = entrypoint.isPresent() ? Optional.of(List.copyOf(entrypoint.get())) : entrypoint;
        command = List.copyOf(command);
        groups = List.copyOf(groups);
        environment = List.copyOf(environment);
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        var b = new Builder();
        b.entrypoint = entrypoint;
        b.command = command;
        b.user = user;
        b.groups = groups;
        b.workingDirectory = workingDirectory;
        b.environment = environment;
        b.init = init;
        b.stopSignal = stopSignal;
        b.stopTimeout = stopTimeout;
        return b;
    }

    /** Collects the parts of {@link ProcessOptions}. */
    public static final class Builder {
        private Optional<List<String>> entrypoint = Optional.empty();
        private List<String> command = List.of();
        private Optional<String> user = Optional.empty();
        private List<String> groups = List.of();
        private Optional<String> workingDirectory = Optional.empty();
        private List<String> environment = List.of();
        private Optional<Boolean> init = Optional.empty();
        private Optional<Signal> stopSignal = Optional.empty();
        private Optional<Duration> stopTimeout = Optional.empty();

        private Builder() {}

        public Builder entrypoint(List<String> words) {
            entrypoint = Optional.of(words);
            return this;
        }

        public Builder command(List<String> words) {
            command = words;
            return this;
        }

        public Builder user(String userAndGroup) {
            user = Optional.of(userAndGroup);
            return this;
        }

        public Builder groups(List<String> all) {
            groups = all;
            return this;
        }

        public Builder workingDirectory(String path) {
            workingDirectory = Optional.of(path);
            return this;
        }

        public Builder environment(List<String> variables) {
            environment = variables;
            return this;
        }

        public Builder init(boolean on) {
            init = Optional.of(on);
            return this;
        }

        public Builder stopSignal(Signal signal) {
            stopSignal = Optional.of(signal);
            return this;
        }

        public Builder stopTimeout(Duration time) {
            stopTimeout = Optional.of(time);
            return this;
        }

        public ProcessOptions build() {
            return new ProcessOptions(entrypoint, command, user, groups, workingDirectory, environment, init, stopSignal, stopTimeout);
        }
    }
}
