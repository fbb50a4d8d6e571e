package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Optional;

/**
 * Limits of the cpu and cpuset controllers (runtime-spec config-linux.md#cpu).
 *
 * @param shares the share of CPU time against other cgroups
 * @param quota microseconds of CPU time in a period; -1 for no limit
 * @param burst microseconds that may be saved up and used on top
 * @param period microseconds
 * @param realtimeRuntime microseconds of a real-time period for real-time tasks
 * @param realtimePeriod microseconds
 * @param cpus which CPUs, such as {@code 0-3,7}
 * @param mems which memory nodes
 * @param idle 1: scheduled only when nothing else wants to run
 */
public record CpuLimits(Optional<Long> shares, Optional<Long> quota, Optional<Long> burst, Optional<Long> period,
        Optional<Long> realtimeRuntime, Optional<Long> realtimePeriod, Optional<String> cpus, Optional<String> mems,
        Optional<Long> idle) implements JsonForm {
    public static CpuLimits parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#cpu");
        return new CpuLimits(
                fields.optionalUint64("shares"),
                fields.optionalInt64("quota"),
                fields.optionalUint64("burst"),
                fields.optionalUint64("period"),
                fields.optionalInt64("realtimeRuntime"),
                fields.optionalUint64("realtimePeriod"),
                fields.optionalString("cpus"),
                fields.optionalString("mems"),
                fields.optionalInt64("idle"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .unsigned("shares", shares)
                .optional("quota", quota)
                .unsigned("burst", burst)
                .unsigned("period", period)
                .optional("realtimeRuntime", realtimeRuntime)
                .unsigned("realtimePeriod", realtimePeriod)
                .optional("cpus", cpus)
                .optional("mems", mems)
                .optional("idle", idle)
                .json();
    }

    /** Starts with everything absent. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.shares = shares;
        builder.quota = quota;
        builder.burst = burst;
        builder.period = period;
        builder.realtimeRuntime = realtimeRuntime;
        builder.realtimePeriod = realtimePeriod;
        builder.cpus = cpus;
        builder.mems = mems;
        builder.idle = idle;
        return builder;
    }

    /** Collects the components of a {@link CpuLimits}; each method replaces what was set before. */
    public static final class Builder {
        private Optional<Long> shares = Optional.empty();
        private Optional<Long> quota = Optional.empty();
        private Optional<Long> burst = Optional.empty();
        private Optional<Long> period = Optional.empty();
        private Optional<Long> realtimeRuntime = Optional.empty();
        private Optional<Long> realtimePeriod = Optional.empty();
        private Optional<String> cpus = Optional.empty();
        private Optional<String> mems = Optional.empty();
        private Optional<Long> idle = Optional.empty();

        private Builder() {}

        public Builder shares(long value) {
            return shares(Optional.of(value));
        }

        public Builder shares(Optional<Long> value) {
            shares = value;
            return this;
        }

        public Builder quota(long value) {
            return quota(Optional.of(value));
        }

        public Builder quota(Optional<Long> value) {
            quota = value;
            return this;
        }

        public Builder burst(long value) {
            return burst(Optional.of(value));
        }

        public Builder burst(Optional<Long> value) {
            burst = value;
            return this;
        }

        public Builder period(long value) {
            return period(Optional.of(value));
        }

        public Builder period(Optional<Long> value) {
            period = value;
            return this;
        }

        public Builder realtimeRuntime(long value) {
            return realtimeRuntime(Optional.of(value));
        }

        public Builder realtimeRuntime(Optional<Long> value) {
            realtimeRuntime = value;
            return this;
        }

        public Builder realtimePeriod(long value) {
            return realtimePeriod(Optional.of(value));
        }

        public Builder realtimePeriod(Optional<Long> value) {
            realtimePeriod = value;
            return this;
        }

        public Builder cpus(String value) {
            return cpus(Optional.of(value));
        }

        public Builder cpus(Optional<String> value) {
            cpus = value;
            return this;
        }

        public Builder mems(String value) {
            return mems(Optional.of(value));
        }

        public Builder mems(Optional<String> value) {
            mems = value;
            return this;
        }

        public Builder idle(long value) {
            return idle(Optional.of(value));
        }

        public Builder idle(Optional<Long> value) {
            idle = value;
            return this;
        }

        public CpuLimits build() {
            return new CpuLimits(shares, quota, burst, period, realtimeRuntime, realtimePeriod, cpus, mems, idle);
        }
    }
}
