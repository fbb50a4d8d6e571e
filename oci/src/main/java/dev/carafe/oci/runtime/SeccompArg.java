package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Optional;

/**
 * A condition on one argument of a system call (runtime-spec config-linux.md#seccomp).
 *
 * @param index which argument, from 0 to 5
 * @param value what to compare with, unsigned; the mask for {@code SCMP_CMP_MASKED_EQ}
 * @param valueTwo what the masked argument must equal, unsigned; absent means 0
 * @param op how to compare
 */
public record SeccompArg(int index, long value, Optional<Long> valueTwo, Operator op) implements JsonForm {
    /** How an argument is compared, as unsigned 64 bits; libseccomp's names. */
    public enum Operator {
        SCMP_CMP_NE, SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_EQ, SCMP_CMP_GE, SCMP_CMP_GT, SCMP_CMP_MASKED_EQ
    }

    public static SeccompArg parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#seccomp");
        return new SeccompArg(
                fields.range("index", 0, 5),
                fields.uint64("value"),
                fields.optionalUint64("valueTwo"),
                fields.oneOf("op", Operator.values()));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("index", index)
                .unsigned("value", value)
                .unsigned("valueTwo", valueTwo)
                .put("op", op)
                .json();
    }
}
