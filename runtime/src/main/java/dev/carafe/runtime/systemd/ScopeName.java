package dev.carafe.runtime.systemd;

import dev.carafe.base.Fault;

/**
 * The unit that holds a container, as {@code linux.cgroupsPath} names it for systemd: {@code slice:prefix:name}, where the unit is {@code prefix-name.scope}.
 *
 * @param slice the slice above it (systemd.slice(5))
 * @param unit its own name
 */
public record ScopeName(String slice, String unit) {
    /**
     * Reads the path; each part may be empty.
     *
     * @param id of the container, for a path that is absent
     * @param userManager whether it is the manager of a user, whose containers have a slice of their own
     */
    public static ScopeName parse(String path, String id, boolean userManager) {
        String[] parts = path.isEmpty() ? new String[] {"", "carafe", id} : path.split(":", -1);
        if (parts.length != 3) {
            throw Fault.invalid("config.json", "linux.cgroupsPath \"" + path + "\"", "expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups");
        }
        String slice = parts[0].isEmpty() ? userManager ? "user.slice" : "system.slice" : parts[0];
        String unit = (parts[1].isEmpty() ? "" : parts[1] + "-") + parts[2] + ".scope";
        checkSlice(slice, path);
        if (parts[2].isEmpty() || !isName(unit)) {
            throw Fault.invalid("config.json", "linux.cgroupsPath \"" + path + "\"", "\"" + unit + "\" is no name of a unit (systemd.unit(5))");
        }
        return new ScopeName(slice, unit);
    }

    private static void checkSlice(String slice, String path) {
        String stem = slice.endsWith(".slice") ? slice.substring(0, slice.length() - 6) : "";
        boolean valid = stem.equals("-") || !stem.isEmpty() && isName(slice) && !stem.startsWith("-") && !stem.endsWith("-") && !stem.contains("--");
        if (!valid) {
            throw Fault.invalid("config.json", "linux.cgroupsPath \"" + path + "\"", "invalid slice name: " + slice + " (systemd.slice(5))");
        }
    }

    /** systemd.unit(5): letters, digits and some signs, at most 255. */
    private static boolean isName(String name) {
        for (int k = 0; k < name.length(); k++) {
            char c = name.charAt(k);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || ":-_.\\@".indexOf(c) >= 0)) {
                return false;
            }
        }
        return name.length() < 256;
    }
}
