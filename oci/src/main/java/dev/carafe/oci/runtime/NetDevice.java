package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Optional;

/**
 * A network device that moves from the runtime's network namespace into the container's (runtime-spec
 * config-linux.md#network-devices).
 *
 * @param name what the container calls it; absent: as on the host
 */
public record NetDevice(Optional<String> name) implements JsonForm {
    public static NetDevice parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#network-devices");
        return new NetDevice(fields.optionalString("name"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .optional("name", name)
                .json();
    }
}
