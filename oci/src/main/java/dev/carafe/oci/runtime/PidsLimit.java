package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Optional;

/**
 * The limit of the pids controller (runtime-spec config-linux.md#pids).
 *
 * @param limit the most tasks; -1 for no limit
 */
public record PidsLimit(Optional<Long> limit) implements JsonForm {
    public static PidsLimit parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#pids");
        return new PidsLimit(fields.optionalInt64("limit"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .optional("limit", limit)
                .json();
    }
}
