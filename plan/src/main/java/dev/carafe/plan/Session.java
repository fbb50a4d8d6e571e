package dev.carafe.plan;

import java.util.List;

/**
 * The session that a plan comes with: the streams of whoever asked for the container.
 *
 * @param input whether what it types goes to the container
 * @param output whether it gets standard output
 * @param error whether it gets standard error (with a terminal there is only output)
 * @param detachKeys the bytes that end the session without ending the container; at most 14, none: it cannot detach
 */
public record Session(boolean input, boolean output, boolean error, List<Byte> detachKeys) {
}
