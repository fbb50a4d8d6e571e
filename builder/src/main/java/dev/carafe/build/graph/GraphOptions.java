package dev.carafe.build.graph;

import dev.carafe.oci.Platform;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * What else than the file decides about the graph.
 *
 * @param arguments {@code --build-arg}
 * @param target the stage that is asked for; absent: the last
 * @param contexts the names of further contexts
 * @param host of this machine
 * @param platform of the image
 */
public record GraphOptions(Map<String, String> arguments, Optional<String> target, Set<String> contexts, Platform host, Platform platform) {
    public GraphOptions {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
        contexts = Set.copyOf(contexts);
    }
}
