package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;

/**
 * Where a container's root file system is (runtime-spec config.md#root).
 *
 * @param path absolute, or relative to the bundle
 * @param readonly whether the container sees it read-only
 */
public record Root(String path, boolean readonly) implements JsonForm {
    public static Root parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md#root");
        return new Root(fields.string("path"), fields.flag("readonly"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("path", path)
                .flag("readonly", readonly)
                .json();
    }
}
