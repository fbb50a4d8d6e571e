package dev.carafe.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.carafe.base.ContainerId;
import dev.carafe.base.Fault;
import dev.carafe.base.Timestamps;
import dev.carafe.engine.ContainerMount.Bind;
import dev.carafe.engine.ContainerMount.Volume;
import dev.carafe.kernel.Signal;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.JsonFields;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.MountOptions.Propagation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What {@code docker container inspect} says of a container, in docker's fields and order (its Engine API 1.41,
 * ContainerInspect). Pure, as all of it comes from what was asked for and from the state that the engine keeps.
 */
public final class ContainerDocument {
    /** How Go prints a time that is not set. */
    static final String NEVER = "0001-01-01T00:00:00Z";

    private ContainerDocument() {}

    /** Where a container is in its life; the words are docker's. */
    public enum Status {
        CREATED, RUNNING, PAUSED, RESTARTING, REMOVING, EXITED, DEAD;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether there is a process. */
        public boolean runs() {
            return this == RUNNING || this == PAUSED || this == RESTARTING;
        }
    }

    /**
     * The state of a container.
     *
     * @param pid its init on the host; 0: none
     * @param exitCode how its last run ended
     * @param error why it could not start; empty: it could
     * @param health docker's Health object, where there is a check
     */
    public record State(Status status, boolean oomKilled, int pid, int exitCode, String error, Optional<Instant> startedAt,
            Optional<Instant> finishedAt, Optional<JsonObject> health) {
        /** Never started. */
        public static final State CREATED = new State(Status.CREATED, false, 0, 0, "", Optional.empty(), Optional.empty(), Optional.empty());

        JsonObject json() {
            return new JsonFields().put("Status", status.word()).put("Running", status.runs()).put("Paused", status == Status.PAUSED)
                    .put("Restarting", status == Status.RESTARTING).put("OOMKilled", oomKilled).put("Dead", status == Status.DEAD)
                    .put("Pid", pid).put("ExitCode", exitCode).put("Error", error).put("StartedAt", time(startedAt))
                    .put("FinishedAt", time(finishedAt)).optional("Health", health).json();
        }
    }

    /**
     * Where a file system is kept.
     *
     * @param driver such as {@code overlay2}
     * @param data what the driver tells, by name
     */
    public record Storage(String driver, Map<String, String> data) {
        public Storage {
            data = Map.copyOf(data);
        }

        JsonObject json() {
            return new JsonFields().put("Data", DockerConfig.sorted(data)).put("Name", driver).json();
        }
    }

    /**
     * A container as the engine keeps it.
     *
     * @param image the {@code config} of its image
     * @param imageId that image's id, {@code sha256:…}
     * @param restarts how often it was started again
     * @param log the file with its output; empty: none
     * @param execs the ids of further processes that run in it
     * @param size what it has written, and with its image, in bytes; absent: not asked for
     */
    public record Subject(ContainerId id, String name, Instant created, ContainerOptions options, ContainerConfig image, String imageId,
            State state, int restarts, String log, Storage storage, List<String> execs, Optional<Size> size) {
        public Subject {
            execs = List.copyOf(execs);
        }
    }

    /** How much a container takes. */
    public record Size(long written, long withImage) {}

    /** The whole document. */
    public static JsonObject inspect(Subject container, HostFacts host, Surroundings around) {
        ContainerOptions options = container.options;
        CommandLine command = CommandLine.of(options.process(), container.image);
        var words = new ArrayList<>(command.entrypoint());
        words.addAll(command.command());
        var fields = new JsonFields().put("Id", container.id.hex()).put("Created", Timestamps.print(container.created))
                .put("Path", words.isEmpty() ? "" : words.getFirst())
                .array("Args", words.isEmpty() ? words : words.subList(1, words.size()))
                .put("State", container.state.json()).put("Image", container.imageId)
                .put("ResolvConfPath", around.resolver().orElse("")).put("HostnamePath", around.hostname().orElse(""))
                .put("HostsPath", around.hosts().orElse("")).put("LogPath", container.log).put("Name", "/" + container.name)
                .put("RestartCount", container.restarts).put("Driver", container.storage.driver).put("Platform", "linux")
                .put("MountLabel", "")
                .put("ProcessLabel", host.securityModules().contains("selinux") ? Confinement.selinux(options.security(), host).orElse("") : "")
                .put("AppArmorProfile", options.security().apparmor().orElse(""))
                .put("ExecIDs", DockerConfig.listOrNull(container.execs)).put("HostConfig", hostConfig(options, host, around))
                .put("GraphDriver", container.storage.json());
        container.size.ifPresent(size -> fields.put("SizeRw", size.written).put("SizeRootFs", size.withImage));
        return fields.put("Mounts", mounts(options, container.image, around))
                .put("Config", config(options, container.image, container.id, around))
                .put("NetworkSettings", networkSettings(options, container.state)).json();
    }

    /** The {@code Config} object: what runs, by its user's words and its image's. */
    public static JsonObject config(ContainerOptions options, ContainerConfig image, ContainerId id, Surroundings around) {
        ProcessOptions process = options.process();
        StreamOptions streams = options.streams();
        CommandLine command = CommandLine.of(process, image);
        var volumes = new TreeSet<>(image.volumes());
        for (ContainerMount mount : options.mounts()) {
            if (mount instanceof Volume volume && volume.name().isEmpty()) {
                volumes.add(volume.target());
            }
        }
        var labels = new TreeMap<>(image.labels());
        labels.putAll(options.labels());
        var merged = image.toBuilder().user(process.user().or(image::user)).exposedPorts(exposed(options, image))
                .env(Variables.configured(process, image)).entrypoint(command.entrypoint()).cmd(command.command())
                .volumes(List.copyOf(volumes)).workingDir(process.workingDirectory().or(image::workingDir)).labels(labels)
                .stopSignal(process.stopSignal().map(Signal::word).or(image::stopSignal))
                .healthcheck(HealthPolicy.merged(options.health(), image.healthcheck())).onBuild(List.of()).build();
        JsonObject config = DockerConfig.of(merged, Optional.of(new DockerConfig.Own(Specifier.hostname(options, id, around),
                options.network().domainname().orElse(""), streams.attached(StreamOptions.Stream.STDIN),
                streams.attached(StreamOptions.Stream.STDOUT), streams.attached(StreamOptions.Stream.STDERR), streams.tty(),
                streams.interactive(), options.image(), process.stopTimeout())));
        if (options.onUnhealthy() != HealthAction.NONE) {
            config.addProperty(HealthPolicy.ON_FAILURE, options.onUnhealthy().word());
        }
        around.secrets().note(config);
        return config;
    }

    /** The {@code HostConfig} object: what it may do and use. */
    public static JsonObject hostConfig(ContainerOptions options, HostFacts host, Surroundings around) {
        return HostConfigDocument.of(options, host, around);
    }

    /** Ports that are said to be listened on, each with its protocol; a range is all its ports. */
    static List<String> exposed(ContainerOptions options, ContainerConfig image) {
        var ports = new TreeSet<>(image.exposedPorts());
        ports.addAll(NetworkChoice.bindings(options.network()).keySet());
        for (String word : options.network().expose()) {
            int slash = word.indexOf('/');
            String range = slash < 0 ? word : word.substring(0, slash);
            int dash = range.indexOf('-');
            int first = port(word, dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : port(word, range.substring(dash + 1));
            if (first > last) {
                throw invalidPort(word);
            }
            for (int port = first; port <= last; port++) {
                ports.add(port + (slash < 0 ? "/tcp" : word.substring(slash)));
            }
        }
        return List.copyOf(ports);
    }

    private static int port(String word, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 0 && port <= 0xffff) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            throw invalidPort(word).cause(notANumber);
        }
        throw invalidPort(word);
    }

    private static Fault invalidPort(String word) {
        return Fault.invalid("invalid range format for --expose", word, "expected ports of 0 to 65535, such as 80, 80/udp or 80-90/tcp");
    }

    static JsonArray mounts(ContainerOptions options, ContainerConfig image, Surroundings around) {
        var points = new LinkedHashMap<String, JsonObject>();
        for (ContainerMount mount : options.mounts()) {
            String mode = String.join(",", mount.mode());
            if (mount instanceof Bind bind) {
                points.put(bind.target(), new JsonFields().put("Type", "bind").put("Source", bind.source())
                        .put("Destination", bind.target()).put("Mode", bind.createSource() ? mode : "").put("RW", !bind.readOnly())
                        .put("Propagation", bind.propagation().orElse(Propagation.RPRIVATE).word()).json());
            } else if (mount instanceof Volume volume) {
                points.put(volume.target(), volume(volume.target(), volume.driver().orElse("local"), mode,
                        !volume.readOnly(), around));
            }
        }
        for (String target : image.volumes()) {
            if (around.volumes().containsKey(target)) {
                points.putIfAbsent(target, volume(target, "local", "", true, around));
            }
        }
        var array = new JsonArray();
        points.values().forEach(array::add);
        return array;
    }

    private static JsonObject volume(String target, String driver, String mode, boolean writable, Surroundings around) {
        Optional<Surroundings.Volume> found = Optional.ofNullable(around.volumes().get(target));
        return new JsonFields().put("Type", "volume").put("Name", found.map(Surroundings.Volume::name).orElse(""))
                .put("Source", found.map(Surroundings.Volume::path).orElse("")).put("Destination", target).put("Driver", driver)
                .put("Mode", mode).put("RW", writable).put("Propagation", "").json();
    }

    private static JsonObject networkSettings(ContainerOptions options, State state) {
        NamespaceMode mode = options.network().mode();
        JsonObject networks = NetworkChoice.networks(options.network());
        boolean joined = mode instanceof NamespaceMode.Container;
        String key = joined || mode instanceof NamespaceMode.Host || state.pid == 0 ? "" : "/proc/" + state.pid + "/ns/net";
        return new JsonFields().put("Bridge", "").put("SandboxID", "").put("HairpinMode", false).put("LinkLocalIPv6Address", "")
                .put("LinkLocalIPv6PrefixLen", 0).put("Ports", new JsonObject()).put("SandboxKey", key)
                .put("SecondaryIPAddresses", JsonNull.INSTANCE).put("SecondaryIPv6Addresses", JsonNull.INSTANCE)
                .put("EndpointID", "").put("Gateway", "").put("GlobalIPv6Address", "").put("GlobalIPv6PrefixLen", 0).put("IPAddress", "")
                .put("IPPrefixLen", 0).put("IPv6Gateway", "").put("MacAddress", "").put("Networks", networks).json();
    }

    static String time(Optional<Instant> time) {
        return time.map(Timestamps::print).orElse(NEVER);
    }
}
