package dev.carafe.build;

/**
 * What would become of a step.
 *
 * @param title such as {@code [2/3] RUN make}
 * @param cached whether it would be taken from the cache
 * @param reason why not; empty when it would
 */
public record Prediction(String title, boolean cached, String reason) {
}
