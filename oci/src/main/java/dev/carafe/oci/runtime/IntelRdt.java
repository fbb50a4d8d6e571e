package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;
import java.util.Optional;

/**
 * The container's class of service in Intel's Resource Director Technology (runtime-spec config-linux.md#intelrdt).
 *
 * @param closId the class, a directory of resctrl; {@code /} is the default class
 * @param schemata lines for its {@code schemata} file, after the two older fields
 * @param l3CacheSchema a line for cache
 * @param memBwSchema a line for memory bandwidth, {@code MB:…}
 * @param enableMonitoring whether the container is monitored
 */
public record IntelRdt(Optional<String> closId, List<String> schemata, Optional<String> l3CacheSchema,
        Optional<String> memBwSchema, boolean enableMonitoring) implements JsonForm {
    public IntelRdt {
        schemata = List.copyOf(schemata);
    }

    public static IntelRdt parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#intelrdt");
        var parsed = new IntelRdt(
                fields.optionalString("closID"),
                fields.strings("schemata"),
                fields.optionalString("l3CacheSchema"),
                fields.optionalString("memBwSchema"),
                fields.flag("enableMonitoring"));
        if (!parsed.memBwSchema.orElse("MB:").startsWith("MB:")) {
            throw fields.fault("memBwSchema", "expected a line that starts with MB:");
        }
        if (parsed.memBwSchema.orElse("").indexOf('\n') >= 0) {
            throw fields.fault("memBwSchema", "expected one line");
        }
        for (int i = 0; i < parsed.schemata.size(); i++) {
            if (parsed.schemata.get(i).indexOf('\n') >= 0) {
                throw fields.fault("schemata[" + i + "]", "expected one line");
            }
        }
        return parsed;
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .optional("closID", closId)
                .list("schemata", schemata)
                .optional("l3CacheSchema", l3CacheSchema)
                .optional("memBwSchema", memBwSchema)
                .flag("enableMonitoring", enableMonitoring)
                .json();
    }
}
