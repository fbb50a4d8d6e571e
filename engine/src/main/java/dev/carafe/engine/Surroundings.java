package dev.carafe.engine;

import dev.carafe.engine.SecurityOptions.DeviceMapping;
import dev.carafe.oci.runtime.Device;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a container's specification takes from around it: looked up beforehand, so that {@link Specifier} need not look.
 *
 * @param hosts the file on the host that becomes its /etc/hosts
 * @param hostname the file that becomes its /etc/hostname
 * @param resolver the file that becomes its /etc/resolv.conf
 * @param sharedName the host's name, or that of the container whose network it joins: its own where it shares the network
 * @param joined the process id of the init of each container that it joins, by the reference in its options
 * @param sharedMemory the directory that becomes its /dev/shm where that is another container's
 * @param volumes where its volumes are, the image's among them, by their targets as the options or the image write them
 * @param devices what each device that was asked for stands for: one node, or those in a directory
 * @param hostDevices all nodes of the host, for a container that is privileged
 * @param limitedDevices the nodes whose block I/O is limited, by their paths on the host
 * @param maskedPaths paths of this host that are hidden beyond the usual, such as
 *     {@code /sys/devices/system/cpu/cpu0/thermal_throttle}
 * @param swapAccounting whether the kernel can limit swap
 * @param secrets what it is given of secrets
 */
public record Surroundings(Optional<String> hosts, Optional<String> hostname, Optional<String> resolver, String sharedName,
        Map<String, Integer> joined, Optional<String> sharedMemory, Map<String, Volume> volumes, Map<DeviceMapping, List<Device>> devices,
        List<Device> hostDevices, Map<String, Device> limitedDevices, List<String> maskedPaths, boolean swapAccounting, Secrets.Given secrets) {
    /** A volume, or a part of one: its name and the absolute path on the host of what is mounted. */
    public record Volume(String name, String path) {}

    public Surroundings {
        joined = Map.copyOf(joined);
        volumes = Collections.unmodifiableMap(new LinkedHashMap<>(volumes));
        devices = Map.copyOf(devices);
        hostDevices = List.copyOf(hostDevices);
        limitedDevices = Map.copyOf(limitedDevices);
        maskedPaths = List.copyOf(maskedPaths);
    }

    /** Nothing around, on a host of that name. */
    public static Builder builder(String hostName) {
        return new Builder(hostName);
    }

    public Builder toBuilder() {
        var b = new Builder(sharedName);
        b.hosts = hosts;
        b.hostname = hostname;
        b.resolver = resolver;
        b.joined = joined;
        b.sharedMemory = sharedMemory;
        b.volumes = volumes;
        b.devices = devices;
        b.hostDevices = hostDevices;
        b.limitedDevices = limitedDevices;
        b.maskedPaths = maskedPaths;
        b.swapAccounting = swapAccounting;
        b.secrets = secrets;
        return b;
    }

    /** Collects the parts of {@link Surroundings}. */
    public static final class Builder {
        private Optional<String> hosts = Optional.empty();
        private Optional<String> hostname = Optional.empty();
        private Optional<String> resolver = Optional.empty();
        private String sharedName;
        private Map<String, Integer> joined = Map.of();
        private Optional<String> sharedMemory = Optional.empty();
        private Map<String, Volume> volumes = Map.of();
        private Map<DeviceMapping, List<Device>> devices = Map.of();
        private List<Device> hostDevices = List.of();
        private Map<String, Device> limitedDevices = Map.of();
        private List<String> maskedPaths = List.of();
        private boolean swapAccounting = true;
        private Secrets.Given secrets = Secrets.Given.NONE;

        private Builder(String sharedName) {
            this.sharedName = sharedName;
        }

        public Builder hosts(String path) {
            hosts = Optional.of(path);
            return this;
        }

        public Builder hostname(String path) {
            hostname = Optional.of(path);
            return this;
        }

        public Builder resolver(String path) {
            resolver = Optional.of(path);
            return this;
        }

        public Builder sharedName(String name) {
            sharedName = name;
            return this;
        }

        public Builder joined(Map<String, Integer> initOfReference) {
            joined = initOfReference;
            return this;
        }

        public Builder sharedMemory(String path) {
            sharedMemory = Optional.of(path);
            return this;
        }

        public Builder volumes(Map<String, Volume> byTarget) {
            volumes = byTarget;
            return this;
        }

        public Builder devices(Map<DeviceMapping, List<Device>> nodes) {
            devices = nodes;
            return this;
        }

        public Builder hostDevices(List<Device> nodes) {
            hostDevices = nodes;
            return this;
        }

        public Builder limitedDevices(Map<String, Device> byPath) {
            limitedDevices = byPath;
            return this;
        }

        public Builder maskedPaths(List<String> paths) {
            maskedPaths = paths;
            return this;
        }

        public Builder swapAccounting(boolean works) {
            swapAccounting = works;
            return this;
        }

        public Builder secrets(Secrets.Given given) {
            secrets = given;
            return this;
        }

        public Surroundings build() {
            return new Surroundings(hosts, hostname, resolver, sharedName, joined, sharedMemory, volumes, devices, hostDevices,
                    limitedDevices, maskedPaths, swapAccounting, secrets);
        }
    }
}
