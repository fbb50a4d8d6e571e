package dev.carafe.oci;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a container is asked whether it is well; an extension of Docker's, reserved (image-spec config.md#properties).
 *
 * @param test {@code NONE}, {@code CMD} and arguments, or {@code CMD-SHELL} and a line; empty: inherited
 * @param interval between two checks
 * @param timeout until a check counts as failed
 * @param startPeriod for how long after the start failures do not count
 * @param startInterval between two checks in that time
 * @param retries how many failures in a row make a container unhealthy
 */
public record Healthcheck(List<String> test, Optional<Duration> interval, Optional<Duration> timeout,
        Optional<Duration> startPeriod, Optional<Duration> startInterval, Optional<Integer> retries) implements JsonForm {
    /** No checks, whatever the image says. */
    public static final Healthcheck NONE = builder().test(List.of("NONE")).build();

    public Healthcheck {
        test = List.copyOf(test);
    }

    public static Healthcheck parse(Fields in) {
        Fields fields = in.section("image-spec config.md#properties");
        return new Healthcheck(
                fields.strings("Test"),
                fields.optionalNanos("Interval"),
                fields.optionalNanos("Timeout"),
                fields.optionalNanos("StartPeriod"),
                fields.optionalNanos("StartInterval"),
                fields.optionalRange("Retries", 0, Integer.MAX_VALUE));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .list("Test", test)
                .nanos("Interval", interval)
                .nanos("Timeout", timeout)
                .nanos("StartPeriod", startPeriod)
                .nanos("StartInterval", startInterval)
                .optional("Retries", retries)
                .json();
    }

    /** Starts with everything absent. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.test = test;
        builder.interval = interval;
        builder.timeout = timeout;
        builder.startPeriod = startPeriod;
        builder.startInterval = startInterval;
        builder.retries = retries;
        return builder;
    }

    /** Collects the components of a {@link Healthcheck}; each method replaces what was set before. */
    public static final class Builder {
        private List<String> test = List.of();
        private Optional<Duration> interval = Optional.empty();
        private Optional<Duration> timeout = Optional.empty();
        private Optional<Duration> startPeriod = Optional.empty();
        private Optional<Duration> startInterval = Optional.empty();
        private Optional<Integer> retries = Optional.empty();

        private Builder() {}

        public Builder test(List<String> values) {
            test = values;
            return this;
        }

        public Builder interval(Duration value) {
            return interval(Optional.of(value));
        }

        public Builder interval(Optional<Duration> value) {
            interval = value;
            return this;
        }

        public Builder timeout(Duration value) {
            return timeout(Optional.of(value));
        }

        public Builder timeout(Optional<Duration> value) {
            timeout = value;
            return this;
        }

        public Builder startPeriod(Duration value) {
            return startPeriod(Optional.of(value));
        }

        public Builder startPeriod(Optional<Duration> value) {
            startPeriod = value;
            return this;
        }

        public Builder startInterval(Duration value) {
            return startInterval(Optional.of(value));
        }

        public Builder startInterval(Optional<Duration> value) {
            startInterval = value;
            return this;
        }

        public Builder retries(int value) {
            return retries(Optional.of(value));
        }

        public Builder retries(Optional<Integer> value) {
            retries = value;
            return this;
        }

        public Healthcheck build() {
            return new Healthcheck(test, interval, timeout, startPeriod, startInterval, retries);
        }
    }
}
