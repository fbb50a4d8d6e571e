package dev.carafe.engine;

import java.util.Map;
import java.util.Optional;

/**
 * What can be said about a volume before it exists (docker's reference of {@code docker volume create}).
 *
 * @param name absent: the engine finds one, and the volume counts as nameless
 * @param driver {@code local} is the only one
 * @param options for the driver: {@code type}, {@code device} and {@code o}
 */
public record VolumeOptions(Optional<String> name, String driver, Map<String, String> options, Map<String, String> labels) {
    public VolumeOptions {
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }

    /** A plain directory of that name. */
    public static VolumeOptions named(String name) {
        return new VolumeOptions(Optional.of(name), Volume.DRIVER, Map.of(), Map.of());
    }
}
