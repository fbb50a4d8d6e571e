package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;

/**
 * The priority of what a cgroup sends through one interface (runtime-spec config-linux.md#network).
 *
 * @param name the interface, in the runtime's network namespace
 * @param priority the higher, the sooner
 */
public record InterfacePriority(String name, long priority) implements JsonForm {
    public static InterfacePriority parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#network");
        return new InterfacePriority(fields.string("name"), fields.uint32("priority"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("name", name)
                .put("priority", priority)
                .json();
    }
}
