package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Optional;

/**
 * How far a clock of a time namespace is ahead of the host's; time_namespaces(7) (runtime-spec
 * config-linux.md#offset-for-time-namespace).
 *
 * @param secs whole seconds; absent means 0
 * @param nanosecs nanoseconds on top; absent means 0
 */
public record TimeOffset(Optional<Long> secs, Optional<Long> nanosecs) implements JsonForm {
    public static TimeOffset parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#offset-for-time-namespace");
        return new TimeOffset(fields.optionalInt64("secs"), fields.optionalUint32("nanosecs"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .optional("secs", secs)
                .optional("nanosecs", nanosecs)
                .json();
    }
}
