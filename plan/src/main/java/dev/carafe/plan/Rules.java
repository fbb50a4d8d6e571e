package dev.carafe.plan;

import dev.carafe.base.Fault;
import java.util.List;

/** How a broken rule of a bundle is told: the field's path, what is wrong with it, and the section that says so. */
final class Rules {
    static final String CONFIG = "runtime-spec config.md#";
    static final String LINUX = "runtime-spec config-linux.md#";

    private Rules() {
    }

    static Fault broken(String field, String reason, String section) {
        return Fault.invalid("config.json", field, reason + " (" + section + ")");
    }

    static void between(String field, long value, long least, long most, String section) {
        if (value < least || value > most) {
            throw broken(field, "expected a number from " + least + " to " + most + ", found " + value, section);
        }
    }

    /** A path within the container or on the host that stands for itself. */
    static void absolute(String field, String path, String section) {
        if (!path.startsWith("/")) {
            throw broken(field, "expected an absolute path, found \"" + path + "\"", section);
        }
        text(field, path, section);
    }

    /** What the kernel reads up to its first NUL, so that it would see another text than the bundle's author. */
    static void text(String field, String value, String section) {
        if (value.indexOf('\0') >= 0) {
            throw broken(field, "it contains a NUL character", section);
        }
    }

    static void texts(String field, List<String> values, String section) {
        for (int k = 0; k < values.size(); k++) {
            text(field + "[" + k + "]", values.get(k), section);
        }
    }

    /** One line for a file of the kernel's, which would read more lines as more settings. */
    static void line(String field, String value, String section) {
        text(field, value, section);
        if (value.indexOf('\n') >= 0) {
            throw broken(field, "expected one line", section);
        }
    }
}
