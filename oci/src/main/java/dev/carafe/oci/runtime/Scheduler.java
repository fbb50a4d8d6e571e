package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;
import java.util.Optional;

/**
 * How the kernel schedules a process; sched_setattr(2) (runtime-spec config.md#linux-process).
 *
 * @param policy the scheduling policy
 * @param nice the nice value for {@code SCHED_OTHER} and {@code SCHED_BATCH}; absent means 0
 * @param priority the static priority for {@code SCHED_FIFO} and {@code SCHED_RR}; absent means 0
 * @param flags what else the kernel should heed
 * @param runtime nanoseconds of every period for {@code SCHED_DEADLINE}, unsigned; absent means 0
 * @param deadline nanoseconds, unsigned; absent means 0
 * @param period nanoseconds, unsigned; absent means 0
 */
public record Scheduler(Policy policy, Optional<Integer> nice, Optional<Integer> priority, List<Flag> flags,
        Optional<Long> runtime, Optional<Long> deadline, Optional<Long> period) implements JsonForm {
    /** The scheduling policies of the spec. */
    public enum Policy {
        SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_ISO, SCHED_IDLE, SCHED_DEADLINE
    }

    /** The scheduling flags of the spec. */
    public enum Flag {
        SCHED_FLAG_RESET_ON_FORK, SCHED_FLAG_RECLAIM, SCHED_FLAG_DL_OVERRUN, SCHED_FLAG_KEEP_POLICY, SCHED_FLAG_KEEP_PARAMS,
        SCHED_FLAG_UTIL_CLAMP_MIN, SCHED_FLAG_UTIL_CLAMP_MAX
    }

    public Scheduler {
        flags = List.copyOf(flags);
    }

    public static Scheduler parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md#linux-process");
        return new Scheduler(
                fields.oneOf("policy", Policy.values()),
                fields.optionalInt32("nice"),
                fields.optionalInt32("priority"),
                fields.allOf("flags", Flag.values()),
                fields.optionalUint64("runtime"),
                fields.optionalUint64("deadline"),
                fields.optionalUint64("period"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("policy", policy)
                .optional("nice", nice)
                .optional("priority", priority)
                .list("flags", flags)
                .unsigned("runtime", runtime)
                .unsigned("deadline", deadline)
                .unsigned("period", period)
                .json();
    }

    /** Starts with everything absent but these. */
    public static Builder builder(Policy policy) {
        return new Builder(policy);
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder(policy);
        builder.nice = nice;
        builder.priority = priority;
        builder.flags = flags;
        builder.runtime = runtime;
        builder.deadline = deadline;
        builder.period = period;
        return builder;
    }

    /** Collects the components of a {@link Scheduler}; each method replaces what was set before. */
    public static final class Builder {
        private Policy policy;
        private Optional<Integer> nice = Optional.empty();
        private Optional<Integer> priority = Optional.empty();
        private List<Flag> flags = List.of();
        private Optional<Long> runtime = Optional.empty();
        private Optional<Long> deadline = Optional.empty();
        private Optional<Long> period = Optional.empty();

        private Builder(Policy policy) {
            this.policy = policy;
        }

        public Builder policy(Policy value) {
            policy = value;
            return this;
        }

        public Builder nice(int value) {
            return nice(Optional.of(value));
        }

        public Builder nice(Optional<Integer> value) {
            nice = value;
            return this;
        }

        public Builder priority(int value) {
            return priority(Optional.of(value));
        }

        public Builder priority(Optional<Integer> value) {
            priority = value;
            return this;
        }

        public Builder flags(List<Flag> values) {
            flags = values;
            return this;
        }

        public Builder runtime(long value) {
            return runtime(Optional.of(value));
        }

        public Builder runtime(Optional<Long> value) {
            runtime = value;
            return this;
        }

        public Builder deadline(long value) {
            return deadline(Optional.of(value));
        }

        public Builder deadline(Optional<Long> value) {
            deadline = value;
            return this;
        }

        public Builder period(long value) {
            return period(Optional.of(value));
        }

        public Builder period(Optional<Long> value) {
            period = value;
            return this;
        }

        public Scheduler build() {
            return new Scheduler(policy, nice, priority, flags, runtime, deadline, period);
        }
    }
}
