package dev.carafe.engine;

import dev.carafe.transport.registry.RegistrySettings;
import java.util.Optional;

/**
 * How images are fetched.
 *
 * @param platform of an index, which manifest; the host's when absent
 * @param every whether all manifests of an index, for all platforms
 * @param settings how registries are reached
 */
public record PullOptions(Optional<String> platform, boolean every, RegistrySettings settings) {
    /** The host's platform, with the files of whoever has these variables. */
    public static PullOptions of(RegistrySettings settings) {
        return new PullOptions(Optional.empty(), false, settings);
    }

    public PullOptions withPlatform(Optional<String> value) {
        return new PullOptions(value, every, settings);
    }

    public PullOptions withEvery(boolean value) {
        return new PullOptions(platform, value, settings);
    }
}
