package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;
import java.util.Optional;

/**
 * What the net_cls and net_prio controllers mark (runtime-spec config-linux.md#network).
 *
 * @param classId the class of the cgroup's packets
 * @param priorities by interface
 */
public record NetworkLimits(Optional<Long> classId, List<InterfacePriority> priorities) implements JsonForm {
    public NetworkLimits {
        priorities = List.copyOf(priorities);
    }

    public static NetworkLimits parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#network");
        return new NetworkLimits(
                fields.optionalUint32("classID"),
                fields.objects("priorities", InterfacePriority::parse));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .optional("classID", classId)
                .list("priorities", priorities)
                .json();
    }
}
