package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;

/**
 * The size of a terminal in characters (runtime-spec config.md#process).
 *
 * @param height rows
 * @param width columns
 */
public record ConsoleSize(int height, int width) implements JsonForm {
    public static ConsoleSize parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md#process");
        return new ConsoleSize(
                fields.range("height", 0, Integer.MAX_VALUE),
                fields.range("width", 0, Integer.MAX_VALUE));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("height", height)
                .put("width", width)
                .json();
    }
}
