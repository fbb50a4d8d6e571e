package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Optional;

/**
 * The weight of one disk (runtime-spec config-linux.md#block-io).
 *
 * @param major the driver's number
 * @param minor the device's number
 * @param weight 10 to 1000
 * @param leafWeight against child cgroups
 */
public record WeightDevice(long major, long minor, Optional<Integer> weight, Optional<Integer> leafWeight) implements JsonForm {
    public static WeightDevice parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#block-io");
        return new WeightDevice(
                fields.int64("major"),
                fields.int64("minor"),
                fields.optionalRange("weight", 0, 0xFFFF),
                fields.optionalRange("leafWeight", 0, 0xFFFF));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("major", major)
                .put("minor", minor)
                .optional("weight", weight)
                .optional("leafWeight", leafWeight)
                .json();
    }
}
