package dev.carafe.engine;

import java.util.List;
import java.util.Optional;

/**
 * How an image is made of a container (docker's reference of {@code docker container commit}).
 *
 * @param name of the image; absent: it has none
 * @param author of the image
 * @param comment in its history
 * @param changes instructions in the words of a Dockerfile, see {@link ImageChange}
 * @param pause whether the container stands still meanwhile, if it runs
 */
public record CommitOptions(Optional<String> name, Optional<String> author, Optional<String> comment, List<String> changes, boolean pause) {
    public CommitOptions {
        changes = List.copyOf(changes);
    }

    /** Under that name, paused meanwhile, with nothing else said. */
    public static CommitOptions named(String name) {
        return new CommitOptions(Optional.of(name), Optional.empty(), Optional.empty(), List.of(), true);
    }
}
