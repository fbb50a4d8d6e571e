package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Optional;

/**
 * Limits of the rdma controller at one device (runtime-spec config-linux.md#rdma).
 *
 * @param hcaHandles the most handles
 * @param hcaObjects the most objects
 */
public record RdmaLimit(Optional<Long> hcaHandles, Optional<Long> hcaObjects) implements JsonForm {
    public static RdmaLimit parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#rdma");
        return new RdmaLimit(fields.optionalUint32("hcaHandles"), fields.optionalUint32("hcaObjects"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .optional("hcaHandles", hcaHandles)
                .optional("hcaObjects", hcaObjects)
                .json();
    }
}
