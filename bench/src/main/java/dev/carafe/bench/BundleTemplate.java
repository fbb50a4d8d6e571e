package dev.carafe.bench;

import dev.carafe.base.KernelVersion;
import dev.carafe.oci.Json;
import dev.carafe.oci.Platform;
import dev.carafe.oci.runtime.Capabilities;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.Root;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.seccomp.DefaultProfile;
import dev.carafe.plan.seccomp.SeccompArchitecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Bundles with what an engine asks of a runtime for a container with default privileges and no network: 14 capabilities, a
 * seccomp profile, five namespaces, device rules, masked paths, and the mounts, those of {@code /etc/hosts} and its kin included.
 *
 * @param spec all but the program and the control group
 */
public record BundleTemplate(Spec spec) {
    /** Those that docker leaves to root in a container. */
    private static final List<String> CAPABILITIES = Stream.of("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL",
            "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT")
            .map(name -> "CAP_" + name).toList();

    private static final List<String> MASKED = List.of("/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys",
            "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware");
    private static final List<String> READ_ONLY = List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");
    private static final List<String> NAME_FILES = List.of("resolv.conf", "hostname", "hosts");

    /** What docker 20.10 asks for; the three name files are made in the directory. */
    public static BundleTemplate docker(Path rootfs, Path directory) throws IOException {
        var mounts = new ArrayList<>(List.of(
                Mount.of("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
                Mount.of("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
                Mount.of("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
                Mount.of("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
                Mount.of("/sys/fs/cgroup", "cgroup", "cgroup", "ro", "nosuid", "noexec", "nodev"),
                Mount.of("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
                Mount.of("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=67108864")));
        for (String name : NAME_FILES) {
            Path file = Files.writeString(directory.resolve(name), "127.0.0.1 localhost\n");
            mounts.add(Mount.of("/etc/" + name, "bind", file.toString(), "rbind", "rprivate"));
        }
        return new BundleTemplate(Spec.builder()
                .ociVersion("1.0.2")
                .root(new Root(rootfs.toString(), false))
                .hostname("bench")
                .mounts(mounts)
                .process(Process.builder()
                        .env(List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME=bench", "HOME=/root"))
                        .capabilities(new Capabilities(CAPABILITIES, CAPABILITIES, List.of(), CAPABILITIES, List.of()))
                        .build())
                .linux(Linux.builder()
                        .namespaces(Stream.of(Namespace.Type.MOUNT, Namespace.Type.NETWORK, Namespace.Type.UTS, Namespace.Type.PID,
                                Namespace.Type.IPC).map(Namespace::of).toList())
                        .resources(Resources.builder().devices(deviceRules()).build())
                        .maskedPaths(MASKED)
                        .readonlyPaths(READ_ONLY)
                        .seccomp(DefaultProfile.profile().resolve(Set.copyOf(CAPABILITIES),
                                SeccompArchitecture.ofPlatform(Platform.host(System.getProperty("os.arch")).architecture()),
                                KernelVersion.parse(System.getProperty("os.version"))))
                        .build())
                .build());
    }

    /** Nothing, then nodes of any device but no use of them, then those that every container has. */
    private static List<DeviceRule> deviceRules() {
        var character = Optional.of(DeviceRule.Type.CHARACTER);
        var rules = new ArrayList<>(List.of(
                new DeviceRule(false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("rwm")),
                new DeviceRule(true, character, Optional.empty(), Optional.empty(), Optional.of("m")),
                new DeviceRule(true, Optional.of(DeviceRule.Type.BLOCK), Optional.empty(), Optional.empty(), Optional.of("m"))));
        for (long[] device : new long[][] {{1, 3}, {1, 5}, {1, 7}, {1, 8}, {1, 9}, {5, 0}, {5, 1}}) {
            rules.add(new DeviceRule(true, character, Optional.of(device[0]), Optional.of(device[1]), Optional.of("rwm")));
        }
        return rules;
    }

    /** The bundle's document for one container. */
    public Spec spec(String cgroupsPath, List<String> arguments) {
        return spec.toBuilder()
                .process(spec.process().orElseThrow().toBuilder().args(arguments).build())
                .linux(spec.linux().orElseThrow().toBuilder().cgroupsPath(cgroupsPath).build())
                .build();
    }

    /** Writes the bundle into a directory. */
    public void write(Path bundle, String cgroupsPath, List<String> arguments) throws IOException {
        Files.writeString(bundle.resolve("config.json"), Json.compact(spec(cgroupsPath, arguments).json()));
    }
}
