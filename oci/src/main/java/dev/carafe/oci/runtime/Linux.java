package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a container needs of Linux (runtime-spec config-linux.md).
 *
 * @param uidMappings user ids of a new user namespace
 * @param gidMappings group ids of a new user namespace
 * @param sysctl kernel parameters by dotted name
 * @param resources what it may use
 * @param cgroupsPath its cgroup: absolute from the root of the hierarchy, relative to where the runtime likes, or
 *     {@code slice:prefix:name} for systemd
 * @param namespaces namespaces that it does not share with the runtime, at most one of a type
 * @param devices device nodes beside the default ones
 * @param netDevices network devices that move in, by name on the host
 * @param seccomp which system calls it may make
 * @param rootfsPropagation mount propagation of the root: {@code shared}, {@code slave}, {@code private} or
 *     {@code unbindable}
 * @param maskedPaths paths that cannot be read
 * @param readonlyPaths paths that cannot be written
 * @param mountLabel the SELinux context of its mounts
 * @param intelRdt its class of service
 * @param memoryPolicy its NUMA memory policy
 * @param personality its execution domain
 * @param timeOffsets by clock, {@code monotonic} or {@code boottime}
 */
public record Linux(List<IdMapping> uidMappings, List<IdMapping> gidMappings, Map<String, String> sysctl,
        Optional<Resources> resources, Optional<String> cgroupsPath, List<Namespace> namespaces, List<Device> devices,
        Map<String, NetDevice> netDevices, Optional<Seccomp> seccomp, Optional<String> rootfsPropagation,
        List<String> maskedPaths, List<String> readonlyPaths, Optional<String> mountLabel, Optional<IntelRdt> intelRdt,
        Optional<MemoryPolicy> memoryPolicy, Optional<Personality> personality, Map<String, TimeOffset> timeOffsets)
        implements JsonForm {
    public Linux {
        uidMappings = List.copyOf(uidMappings);
        gidMappings = List.copyOf(gidMappings);
        sysctl = Collections.unmodifiableMap(new LinkedHashMap<>(sysctl));
        namespaces = List.copyOf(namespaces);
        devices = List.copyOf(devices);
        netDevices = Collections.unmodifiableMap(new LinkedHashMap<>(netDevices));
        maskedPaths = List.copyOf(maskedPaths);
        readonlyPaths = List.copyOf(readonlyPaths);
        timeOffsets = Collections.unmodifiableMap(new LinkedHashMap<>(timeOffsets));
    }

    public static Linux parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md");
        var parsed = new Linux(
                fields.objects("uidMappings", IdMapping::parse),
                fields.objects("gidMappings", IdMapping::parse),
                fields.stringMap("sysctl"),
                fields.optionalObject("resources", Resources::parse),
                fields.optionalString("cgroupsPath"),
                fields.objects("namespaces", Namespace::parse),
                fields.objects("devices", Device::parse),
                fields.objectMap("netDevices", NetDevice::parse),
                fields.optionalObject("seccomp", Seccomp::parse),
                fields.optionalString("rootfsPropagation"),
                fields.strings("maskedPaths"),
                fields.strings("readonlyPaths"),
                fields.optionalString("mountLabel"),
                fields.optionalObject("intelRdt", IntelRdt::parse),
                fields.optionalObject("memoryPolicy", MemoryPolicy::parse),
                fields.optionalObject("personality", Personality::parse),
                fields.objectMap("timeOffsets", TimeOffset::parse));
        var seen = EnumSet.noneOf(Namespace.Type.class);
        for (int i = 0; i < parsed.namespaces.size(); i++) {
            Namespace.Type type = parsed.namespaces.get(i).type();
            if (!seen.add(type)) {
                throw in.section("runtime-spec config-linux.md#namespaces")
                        .fault("namespaces[" + i + "]", "the " + type + " namespace is there twice");
            }
        }
        return parsed;
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .list("uidMappings", uidMappings)
                .list("gidMappings", gidMappings)
                .map("sysctl", sysctl)
                .optional("resources", resources)
                .optional("cgroupsPath", cgroupsPath)
                .list("namespaces", namespaces)
                .list("devices", devices)
                .map("netDevices", netDevices)
                .optional("seccomp", seccomp)
                .optional("rootfsPropagation", rootfsPropagation)
                .list("maskedPaths", maskedPaths)
                .list("readonlyPaths", readonlyPaths)
                .optional("mountLabel", mountLabel)
                .optional("intelRdt", intelRdt)
                .optional("memoryPolicy", memoryPolicy)
                .optional("personality", personality)
                .map("timeOffsets", timeOffsets)
                .json();
    }

    /** Starts with everything absent. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.uidMappings = uidMappings;
        builder.gidMappings = gidMappings;
        builder.sysctl = sysctl;
        builder.resources = resources;
        builder.cgroupsPath = cgroupsPath;
        builder.namespaces = namespaces;
        builder.devices = devices;
        builder.netDevices = netDevices;
        builder.seccomp = seccomp;
        builder.rootfsPropagation = rootfsPropagation;
        builder.maskedPaths = maskedPaths;
        builder.readonlyPaths = readonlyPaths;
        builder.mountLabel = mountLabel;
        builder.intelRdt = intelRdt;
        builder.memoryPolicy = memoryPolicy;
        builder.personality = personality;
        builder.timeOffsets = timeOffsets;
        return builder;
    }

    /** Collects the components of a {@link Linux}; each method replaces what was set before. */
    public static final class Builder {
        private List<IdMapping> uidMappings = List.of();
        private List<IdMapping> gidMappings = List.of();
        private Map<String, String> sysctl = Map.of();
        private Optional<Resources> resources = Optional.empty();
        private Optional<String> cgroupsPath = Optional.empty();
        private List<Namespace> namespaces = List.of();
        private List<Device> devices = List.of();
        private Map<String, NetDevice> netDevices = Map.of();
        private Optional<Seccomp> seccomp = Optional.empty();
        private Optional<String> rootfsPropagation = Optional.empty();
        private List<String> maskedPaths = List.of();
        private List<String> readonlyPaths = List.of();
        private Optional<String> mountLabel = Optional.empty();
        private Optional<IntelRdt> intelRdt = Optional.empty();
        private Optional<MemoryPolicy> memoryPolicy = Optional.empty();
        private Optional<Personality> personality = Optional.empty();
        private Map<String, TimeOffset> timeOffsets = Map.of();

        private Builder() {}

        public Builder uidMappings(List<IdMapping> values) {
            uidMappings = values;
            return this;
        }

        public Builder gidMappings(List<IdMapping> values) {
            gidMappings = values;
            return this;
        }

        public Builder sysctl(Map<String, String> values) {
            sysctl = values;
            return this;
        }

        public Builder resources(Resources value) {
            return resources(Optional.of(value));
        }

        public Builder resources(Optional<Resources> value) {
            resources = value;
            return this;
        }

        public Builder cgroupsPath(String value) {
            return cgroupsPath(Optional.of(value));
        }

        public Builder cgroupsPath(Optional<String> value) {
            cgroupsPath = value;
            return this;
        }

        public Builder namespaces(List<Namespace> values) {
            namespaces = values;
            return this;
        }

        public Builder devices(List<Device> values) {
            devices = values;
            return this;
        }

        public Builder netDevices(Map<String, NetDevice> values) {
            netDevices = values;
            return this;
        }

        public Builder seccomp(Seccomp value) {
            return seccomp(Optional.of(value));
        }

        public Builder seccomp(Optional<Seccomp> value) {
            seccomp = value;
            return this;
        }

        public Builder rootfsPropagation(String value) {
            return rootfsPropagation(Optional.of(value));
        }

        public Builder rootfsPropagation(Optional<String> value) {
            rootfsPropagation = value;
            return this;
        }

        public Builder maskedPaths(List<String> values) {
            maskedPaths = values;
            return this;
        }

        public Builder readonlyPaths(List<String> values) {
            readonlyPaths = values;
            return this;
        }

        public Builder mountLabel(String value) {
            return mountLabel(Optional.of(value));
        }

        public Builder mountLabel(Optional<String> value) {
            mountLabel = value;
            return this;
        }

        public Builder intelRdt(IntelRdt value) {
            return intelRdt(Optional.of(value));
        }

        public Builder intelRdt(Optional<IntelRdt> value) {
            intelRdt = value;
            return this;
        }

        public Builder memoryPolicy(MemoryPolicy value) {
            return memoryPolicy(Optional.of(value));
        }

        public Builder memoryPolicy(Optional<MemoryPolicy> value) {
            memoryPolicy = value;
            return this;
        }

        public Builder personality(Personality value) {
            return personality(Optional.of(value));
        }

        public Builder personality(Optional<Personality> value) {
            personality = value;
            return this;
        }

        public Builder timeOffsets(Map<String, TimeOffset> values) {
            timeOffsets = values;
            return this;
        }

        public Linux build() {
            return new Linux(uidMappings, gidMappings, sysctl, resources, cgroupsPath, namespaces, devices, netDevices, seccomp,
                    rootfsPropagation, maskedPaths, readonlyPaths, mountLabel, intelRdt, memoryPolicy, personality,
                    timeOffsets);
        }
    }
}
