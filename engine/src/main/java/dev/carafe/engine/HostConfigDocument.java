package dev.carafe.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.carafe.engine.ContainerMount.Bind;
import dev.carafe.engine.ContainerMount.Recursion;
import dev.carafe.engine.ContainerMount.Tmpfs;
import dev.carafe.engine.ContainerMount.Volume;
import dev.carafe.engine.LimitOptions.DeviceLimit;
import dev.carafe.engine.SecurityOptions.DeviceMapping;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.Rlimit;
import dev.carafe.plan.HostFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Docker's {@code HostConfig} object: what a container's user asked for beyond its program, with docker's defaults, in docker's
 * order (its Engine API 1.41, HostConfig).
 */
final class HostConfigDocument {
    private static final String RUNTIME = Refusals.RUNTIME;
    private static final String LOG_DRIVER = Refusals.LOG_DRIVER;

    private final ContainerOptions options;
    private final SecurityOptions security;
    private final LimitOptions limits;
    private final NamespaceOptions namespaces;

    private HostConfigDocument(ContainerOptions options) {
        this.options = options;
        this.security = options.security();
        this.limits = options.limits();
        this.namespaces = options.namespaces();
    }

    static JsonObject of(ContainerOptions options, HostFacts host, Surroundings around) {
        var document = new HostConfigDocument(options);
        var fields = new JsonFields();
        document.world(fields, host);
        document.shares(fields);
        document.limits(fields, around.swapAccounting());
        document.hidden(fields, around.maskedPaths());
        return fields.json();
    }

    private void world(JsonFields fields, HostFacts host) {
        fields.put("Binds", DockerConfig.listOrNull(binds())).put("ContainerIDFile", options.idFile().orElse(""))
                .put("LogConfig", new JsonFields().put("Type", options.logDriver().orElse(LOG_DRIVER))
                        .put("Config", DockerConfig.sorted(options.logOptions())).json())
                .put("NetworkMode", options.network().mode().word())
                .put("PortBindings", NetworkChoice.bindings(options.network()))
                .put("RestartPolicy", new JsonFields().put("Name", options.restart().kind().word())
                        .put("MaximumRetryCount", options.restart().retries()).json())
                .put("AutoRemove", options.removeWhenDone())
                .put("VolumeDriver", "")
                .put("VolumesFrom", JsonNull.INSTANCE);
        if (!options.annotations().isEmpty()) {
            fields.put("Annotations", DockerConfig.sorted(options.annotations()));
        }
        fields.put("CapAdd", DockerConfig.listOrNull(CapabilityChoice.normalized("CapAdd", security.capabilitiesAdded())))
                .put("CapDrop", DockerConfig.listOrNull(CapabilityChoice.normalized("CapDrop", security.capabilitiesDropped())))
                .put("CgroupnsMode", NamespaceChoice.cgroup(options, host).word())
                .array("Dns", options.network().resolver().servers()).array("DnsOptions", options.network().resolver().options())
                .array("DnsSearch", options.network().resolver().search())
                .put("ExtraHosts", DockerConfig.listOrNull(options.network().hosts()))
                .put("GroupAdd", DockerConfig.listOrNull(options.process().groups()))
                .put("IpcMode", namespaces.ipc() instanceof NamespaceMode.Usual ? "private" : namespaces.ipc().word())
                .put("Cgroup", "")
                .put("Links", JsonNull.INSTANCE)
                .put("OomScoreAdj", limits.oomScore().orElse(0))
                .put("PidMode", wordOrNothing(namespaces.pid()))
                .put("Privileged", security.privileged())
                .put("PublishAllPorts", options.network().publishAll())
                .put("ReadonlyRootfs", options.readOnly())
                .put("SecurityOpt", DockerConfig.listOrNull(securityWords()));
    }

    private void shares(JsonFields fields) {
        var tmpfs = new TreeMap<String, String>();
        for (ContainerMount mount : options.mounts()) {
            if (mount instanceof Tmpfs memory) {
                tmpfs.put(memory.target(), String.join(",", memory.options()));
            }
        }
        if (!tmpfs.isEmpty()) {
            fields.put("Tmpfs", DockerConfig.sorted(tmpfs));
        }
        fields.put("UTSMode", wordOrNothing(namespaces.uts())).put("UsernsMode", wordOrNothing(namespaces.user()))
                .put("ShmSize", options.shmBytes().orElse(MountChoice.SHM_BYTES));
        if (!security.sysctls().isEmpty()) {
            fields.put("Sysctls", DockerConfig.sorted(security.sysctls()));
        }
        fields.put("Runtime", options.runtime().orElse(RUNTIME)).array("ConsoleSize", List.of(0, 0)).put("Isolation", "");
    }

    private void limits(JsonFields fields, boolean swapAccounting) {
        fields.put("CpuShares", limits.cpuShares().orElse(0L))
                .put("Memory", limits.memory().orElse(0L))
                .put("NanoCpus", limits.cpuNanos().orElse(0L))
                .put("CgroupParent", options.cgroupParent().orElse(""))
                .put("BlkioWeight", limits.blockWeight().orElse(0))
                .put("BlkioWeightDevice", devices(DeviceLimit.Kind.WEIGHT))
                .put("BlkioDeviceReadBps", devices(DeviceLimit.Kind.READ_BYTES))
                .put("BlkioDeviceWriteBps", devices(DeviceLimit.Kind.WRITE_BYTES))
                .put("BlkioDeviceReadIOps", devices(DeviceLimit.Kind.READ_OPERATIONS))
                .put("BlkioDeviceWriteIOps", devices(DeviceLimit.Kind.WRITE_OPERATIONS))
                .put("CpuPeriod", limits.cpuPeriod().orElse(0L))
                .put("CpuQuota", limits.cpuQuota().orElse(0L))
                .put("CpuRealtimePeriod", 0)
                .put("CpuRealtimeRuntime", 0)
                .put("CpusetCpus", limits.cpusetCpus().orElse(""))
                .put("CpusetMems", limits.cpusetMems().orElse(""))
                .put("Devices", deviceMappings())
                .put("DeviceCgroupRules", deviceRules())
                .put("DeviceRequests", JsonNull.INSTANCE)
                .put("KernelMemory", 0)
                .put("KernelMemoryTCP", 0)
                .put("MemoryReservation", limits.memoryReservation().orElse(0L))
                .put("MemorySwap", ResourceChoice.swap(limits, swapAccounting).orElse(0L))
                .put("MemorySwappiness", numberOrNull(limits.swappiness()))
                .put("OomKillDisable", limits.oomKillDisable())
                .put("PidsLimit", numberOrNull(limits.pids()))
                .put("Ulimits", ulimits())
                .put("CpuCount", 0)
                .put("CpuPercent", 0)
                .put("IOMaximumIOps", 0)
                .put("IOMaximumBandwidth", 0);
    }

    private void hidden(JsonFields fields, List<String> ofThisHost) {
        JsonArray mounts = mounts();
        if (!mounts.isEmpty()) {
            fields.put("Mounts", mounts);
        }
        HiddenPaths hidden = HiddenPaths.of(security, ofThisHost);
        boolean all = security.privileged() && hidden.masked().isEmpty();
        fields.put("MaskedPaths", all ? JsonNull.INSTANCE : DockerConfig.list(hidden.masked()))
                .put("ReadonlyPaths", security.privileged() ? JsonNull.INSTANCE : DockerConfig.list(hidden.readonly()))
                .optional("Init", options.process().init());
    }

    private static String wordOrNothing(NamespaceMode mode) {
        return mode instanceof NamespaceMode.Usual ? "" : mode.word();
    }

    private static JsonElement numberOrNull(Optional<? extends Number> number) {
        return number.isPresent() ? new JsonPrimitive(number.get()) : JsonNull.INSTANCE;
    }

    /** What {@code --security-opt} was given. */
    private List<String> securityWords() {
        var words = new ArrayList<String>();
        security.selinux().forEach(part -> words.add("label=" + part));
        security.apparmor().ifPresent(profile -> words.add("apparmor=" + profile));
        Optional<String> seccomp = security.seccomp().option();
        if (seccomp.isPresent()) {
            words.add(seccomp.get());
        }
        security.noNewPrivileges().ifPresent(on -> words.add(on ? "no-new-privileges" : "no-new-privileges=false"));
        if (!security.masked().isEmpty()) {
            words.add("mask=" + String.join(":", security.masked()));
        }
        if (!security.unmasked().isEmpty()) {
            words.add("unmask=" + String.join(":", security.unmasked()));
        }
        return words;
    }

    private JsonArray devices(DeviceLimit.Kind kind) {
        var array = new JsonArray();
        for (DeviceLimit limit : limits.devices()) {
            if (limit.kind() == kind) {
                array.add(new JsonFields().put("Path", limit.path())
                        .put(kind == DeviceLimit.Kind.WEIGHT ? "Weight" : "Rate", limit.value()).json());
            }
        }
        return array;
    }

    private JsonArray deviceMappings() {
        var array = new JsonArray();
        for (DeviceMapping mapping : security.devices()) {
            array.add(new JsonFields().put("PathOnHost", mapping.source()).put("PathInContainer", mapping.target())
                    .put("CgroupPermissions", mapping.permissions()).json());
        }
        return array;
    }

    private JsonElement deviceRules() {
        var words = new ArrayList<String>();
        for (DeviceRule rule : security.deviceRules()) {
            words.add(rule.type().orElse(DeviceRule.Type.ALL) + " " + number(rule.major()) + ":" + number(rule.minor()) + " "
                    + rule.access().orElse("rwm"));
        }
        return DockerConfig.listOrNull(words);
    }

    private static String number(Optional<Long> number) {
        return number.filter(n -> n >= 0).map(n -> Long.toString(n)).orElse("*");
    }

    private JsonArray ulimits() {
        var byName = new TreeMap<String, JsonObject>();
        for (Rlimit limit : limits.ulimits()) {
            String name = limit.type().name().substring("RLIMIT_".length()).toLowerCase(Locale.ROOT);
            byName.put(name, new JsonFields().put("Name", name).put("Hard", limit.hard()).put("Soft", limit.soft()).json());
        }
        var array = new JsonArray();
        byName.values().forEach(array::add);
        return array;
    }

    /** What {@code --volume} says in docker's form: those that are not said by {@code --mount} alone. */
    private List<String> binds() {
        var words = new ArrayList<String>();
        for (ContainerMount mount : options.mounts()) {
            if (mount instanceof Bind bind && bind.createSource()) {
                words.add(bind.source() + ":" + bind.target() + mode(bind.mode()));
            } else if (mount instanceof Volume volume && volume.name().isPresent() && isShort(volume)) {
                words.add(volume.name().get() + ":" + volume.target() + mode(volume.mode()));
            }
        }
        return words;
    }

    private static String mode(List<String> words) {
        return words.isEmpty() ? "" : ":" + String.join(",", words);
    }

    /** Whether {@code --volume} can say it. */
    private static boolean isShort(Volume volume) {
        return volume.subpath().isEmpty() && volume.driver().isEmpty() && volume.driverOptions().isEmpty() && volume.labels().isEmpty();
    }

    /** What only {@code --mount} can say. */
    private JsonArray mounts() {
        var array = new JsonArray();
        for (ContainerMount mount : options.mounts()) {
            if (mount instanceof Bind bind && !bind.createSource()) {
                array.add(bind(bind));
            } else if (mount instanceof Volume volume && !isShort(volume)) {
                array.add(volume(volume));
            }
        }
        return array;
    }

    private static JsonObject bind(Bind bind) {
        var fields = new JsonFields().put("Type", "bind").put("Source", bind.source()).put("Target", bind.target())
                .flag("ReadOnly", bind.readOnly());
        var more = new JsonFields();
        bind.propagation().ifPresent(propagation -> more.put("Propagation", propagation.word()));
        JsonObject details = more.flag("NonRecursive", bind.recursion() == Recursion.DISABLED)
                .flag("ReadOnlyNonRecursive", bind.recursion() == Recursion.WRITABLE)
                .flag("ReadOnlyForceRecursive", bind.recursion() == Recursion.READONLY).json();
        return details.isEmpty() ? fields.json() : fields.put("BindOptions", details).json();
    }

    private static JsonObject volume(Volume volume) {
        var fields = new JsonFields().put("Type", "volume").optional("Source", volume.name()).put("Target", volume.target())
                .flag("ReadOnly", volume.readOnly());
        var driver = new JsonFields().optional("Name", volume.driver()).map("Options", new TreeMap<>(volume.driverOptions())).json();
        var more = new JsonFields().flag("NoCopy", !volume.copy()).map("Labels", new TreeMap<>(volume.labels()));
        if (!driver.isEmpty()) {
            more.put("DriverConfig", driver);
        }
        JsonObject details = more.optional("Subpath", volume.subpath()).json();
        return details.isEmpty() ? fields.json() : fields.put("VolumeOptions", details).json();
    }
}
