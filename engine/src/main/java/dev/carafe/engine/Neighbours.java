package dev.carafe.engine;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.engine.SecurityOptions.DeviceMapping;
import dev.carafe.oci.runtime.Device;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.MountOperation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks up what a container's specification takes from around it: device nodes of the host, and containers whose namespaces it joins. */
final class Neighbours {
    private static final String SHARED_MEMORY = "/dev/shm";
    private static final int S_IFMT = 0170000;
    private static final int S_IFCHR = 0020000;
    private static final int S_IFBLK = 0060000;

    private Neighbours() {
    }

    /**
     * @param all the containers that may be joined; empty where none can be looked at
     * @param own the directory that will hold the container's files of /etc
     */
    static Surroundings surroundings(Optional<Containers> all, ContainerOptions options, Path own, HostFacts host) {
        var builder = Surroundings.builder(StateFile.read(Path.of("/proc/sys/kernel/hostname")).orElse("localhost").trim())
                .hosts(own.resolve("hosts").toString()).hostname(own.resolve("hostname").toString())
                .resolver(own.resolve("resolv.conf").toString());
        for (ContainerMount mount : options.mounts()) {
            if (mount instanceof ContainerMount.Bind bind) {
                checkSource(bind);
            }
        }
        var joined = new HashMap<String, Integer>();
        for (NamespaceMode mode : List.of(options.namespaces().pid(), options.namespaces().ipc(), options.network().mode())) {
            if (mode instanceof NamespaceMode.Container other) {
                // One that does not run yet may be joined by a container that is made now and started later.
                joined.put(other.reference(), joinable(all, other.reference()).status().pid());
            }
        }
        builder.joined(joined);
        if (options.namespaces().ipc() instanceof NamespaceMode.Container other) {
            Container donor = joinable(all, other.reference());
            requireShareable(donor);
            builder.sharedMemory(sharedMemory(donor.status().pid()));
        }
        if (options.network().mode() instanceof NamespaceMode.Container other && all.isPresent()) {
            all.get().find(other.reference()).bundle().hostname().ifPresent(builder::sharedName);
        }
        builder.maskedPaths(throttles());
        var devices = new HashMap<DeviceMapping, List<Device>>();
        for (DeviceMapping mapping : options.security().devices()) {
            devices.put(mapping, nodes(Path.of(mapping.source()), mapping.target()));
        }
        builder.devices(devices);
        if (options.security().privileged()) {
            builder.hostDevices(hostDevices());
        }
        LimitOptions limits = options.limits();
        if (limits.cpuNanos().isPresent() || limits.cpusetCpus().isPresent() || limits.cpusetMems().isPresent()) {
            HostLimits.check(limits, host);
        }
        var limited = new HashMap<String, Device>();
        for (LimitOptions.DeviceLimit limit : options.limits().devices()) {
            limited.put(limit.path(), node(Path.of(limit.path()), limit.path()).orElseThrow(() -> Fault.notFound("limit", "\"" + limit.path() + "\"",
                    "no such device")));
        }
        builder.limitedDevices(limited);
        builder.swapAccounting(countsSwap(host));
        return builder.build();
    }

    /** Whether the kernel can limit swap: version 1 of control groups shows a file for it. */
    static boolean countsSwap(HostFacts host) {
        return host.cgroups().withController("memory").map(h -> new File(h.mountpoint(), "memory.memsw.limit_in_bytes").exists()).orElse(true);
    }

    private static void checkSource(ContainerMount.Bind bind) {
        Path source = Path.of(bind.source());
        if (!Files.exists(source) && !bind.createSource()) {
            throw Fault.notFound("mount", "\"" + bind.source() + "\"", "bind source path does not exist").hint("make it, or use -v, which makes it");
        }
    }

    /** Makes the sources of binds that are to be made where they lack. */
    static void makeSources(ContainerOptions options) {
        for (ContainerMount mount : options.mounts()) {
            if (mount instanceof ContainerMount.Bind bind && bind.createSource() && !Files.exists(Path.of(bind.source()))) {
                StateFile.makeDirectories(Path.of(bind.source()));
            }
        }
    }

    /** Counters of heat, one directory for each processor, by which neighbours could be told apart. */
    private static List<String> throttles() {
        var list = new ArrayList<String>();
        for (int cpu = 0; new File("/sys/devices/system/cpu/cpu" + cpu).isDirectory(); cpu++) {
            String directory = "/sys/devices/system/cpu/cpu" + cpu + "/thermal_throttle";
            if (new File(directory).isDirectory()) {
                list.add(directory);
            }
        }
        return list;
    }

    private static Container joinable(Optional<Containers> all, String reference) {
        return all.orElseThrow(() -> Fault.of(Fault.Kind.PERMISSION, "join namespaces of", "\"" + reference + "\"",
                "the containers of this root are not yours")).find(reference);
    }

    /** Semaphores and /dev/shm are handed to others only by a container that was made for it (docker's --ipc). */
    private static void requireShareable(Container donor) {
        String mode = donor.record().hostConfig().get("IpcMode").getAsString();
        if (mode.equals("private") || mode.equals("none")) {
            throw Fault.invalid("can't join IPC of container", donor.id(), "non-shareable IPC").hint("make that container with --ipc shareable");
        }
    }

    /** As a container's init sees it. */
    private static String sharedMemory(int init) {
        return "/proc/" + init + "/root" + SHARED_MEMORY;
    }

    /** Fails when one of the containers that are joined does not run. */
    static void requireRunning(Containers all, ContainerOptions options) {
        for (NamespaceMode mode : List.of(options.namespaces().pid(), options.namespaces().ipc(), options.network().mode())) {
            if (mode instanceof NamespaceMode.Container other) {
                running(all.find(other.reference()));
            }
        }
    }

    private static int running(Container other) {
        ContainerStatus status = other.status();
        if (!status.running()) {
            throw Fault.of(Fault.Kind.CONFLICT, "join namespaces of", "\"" + other.record().name() + "\"", "it does not run").hint("start it first");
        }
        return status.pid();
    }

    /** A node as it is, or all nodes of a directory. */
    private static List<Device> nodes(Path source, String target) {
        Optional<Device> single = node(source, target);
        if (single.isPresent()) {
            return List.of(single.get());
        }
        if (!Files.isDirectory(source)) {
            throw Fault.notFound("add device", "\"" + source + "\"", Files.exists(source) ? "not a device node" : "no such file or directory");
        }
        var list = new ArrayList<Device>();
        collect(source, source, target, list);
        return list;
    }

    private static void collect(Path top, Path directory, String target, List<Device> list) {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.sorted().toList()) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    collect(top, entry, target, list);
                } else if (!Files.isSymbolicLink(entry)) {
                    node(entry, target + "/" + top.relativize(entry)).ifPresent(list::add);
                }
            }
        } catch (IOException e) {
            throw StateFile.fault("list devices of", directory, e);
        }
    }

    /** Those that docker gives a privileged container: all of /dev but terminals of others and what containers have of their own. */
    private static List<Device> hostDevices() {
        var list = new ArrayList<Device>();
        try (Stream<Path> entries = Files.list(Path.of("/dev"))) {
            for (Path entry : entries.sorted().toList()) {
                String name = entry.getFileName().toString();
                if (Files.isSymbolicLink(entry) || name.equals("console")) {
                    continue;
                }
                if (!Files.isDirectory(entry)) {
                    node(entry, entry.toString()).ifPresent(list::add);
                } else if (!List.of("pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev").contains(name)) {
                    collect(entry, entry, entry.toString(), list);
                }
            }
        } catch (IOException e) {
            throw StateFile.fault("list devices of", Path.of("/dev"), e);
        }
        return list;
    }

    private static Optional<Device> node(Path source, String target) {
        try {
            Map<String, Object> attributes = Files.readAttributes(source, "unix:mode,rdev,uid,gid");
            int mode = (Integer) attributes.get("mode");
            int kind = mode & S_IFMT;
            if (kind != S_IFCHR && kind != S_IFBLK) {
                return Optional.empty();
            }
            long rdev = (Long) attributes.get("rdev");
            long major = rdev >>> 8 & 0xfff | rdev >>> 32 & ~0xfffL;
            long minor = rdev & 0xff | rdev >>> 12 & ~0xffL;
            return Optional.of(new Device(kind == S_IFBLK ? Device.Type.BLOCK : Device.Type.CHARACTER, target, major, minor & 0xffffffL, Optional.of(mode & 07777),
                    Optional.of(((Integer) attributes.get("uid")).longValue()), Optional.of(((Integer) attributes.get("gid")).longValue())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * The bundle with the paths of joined namespaces as they are now.
     *
     * @param strict whether a container that is joined must run; if not, the paths of one that does not are left as they were
     */
    static Spec joined(Containers all, Spec spec, ContainerRecord record, boolean strict) {
        var paths = new HashMap<Namespace.Type, String>();
        Optional<String> memory = Optional.empty();
        for (Joint joint : JOINTS) {
            Optional<Container> donor = donor(all, record, joint, strict);
            if (donor.isPresent()) {
                int init = strict ? running(donor.get()) : donor.get().status().pid();
                paths.put(joint.type(), Container.namespacePath(init, joint.type()));
                memory = joint.type() == Namespace.Type.IPC ? Optional.of(sharedMemory(init)) : memory;
            }
        }
        if (paths.isEmpty()) {
            return spec;
        }
        var namespaces = new ArrayList<Namespace>();
        for (Namespace namespace : spec.linux().orElseThrow().namespaces()) {
            String path = paths.get(namespace.type());
            namespaces.add(path == null ? namespace : Namespace.join(namespace.type(), path));
        }
        return spec.toBuilder().mounts(withSharedMemory(spec.mounts(), memory))
                .linux(spec.linux().orElseThrow().toBuilder().namespaces(namespaces).build()).build();
    }

    /** A kind of namespace that another container may lend, and the field of the record that says whose. */
    private record Joint(String field, Namespace.Type type) {}

    private static final List<Joint> JOINTS = List.of(new Joint("NetworkMode", Namespace.Type.NETWORK), new Joint("PidMode", Namespace.Type.PID),
            new Joint("IpcMode", Namespace.Type.IPC));

    private static Optional<Container> donor(Containers all, ContainerRecord record, Joint joint, boolean strict) {
        JsonElement mode = record.hostConfig().get(joint.field());
        if (mode == null || !mode.isJsonPrimitive() || !mode.getAsString().startsWith("container:")) {
            return Optional.empty();
        }
        try {
            Container donor = all.find(mode.getAsString().substring("container:".length()));
            return strict || donor.status().running() ? Optional.of(donor) : Optional.empty();
        } catch (Fault gone) {
            if (strict || gone.kind() != Fault.Kind.NOT_FOUND) {
                throw gone;
            }
            return Optional.empty();
        }
    }

    private static List<Mount> withSharedMemory(List<Mount> mounts, Optional<String> source) {
        if (source.isEmpty()) {
            return mounts;
        }
        var list = new ArrayList<Mount>();
        for (Mount mount : mounts) {
            boolean shared = mount.destination().equals(SHARED_MEMORY) && MountOperation.TakeForeign.isForeign(mount.source().orElse(""));
            list.add(shared ? mount.toBuilder().source(source.get()).build() : mount);
        }
        return list;
    }
}
