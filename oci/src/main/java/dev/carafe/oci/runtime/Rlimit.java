package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;

/**
 * One resource limit of a process; getrlimit(2). Limits are read as unsigned, {@link #INFINITY} is no limit (runtime-spec
 * config.md#posix-process).
 *
 * @param type the resource
 * @param soft what the kernel enforces
 * @param hard the ceiling up to which the process may raise the soft limit
 */
public record Rlimit(Type type, long soft, long hard) implements JsonForm {
    /** RLIM_INFINITY. */
    public static final long INFINITY = -1L;

    /** The resources that Linux limits. */
    public enum Type {
        RLIMIT_CPU(0), RLIMIT_FSIZE(1), RLIMIT_DATA(2), RLIMIT_STACK(3), RLIMIT_CORE(4), RLIMIT_RSS(5), RLIMIT_NPROC(6),
        RLIMIT_NOFILE(7), RLIMIT_MEMLOCK(8), RLIMIT_AS(9), RLIMIT_LOCKS(10), RLIMIT_SIGPENDING(11), RLIMIT_MSGQUEUE(12),
        RLIMIT_NICE(13), RLIMIT_RTPRIO(14), RLIMIT_RTTIME(15);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** The kernel's number, the same on x86-64 and arm64. */
        public int number() {
            return number;
        }
    }

    public static Rlimit parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md#posix-process");
        var parsed = new Rlimit(
                fields.oneOf("type", Type.values()),
                fields.uint64("soft"),
                fields.uint64("hard"));
        if (Long.compareUnsigned(parsed.soft, parsed.hard) > 0) {
            throw fields.fault("soft limit " + Long.toUnsignedString(parsed.soft) + " exceeds hard limit "
                    + Long.toUnsignedString(parsed.hard));
        }
        return parsed;
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("type", type)
                .unsigned("hard", hard)
                .unsigned("soft", soft)
                .json();
    }
}
