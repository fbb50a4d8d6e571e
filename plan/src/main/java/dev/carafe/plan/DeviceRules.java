package dev.carafe.plan;

import dev.carafe.oci.runtime.DeviceRule;
import java.util.List;

/** Device rules in the words of the devices controller of version 1: {@code c 1:3 rwm}. */
final class DeviceRules {
    /** What every container may use: nodes may be made, and the default devices of the spec opened (config-linux.md#default-devices). */
    static final List<String> DEFAULT = List.of("c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm",
            "c 5:0 rwm", "c 5:1 rwm", "c 5:2 rwm", "c 136:* rwm");

    private DeviceRules() {
    }

    static String line(DeviceRule rule) {
        String type = rule.type().map(Object::toString).orElse("a");
        String access = rule.access().filter(a -> !a.isEmpty()).orElse("rwm");
        if (type.equals("a")) {
            return "a";
        }
        return type + " " + rule.major().map(DeviceRules::number).orElse("*") + ":" + rule.minor().map(DeviceRules::number).orElse("*")
                + " " + access;
    }

    private static String number(long number) {
        return number < 0 ? "*" : Long.toString(number);
    }
}
