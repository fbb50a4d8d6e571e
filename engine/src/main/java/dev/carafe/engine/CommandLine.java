package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.oci.ContainerConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The program of a container, out of what its user and its image say (docker's reference of {@code docker container run},
 * overriding image defaults).
 *
 * <p>Words of the user's own take the place of the image's. Who replaces the entry point also replaces the command, as the
 * image's was meant for the image's entry point.
 *
 * @param entrypoint the program and first arguments; may be empty
 * @param command further arguments, or the program where there is no entry point
 */
record CommandLine(List<String> entrypoint, List<String> command) {
    CommandLine {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
    }

    static CommandLine of(ProcessOptions options, ContainerConfig image) {
        List<String> command = options.command().isEmpty() && options.entrypoint().isEmpty() ? image.cmd() : options.command();
        return new CommandLine(options.entrypoint().orElse(image.entrypoint()), command);
    }

    /**
     * What execve(2) gets.
     *
     * @throws Fault of kind {@code INVALID} when there is nothing to run
     */
    List<String> arguments() {
        var all = new ArrayList<>(entrypoint);
        all.addAll(command);
        if (all.isEmpty()) {
            throw Fault.invalid("create", "container", "no command specified")
                    .hint("name a command after the image: it has no default");
        }
        return all;
    }
}
