package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;

/**
 * A range of user or group ids inside a user namespace and the range outside that it stands for (runtime-spec
 * config-linux.md#user-namespace-mappings).
 *
 * @param containerId the first id inside
 * @param hostId the first id outside
 * @param size how many ids
 */
public record IdMapping(long containerId, long hostId, long size) implements JsonForm {
    public static IdMapping parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#user-namespace-mappings");
        return new IdMapping(
                fields.uint32("containerID"),
                fields.uint32("hostID"),
                fields.uint32("size"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("containerID", containerId)
                .put("hostID", hostId)
                .put("size", size)
                .json();
    }
}
