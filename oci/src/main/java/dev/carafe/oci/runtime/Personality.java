package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;

/**
 * The execution domain; personality(2) (runtime-spec config-linux.md#personality).
 *
 * @param domain which kernel the process believes to run on
 * @param flags none is defined
 */
public record Personality(Domain domain, List<String> flags) implements JsonForm {
    /** The execution domains of the spec; with {@link #LINUX32} uname(2) tells a 32-bit machine. */
    public enum Domain {
        LINUX, LINUX32
    }

    public Personality {
        flags = List.copyOf(flags);
    }

    public static Personality parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#personality");
        return new Personality(fields.oneOf("domain", Domain.values()), fields.strings("flags"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("domain", domain)
                .list("flags", flags)
                .json();
    }
}
