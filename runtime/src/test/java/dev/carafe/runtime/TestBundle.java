package dev.carafe.runtime;

import dev.carafe.oci.runtime.Capabilities;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A bundle such as engines write it, and ways to change parts of it. */
final class TestBundle {
    /** The capabilities that engines give by default. */
    static final List<String> CAPABILITIES = List.of("CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL",
            "CAP_MKNOD", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT");

    static final DeviceRule NO_DEVICE = new DeviceRule(false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("rwm"));

    private TestBundle() {
    }

    static Capabilities capabilities(List<String> names) {
        return new Capabilities(names, names, List.of(), names, List.of());
    }

    static Spec of(String cgroup, String marker, String... command) {
        return Spec.builder()
                .process(Process.builder().args(List.of(command)).cwd("/").env(List.of("PATH=/bin", "CARAFE_TEST=" + marker))
                        .capabilities(capabilities(CAPABILITIES)).noNewPrivileges(true).build())
                .hostname("inside")
                .mounts(List.of(
                        Mount.of("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
                        Mount.of("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
                        Mount.of("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"),
                        Mount.of("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
                        Mount.of("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
                        Mount.of("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
                        Mount.of("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro")))
                .linux(Linux.builder()
                        .namespaces(List.of(Namespace.of(Namespace.Type.PID), Namespace.of(Namespace.Type.NETWORK), Namespace.of(Namespace.Type.IPC),
                                Namespace.of(Namespace.Type.UTS), Namespace.of(Namespace.Type.MOUNT), Namespace.of(Namespace.Type.CGROUP)))
                        .cgroupsPath(cgroup)
                        .resources(Resources.builder().devices(List.of(NO_DEVICE)).build())
                        .maskedPaths(List.of("/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware", "/proc/no-such-file"))
                        .readonlyPaths(List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", "/proc/no-such-file"))
                        .build())
                .build();
    }

    static Spec process(Spec spec, UnaryOperator<Process.Builder> change) {
        return spec.toBuilder().process(change.apply(spec.process().orElseThrow().toBuilder()).build()).build();
    }

    static Spec linux(Spec spec, UnaryOperator<Linux.Builder> change) {
        return spec.toBuilder().linux(change.apply(spec.linux().orElseThrow().toBuilder()).build()).build();
    }

    static Spec with(Spec spec, Mount... more) {
        var mounts = new ArrayList<>(spec.mounts());
        mounts.addAll(List.of(more));
        return spec.toBuilder().mounts(mounts).build();
    }

    static Spec without(Spec spec, String destination) {
        return spec.toBuilder().mounts(spec.mounts().stream().filter(m -> !m.destination().equals(destination)).toList()).build();
    }
}
