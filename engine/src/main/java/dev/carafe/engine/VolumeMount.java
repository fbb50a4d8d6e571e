package dev.carafe.engine;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.MountOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The file system of a volume that has driver options {@code type}, {@code device} and {@code o} (docker's reference of {@code docker volume create},
 * "Driver-specific options"): mounted on the volume's directory of the host while a container that uses it runs, so that all of them see the same.
 */
final class VolumeMount {
    private static final Set<String> KNOWN = Set.of("type", "device", "o");
    private static final long MS_REMOUNT = 32;
    private static final long MS_BIND = 4096;
    private static final long MS_REC = 16384;
    private static final long MS_NOATIME = 1024;
    private static final long MS_NODIRATIME = 2048;
    private static final long MS_STRICTATIME = 1 << 24;
    private static final long SAME = MountOptions.READONLY | MountOptions.NOSUID | MountOptions.NODEV | MountOptions.NOEXEC;

    private VolumeMount() {
    }

    /** Docker's rules: known options only, and none of type and device without the other. */
    static void check(String name, Map<String, String> options) {
        for (String option : options.keySet()) {
            if (option.equals("size")) {
                throw Fault.of(Fault.Kind.UNSUPPORTED, "create volume", "\"" + name + "\"", "option \"size\" needs quotas, which this engine does not set")
                        .hint("use --opt type=tmpfs --opt device=tmpfs --opt o=size=…, or a file system of that size");
            }
            if (!KNOWN.contains(option)) {
                throw Fault.invalid("create volume", "\"" + name + "\"", "invalid option: \"" + option + "\"");
            }
        }
        for (String needed : options.isEmpty() ? List.<String>of() : List.of("device", "type")) {
            if (!options.containsKey(needed)) {
                throw Fault.invalid("create volume", "\"" + name + "\"", "missing required option: \"" + needed + "\"");
            }
        }
    }

    /** Mounts it unless it is mounted. The volume's lock is held. */
    static void mount(Kernel kernel, Volume volume) {
        if (isMounted(volume.mountpoint())) {
            return;
        }
        MountOptions options = MountOptions.parse(List.of(volume.options().getOrDefault("o", "").split(",")));
        long flags = options.set() & SAME | ((options.set() & MountOptions.NOATIME) != 0 ? MS_NOATIME : 0)
                | ((options.set() & MountOptions.STRICTATIME) != 0 ? MS_STRICTATIME : 0) | ((options.set() & MountOptions.NODIRATIME) != 0 ? MS_NODIRATIME : 0);
        String device = volume.options().get("device");
        String shown = "\"" + device + "\" for volume \"" + volume.name() + "\"";
        try (Memory source = kernel.string(device);
                Memory target = kernel.string(volume.mountpoint().toString());
                Memory type = kernel.string(volume.options().get("type"));
                Memory data = kernel.string(String.join(",", options.data()))) {
            if (!options.bind()) {
                Kernel.check(kernel.call(SystemCall.MOUNT, source.address(), target.address(), type.address(), flags, data.address()), "mount", shown);
                return;
            }
            long bind = MS_BIND | (options.recursive() ? MS_REC : 0);
            Kernel.check(kernel.call(SystemCall.MOUNT, source.address(), target.address(), 0, bind, 0), "mount", shown);
            if (flags != 0) {
                // A bind takes its flags only when it is there (mount(2)).
                Kernel.check(kernel.call(SystemCall.MOUNT, 0, target.address(), 0, MS_REMOUNT | MS_BIND | flags, 0), "mount", shown);
            }
        }
    }

    /** Takes it away unless somebody is still in it. The volume's lock is held. */
    static void unmount(Kernel kernel, Volume volume) {
        if (!isMounted(volume.mountpoint())) {
            return;
        }
        try (Memory target = kernel.string(volume.mountpoint().toString())) {
            long result = kernel.call(SystemCall.UMOUNT2, target.address(), 0);
            if (result != -Errno.EBUSY.number()) {
                Kernel.check(result, "unmount", "volume \"" + volume.name() + "\"");
            }
        }
    }

    /** proc_pid_mountinfo(5): the fifth field is where; blanks and backslashes stand in octal. */
    static boolean isMounted(Path directory) {
        String wanted = directory.toString().replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011").replace("\n", "\\012");
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
                String[] fields = line.split(" ", 6);
                if (fields.length > 4 && fields[4].equals(wanted)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw StateFile.fault("read", Path.of("/proc/self/mountinfo"), e);
        }
    }
}
