package dev.carafe.plan;

import dev.carafe.oci.runtime.ConsoleSize;
import java.util.List;
import java.util.Optional;

/**
 * The session that a plan comes with: the streams of whoever asked for the container.
 *
 * @param input whether what it types goes to the container
 * @param output whether it gets standard output
 * @param error whether it gets standard error (with a terminal there is only output)
 * @param detachKeys the bytes that end the session without ending the container; at most 14, none: it cannot detach
 * @param window the size of its own terminal, which the container's has from the beginning; empty: that is the bundle's
 */
public record Session(boolean input, boolean output, boolean error, List<Byte> detachKeys, Optional<ConsoleSize> window) {
    /** One whose terminal, if it has any, tells its size later. */
    public Session(boolean input, boolean output, boolean error, List<Byte> detachKeys) {
        this(input, output, error, detachKeys, Optional.empty());
    }
}
