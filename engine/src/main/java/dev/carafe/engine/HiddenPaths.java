package dev.carafe.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * What of /proc and /sys a container cannot see or cannot write, since it tells of the host or changes it (docker's lists of 2026;
 * {@code --security-opt systempaths=}, {@code mask=}, {@code unmask=}).
 *
 * @param masked paths that cannot be read
 * @param readonly paths that cannot be written
 */
record HiddenPaths(List<String> masked, List<String> readonly) {
    private static final List<String> MASKED = List.of("/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
            "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
            "/sys/devices/virtual/powercap", "/sys/firmware");
    private static final List<String> READONLY = List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");
    private static final String ALL = "ALL";

    HiddenPaths {
        masked = List.copyOf(masked);
        readonly = List.copyOf(readonly);
    }

    /** @param ofThisHost what this host has to hide beyond the usual */
    static HiddenPaths of(SecurityOptions options, List<String> ofThisHost) {
        boolean open = options.privileged() || options.systemPathsOpen() || options.unmasked().stream().anyMatch(ALL::equalsIgnoreCase);
        var masked = new ArrayList<String>();
        var readonly = new ArrayList<String>();
        if (!open) {
            masked.addAll(MASKED);
            masked.addAll(ofThisHost);
            readonly.addAll(READONLY);
            for (String shown : options.unmasked()) {
                masked.removeIf(path -> matches(shown, path));
                readonly.removeIf(path -> matches(shown, path));
            }
        }
        for (String hidden : options.masked()) {
            if (!masked.contains(hidden)) {
                masked.add(hidden);
            }
        }
        return new HiddenPaths(masked, readonly);
    }

    /** {@code /proc/*} stands for everything in that directory. */
    private static boolean matches(String pattern, String path) {
        return pattern.endsWith("/*")
                ? path.lastIndexOf('/') == pattern.length() - 2 && path.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(path);
    }
}
