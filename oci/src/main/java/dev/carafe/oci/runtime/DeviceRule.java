package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Optional;

/**
 * One rule of the device controller; a later one overrides an earlier one (runtime-spec
 * config-linux.md#allowed-device-list).
 *
 * @param allow whether access is allowed or denied
 * @param type which sort of device; absent: all
 * @param major the driver's number; absent or negative: all
 * @param minor the device's number; absent or negative: all
 * @param access letters of {@code rwm}: read, write, make a node; absent: all three
 */
public record DeviceRule(boolean allow, Optional<Type> type, Optional<Long> major, Optional<Long> minor,
        Optional<String> access) implements JsonForm {
    /** The sorts of devices that a rule is about. */
    public enum Type {
        ALL("a"), CHARACTER("c"), BLOCK("b");

        private final String letter;

        Type(String letter) {
            this.letter = letter;
        }

        /** The spec's letter. */
        @Override
        public String toString() {
            return letter;
        }
    }

    public static DeviceRule parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#allowed-device-list");
        var parsed = new DeviceRule(
                fields.optionalFlag("allow").orElseThrow(() -> fields.fault("allow", "required, but missing")),
                fields.optionalOneOf("type", Type.values()),
                fields.optionalInt64("major"),
                fields.optionalInt64("minor"),
                fields.optionalString("access"));
        String access = parsed.access.orElse("");
        for (int i = 0; i < access.length(); i++) {
            if ("rwm".indexOf(access.charAt(i)) < 0) {
                throw fields.fault("access", "expected letters of rwm, found \"" + access + "\"");
            }
        }
        return parsed;
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("allow", allow)
                .optional("type", type)
                .optional("major", major)
                .optional("minor", minor)
                .optional("access", access)
                .json();
    }
}
