package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;

/**
 * The priority of a process at the disks; ioprio_set(2) (runtime-spec config.md#linux-process).
 *
 * @param ioClass the scheduling class
 * @param priority from 0, the highest, to 7
 */
public record IoPriority(IoClass ioClass, int priority) implements JsonForm {
    /** The I/O scheduling classes of the spec. */
    public enum IoClass {
        IOPRIO_CLASS_RT, IOPRIO_CLASS_BE, IOPRIO_CLASS_IDLE
    }

    public static IoPriority parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md#linux-process");
        return new IoPriority(
                fields.oneOf("class", IoClass.values()),
                fields.optionalRange("priority", 0, 7).orElse(0));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("class", ioClass)
                .put("priority", priority)
                .json();
    }
}
