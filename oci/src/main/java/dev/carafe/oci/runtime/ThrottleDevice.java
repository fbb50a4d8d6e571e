package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;

/**
 * A rate limit at one disk (runtime-spec config-linux.md#block-io).
 *
 * @param major the driver's number
 * @param minor the device's number
 * @param rate bytes or operations a second, unsigned
 */
public record ThrottleDevice(long major, long minor, long rate) implements JsonForm {
    public static ThrottleDevice parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#block-io");
        return new ThrottleDevice(fields.int64("major"), fields.int64("minor"), fields.uint64("rate"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("major", major)
                .put("minor", minor)
                .unsigned("rate", rate)
                .json();
    }
}
