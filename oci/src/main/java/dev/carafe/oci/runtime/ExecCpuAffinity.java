package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Optional;

/**
 * The CPUs on which a further process in a running container starts; lists such as {@code 0-3,7} (runtime-spec
 * config.md#linux-process).
 *
 * @param initial until it is in the container's cgroup
 * @param last afterwards
 */
public record ExecCpuAffinity(Optional<String> initial, Optional<String> last) implements JsonForm {
    public static ExecCpuAffinity parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md#linux-process");
        return new ExecCpuAffinity(fields.optionalString("initial"), fields.optionalString("final"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .optional("initial", initial)
                .optional("final", last)
                .json();
    }
}
