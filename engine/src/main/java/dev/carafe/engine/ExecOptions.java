package dev.carafe.engine;

import java.util.List;
import java.util.Optional;

/**
 * A further process in a running container (docker's reference of {@code docker container exec}).
 *
 * @param command the program and its arguments
 * @param user {@code USER[:GROUP]}; absent: the container's
 * @param workingDirectory absent: the container's
 * @param environment {@code NAME=value}, on top of the container's; a bare {@code NAME} takes the container's away
 * @param privileged whether it has every capability
 * @param streams what its caller sees of it
 */
public record ExecOptions(List<String> command, Optional<String> user, Optional<String> workingDirectory, List<String> environment,
        boolean privileged, StreamOptions streams) {
    public ExecOptions {
        command = List.copyOf(command);
        environment = List.copyOf(environment);
    }

    /** As the container's own process, attached to its standard output and error. */
    public static ExecOptions of(List<String> command) {
        return new ExecOptions(command, Optional.empty(), Optional.empty(), List.of(), false, StreamOptions.NONE);
    }

    public ExecOptions user(String userAndGroup) {
        return new ExecOptions(command, Optional.of(userAndGroup), workingDirectory, environment, privileged, streams);
    }

    public ExecOptions workingDirectory(String path) {
        return new ExecOptions(command, user, Optional.of(path), environment, privileged, streams);
    }

    public ExecOptions environment(List<String> variables) {
        return new ExecOptions(command, user, workingDirectory, variables, privileged, streams);
    }

    public ExecOptions privileged(boolean on) {
        return new ExecOptions(command, user, workingDirectory, environment, on, streams);
    }

    public ExecOptions streams(StreamOptions options) {
        return new ExecOptions(command, user, workingDirectory, environment, privileged, options);
    }
}
