package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;
import java.util.Optional;

/**
 * From which NUMA nodes memory is taken; set_mempolicy(2) (runtime-spec config-linux.md#memory-policy).
 *
 * @param mode the policy
 * @param nodes the nodes, such as {@code 0-3,7}
 * @param flags what else the kernel should heed
 */
public record MemoryPolicy(Mode mode, Optional<String> nodes, List<Flag> flags) implements JsonForm {
    /** The policies of the spec. */
    public enum Mode {
        MPOL_DEFAULT, MPOL_BIND, MPOL_INTERLEAVE, MPOL_WEIGHTED_INTERLEAVE, MPOL_PREFERRED, MPOL_PREFERRED_MANY, MPOL_LOCAL
    }

    /** The flags of the spec. */
    public enum Flag {
        MPOL_F_NUMA_BALANCING, MPOL_F_RELATIVE_NODES, MPOL_F_STATIC_NODES
    }

    public MemoryPolicy {
        flags = List.copyOf(flags);
    }

    public static MemoryPolicy parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#memory-policy");
        return new MemoryPolicy(
                fields.oneOf("mode", Mode.values()),
                fields.optionalString("nodes"),
                fields.allOf("flags", Flag.values()));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("mode", mode)
                .optional("nodes", nodes)
                .list("flags", flags)
                .json();
    }
}
