package dev.carafe.plan;

import dev.carafe.oci.runtime.Device;
import dev.carafe.oci.runtime.IdMapping;
import dev.carafe.oci.runtime.IntelRdt;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.MemoryPolicy;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.NetDevice;
import dev.carafe.oci.runtime.TimeOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a bundle must not ask of Linux, beyond what its types say (runtime-spec config-linux.md). */
final class LinuxRules {
    /** What the kernel takes (user_namespaces(7)). */
    private static final int MOST_MAPPINGS = 340;
    private static final long IDS = 1L << 32;
    /** Twelve and twenty bits of a device number (makedev(3)). */
    private static final long MOST_MAJOR = 0xfff;
    private static final long MOST_MINOR = 0xf_ffff;

    private LinuxRules() {
    }

    static void check(Linux linux, Map<Namespace.Type, Optional<String>> namespaces) {
        for (int k = 0; k < linux.namespaces().size(); k++) {
            Optional<String> path = linux.namespaces().get(k).path();
            if (path.isPresent()) {
                Rules.absolute("linux.namespaces[" + k + "].path", path.get(), Rules.LINUX + "namespaces");
            }
        }
        users(linux, namespaces);
        times(linux, namespaces);
        paths("linux.maskedPaths", linux.maskedPaths(), "masked-paths");
        paths("linux.readonlyPaths", linux.readonlyPaths(), "readonly-paths");
        devices(linux.devices());
        networkDevices(linux.netDevices());
        if (linux.intelRdt().isPresent()) {
            rdt(linux.intelRdt().get());
        }
        if (linux.memoryPolicy().isPresent()) {
            memoryPolicy(linux.memoryPolicy().get());
        }
        if (linux.personality().isPresent() && !linux.personality().get().flags().isEmpty()) {
            throw Rules.broken("linux.personality.flags", "the specification knows none, found \"" + linux.personality().get().flags().getFirst() + "\"",
                    Rules.LINUX + "personality");
        }
        Rules.line("linux.mountLabel", linux.mountLabel().orElse(""), Rules.LINUX + "mount-label");
        for (Map.Entry<String, String> sysctl : linux.sysctl().entrySet()) {
            Rules.text("linux.sysctl[\"" + sysctl.getKey() + "\"]", sysctl.getValue(), Rules.LINUX + "sysctl");
        }
        if (linux.resources().isPresent()) {
            ResourceRules.check(linux.resources().get());
        }
    }

    private static void users(Linux linux, Map<Namespace.Type, Optional<String>> namespaces) {
        boolean mapped = !linux.uidMappings().isEmpty() || !linux.gidMappings().isEmpty();
        String section = Rules.LINUX + "user-namespace-mappings";
        if (mapped && !namespaces.containsKey(Namespace.Type.USER)) {
            throw Rules.broken("linux." + (linux.uidMappings().isEmpty() ? "gidMappings" : "uidMappings"), "the container has no user namespace of its own", section);
        }
        mappings("linux.uidMappings", linux.uidMappings());
        mappings("linux.gidMappings", linux.gidMappings());
    }

    static void mappings(String field, List<IdMapping> map) {
        String section = Rules.LINUX + "user-namespace-mappings";
        if (map.size() > MOST_MAPPINGS) {
            throw Rules.broken(field, "the kernel takes " + MOST_MAPPINGS + " ranges at most, found " + map.size(), section);
        }
        for (int k = 0; k < map.size(); k++) {
            IdMapping a = map.get(k);
            String at = field + "[" + k + "]";
            if (a.size() == 0) {
                throw Rules.broken(at + ".size", "expected at least one id", section);
            }
            if (a.containerId() + a.size() > IDS || a.hostId() + a.size() > IDS) {
                throw Rules.broken(at, "the range goes beyond 4294967295", section);
            }
            for (int j = 0; j < k; j++) {
                IdMapping b = map.get(j);
                if (overlap(a.containerId(), a.size(), b.containerId(), b.size()) || overlap(a.hostId(), a.size(), b.hostId(), b.size())) {
                    throw Rules.broken(at, "it overlaps " + field + "[" + j + "]", section);
                }
            }
        }
    }

    private static boolean overlap(long a, long aSize, long b, long bSize) {
        return a < b + bSize && b < a + aSize;
    }

    private static void times(Linux linux, Map<Namespace.Type, Optional<String>> namespaces) {
        String section = Rules.LINUX + "offset-for-time-namespace";
        for (Map.Entry<String, TimeOffset> offset : linux.timeOffsets().entrySet()) {
            String field = "linux.timeOffsets[\"" + offset.getKey() + "\"]";
            if (!offset.getKey().equals("monotonic") && !offset.getKey().equals("boottime")) {
                throw Rules.broken(field, "only the clocks monotonic and boottime can be offset", section);
            }
            if (!namespaces.containsKey(Namespace.Type.TIME)) {
                throw Rules.broken(field, "the container has no time namespace of its own", section);
            }
            if (namespaces.get(Namespace.Type.TIME).isPresent()) {
                throw Rules.broken(field, "the clocks of a time namespace that exists cannot be offset", section);
            }
            Rules.between(field + ".nanosecs", offset.getValue().nanosecs().orElse(0L), 0, 999_999_999, section);
        }
    }

    private static void paths(String field, List<String> paths, String section) {
        for (int k = 0; k < paths.size(); k++) {
            Rules.absolute(field + "[" + k + "]", paths.get(k), Rules.LINUX + section);
        }
    }

    private static void devices(List<Device> devices) {
        String section = Rules.LINUX + "devices";
        Set<String> seen = new HashSet<>();
        for (int k = 0; k < devices.size(); k++) {
            Device device = devices.get(k);
            String field = "linux.devices[" + k + "]";
            Rules.absolute(field + ".path", device.path(), section);
            if (device.path().endsWith("/") || device.path().contains("/../") || device.path().endsWith("/..") || device.path().endsWith("/.")) {
                throw Rules.broken(field + ".path", "expected the path of a file, found \"" + device.path() + "\"", section);
            }
            if (!seen.add(device.path())) {
                throw Rules.broken(field + ".path", "\"" + device.path() + "\" is listed twice", section);
            }
            if (device.type() != Device.Type.FIFO) {
                Rules.between(field + ".major", device.major(), 0, MOST_MAJOR, section);
                Rules.between(field + ".minor", device.minor(), 0, MOST_MINOR, section);
            }
        }
    }

    private static void networkDevices(Map<String, NetDevice> devices) {
        String section = Rules.LINUX + "network-devices";
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, NetDevice> device : devices.entrySet()) {
            String field = "linux.netDevices[\"" + device.getKey() + "\"]";
            String name = device.getValue().name().orElse("").isEmpty() ? device.getKey() : device.getValue().name().get();
            interfaceName(field, device.getKey(), section);
            interfaceName(field + ".name", name, section);
            if (!names.add(name) && !name.contains("%d")) {
                throw Rules.broken(field + ".name", "another device is called \"" + name + "\" too", section);
            }
        }
    }

    /** As the kernel's dev_valid_name (IFNAMSIZ, netdevice(7)). */
    static void interfaceName(String field, String name, String section) {
        boolean valid = !name.isEmpty() && name.length() < 16 && !name.equals(".") && !name.equals("..");
        for (int k = 0; valid && k < name.length(); k++) {
            char c = name.charAt(k);
            valid = c > ' ' && c < 127 && c != '/' && c != ':';
        }
        if (!valid) {
            throw Rules.broken(field, "expected the name of a network device, of 1 to 15 characters, found \"" + name.replace('\0', '?') + "\"", section);
        }
    }

    private static void rdt(IntelRdt rdt) {
        String section = Rules.LINUX + "intelrdt";
        String id = rdt.closId().orElse("/");
        if (!id.equals("/") && (id.isEmpty() || id.indexOf('/') >= 0 || id.equals(".") || id.equals("..") || id.indexOf('\n') >= 0 || id.indexOf('\0') >= 0)) {
            throw Rules.broken("linux.intelRdt.closID", "expected the name of a directory, or /, found \"" + id.replace('\0', '?').replace('\n', '?') + "\"", section);
        }
        Rules.line("linux.intelRdt.l3CacheSchema", rdt.l3CacheSchema().orElse(""), section);
    }

    private static void memoryPolicy(MemoryPolicy policy) {
        String section = Rules.LINUX + "memory-policy";
        String nodes = policy.nodes().orElse("");
        boolean none = policy.mode() == MemoryPolicy.Mode.MPOL_DEFAULT || policy.mode() == MemoryPolicy.Mode.MPOL_LOCAL;
        if (none && !nodes.isEmpty()) {
            throw Rules.broken("linux.memoryPolicy.nodes", policy.mode() + " takes no nodes", section);
        }
        if (!none && nodes.isEmpty() && policy.mode() != MemoryPolicy.Mode.MPOL_PREFERRED) {
            throw Rules.broken("linux.memoryPolicy.nodes", policy.mode() + " needs at least one node", section);
        }
        if (!nodes.isEmpty()) {
            NumberLists.mask(nodes, "linux.memoryPolicy.nodes", section);
        }
        if (policy.flags().contains(MemoryPolicy.Flag.MPOL_F_RELATIVE_NODES) && policy.flags().contains(MemoryPolicy.Flag.MPOL_F_STATIC_NODES)) {
            throw Rules.broken("linux.memoryPolicy.flags", "MPOL_F_RELATIVE_NODES and MPOL_F_STATIC_NODES exclude each other", section);
        }
        if (policy.flags().contains(MemoryPolicy.Flag.MPOL_F_NUMA_BALANCING) && policy.mode() != MemoryPolicy.Mode.MPOL_BIND
                && policy.mode() != MemoryPolicy.Mode.MPOL_PREFERRED_MANY) {
            throw Rules.broken("linux.memoryPolicy.flags", "MPOL_F_NUMA_BALANCING needs MPOL_BIND or MPOL_PREFERRED_MANY", section);
        }
    }
}
