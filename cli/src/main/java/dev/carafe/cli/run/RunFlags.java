package dev.carafe.cli.run;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.FlagParser;
import dev.carafe.cli.flag.Numbers;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Outcome;
import dev.carafe.cli.flag.Setter;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.ContainerMount;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.DetachKeys;
import dev.carafe.engine.LimitOptions;
import dev.carafe.engine.LimitOptions.DeviceLimit;
import dev.carafe.engine.NamespaceMode;
import dev.carafe.engine.NamespaceOptions;
import dev.carafe.engine.NetworkOptions;
import dev.carafe.engine.ProcessOptions;
import dev.carafe.engine.PullPolicy;
import dev.carafe.engine.RestartPolicy;
import dev.carafe.engine.SecretUse;
import dev.carafe.engine.SecurityOptions;
import dev.carafe.engine.SecurityWords;
import dev.carafe.engine.VolumeWords;
import dev.carafe.engine.SecurityOptions.DeviceMapping;
import dev.carafe.kernel.Signal;
import dev.carafe.engine.StreamOptions;
import dev.carafe.engine.StreamOptions.Stream;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.Rlimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The words behind {@code run} and {@code create} as {@link ContainerOptions}. */
public final class RunFlags implements Setter {
    /** The table of {@code carafe run}. */
    public static final CommandSpec RUN = Tables.RUN;
    /** The table of {@code carafe create}. */
    public static final CommandSpec CREATE = Tables.CREATE;

    private final Caller caller;
    private final Set<Stream> attach = EnumSet.noneOf(Stream.class);
    private final List<MountSpecification> mounts = new ArrayList<>();
    private final List<DeviceLimit> deviceLimits = new ArrayList<>();
    private final List<DeviceRule> deviceRules = new ArrayList<>();
    private final Map<Rlimit.Type, Rlimit> ulimits = new LinkedHashMap<>();

    private RunFlags(Caller caller) {
        this.caller = caller;
    }

    /**
     * Reads the words behind a command.
     *
     * @param command {@link #CREATE}, or {@link #RUN} or a table that adds to it
     */
    public static Reading<ContainerOptions> read(CommandSpec command, List<String> words, Caller caller) {
        var flags = new RunFlags(caller);
        Outcome outcome = FlagParser.parse(command, words, flags);
        if (!(outcome instanceof Outcome.Accepted accepted)) {
            return new Reading.Stopped<>(outcome);
        }
        try {
            return new Reading.Ready<>(flags.options(accepted.values(), accepted.operands(), command != CREATE));
        } catch (Fault offence) {
            return Reading.refused(command, offence, Outcome.BAD_OPTION);
        }
    }

    @Override
    public void set(Option option, String value) {
        switch (option.target()) {
            case "attach" -> attach.add(stream(value));
            case "env" -> Specifications.checkVariable(value);
            case "label" -> Specifications.checkLabel(value);
            case "sysctl" -> Specifications.checkSysctl(value);
            case "mount" -> mounts.add(MountSpecification.parse(value));
            case "ulimit" -> {
                Rlimit limit = Specifications.ulimit(value);
                ulimits.put(limit.type(), limit);
            }
            case "device-cgroup-rule" -> deviceRules.add(Specifications.deviceRule(value));
            case "blkio-weight-device" -> deviceLimits.add(Specifications.deviceLimit(DeviceLimit.Kind.WEIGHT, value));
            case "device-read-bps" -> deviceLimits.add(Specifications.deviceLimit(DeviceLimit.Kind.READ_BYTES, value));
            case "device-write-bps" -> deviceLimits.add(Specifications.deviceLimit(DeviceLimit.Kind.WRITE_BYTES, value));
            case "device-read-iops" -> deviceLimits.add(Specifications.deviceLimit(DeviceLimit.Kind.READ_OPERATIONS, value));
            case "device-write-iops" -> deviceLimits.add(Specifications.deviceLimit(DeviceLimit.Kind.WRITE_OPERATIONS, value));
            default -> { }
        }
    }

    private static Stream stream(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "stdin" -> Stream.STDIN;
            case "stdout" -> Stream.STDOUT;
            case "stderr" -> Stream.STDERR;
            default -> throw Fault.invalid("attach", value, "valid streams are STDIN, STDOUT and STDERR");
        };
    }

    private ContainerOptions options(Values values, List<String> operands, boolean run) {
        var options = ContainerOptions.builder(operands.getFirst())
                .streams(streams(values, run))
                .pull(pull(values.text("pull")))
                .quiet(values.on("quiet"))
                .labels(labels(values))
                .annotations(map(values.list("annotation")))
                .process(process(values, operands.subList(1, operands.size())))
                .mounts(mounts(values))
                .volumesFrom(values.list("volumes-from"))
                .readOnly(values.on("read-only"))
                .limits(limits(values))
                .security(security(values))
                .namespaces(namespaces(values))
                .network(network(values))
                .removeWhenDone(values.on("rm"))
                .logging(has(values, "log-driver") ? Optional.of(values.text("log-driver")) : Optional.empty(), logOptions(values));
        if (has(values, "platform")) {
            options.platform(values.text("platform"));
        }
        if (has(values, "name")) {
            options.name(values.text("name"));
        }
        if (has(values, "cidfile")) {
            options.idFile(values.text("cidfile"));
        }
        if (has(values, "cgroup-parent")) {
            options.cgroupParent(values.text("cgroup-parent"));
        }
        if (has(values, "runtime")) {
            options.runtime(values.text("runtime"));
        }
        if (has(values, "restart")) {
            options.restart(restart(values));
        }
        if (values.on("no-healthcheck") || values.givenAny("health-")) {
            HealthWords.apply(values, options);
        }
        if (values.given("disable-content-trust") && !values.on("disable-content-trust")) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "create", "--disable-content-trust=false", "this engine checks no signatures");
        }
        if (values.given("secret")) {
            var secrets = new ArrayList<SecretUse>();
            for (String secret : values.list("secret")) {
                secrets.add(SecretUse.parse(secret));
            }
            options.secrets(secrets);
        }
        if (bytes(values, "shm-size") != 0) {
            options.shmBytes(bytes(values, "shm-size"));
        }
        return options.build();
    }

    private static RestartPolicy restart(Values values) {
        RestartPolicy policy = RestartPolicy.parse(values.text("restart"));
        if (values.on("rm") && policy.kind() != RestartPolicy.Kind.NO) {
            throw Fault.invalid("conflicting options", "", "--restart and --rm");
        }
        return policy;
    }

    private StreamOptions streams(Values values, boolean run) {
        var streams = StreamOptions.NONE.attach(attach).interactive(values.on("interactive")).tty(values.on("tty"));
        if (!run) {
            return streams;
        }
        if (values.on("detach") && !attach.isEmpty()) {
            throw Fault.invalid("conflicting options", "", "cannot specify both --attach and --detach");
        }
        return streams.detach(values.on("detach")).passSignals(values.on("sig-proxy")).detachKeys(detachKeys(values));
    }

    private static PullPolicy pull(String word) {
        return switch (word) {
            case "always" -> PullPolicy.ALWAYS;
            case "missing", "" -> PullPolicy.MISSING;
            case "never" -> PullPolicy.NEVER;
            default -> throw Fault.invalid("invalid pull option", "", "'" + word + "': must be one of \"always\", \"missing\" or \"never\"");
        };
    }

    private Map<String, String> labels(Values values) {
        var entries = new ArrayList<String>();
        for (String path : values.list("label-file")) {
            entries.addAll(VariableFile.parse(caller.read(path), Optional.empty()));
        }
        entries.addAll(values.list("label"));
        return map(entries);
    }

    private ProcessOptions process(Values values, List<String> command) {
        var process = ProcessOptions.builder().command(command).groups(values.list("group-add")).environment(Variables.read(values, caller));
        if (values.given("entrypoint")) {
            String word = values.text("entrypoint");
            process.entrypoint(word.isEmpty() ? List.of() : List.of(word));
        }
        if (has(values, "user")) {
            process.user(values.text("user"));
        }
        if (has(values, "stop-signal")) {
            process.stopSignal(Signal.parse(values.text("stop-signal")));
        }
        if (has(values, "workdir")) {
            process.workingDirectory(absolute(values.text("workdir")));
        }
        if (values.given("init")) {
            process.init(values.on("init"));
        }
        if (values.given("stop-timeout")) {
            process.stopTimeout(Duration.ofSeconds(values.number("stop-timeout")));
        }
        return process.build();
    }

    static String absolute(String path) {
        if (!path.startsWith("/")) {
            throw Fault.invalid("the working directory", "'" + path + "'", "it needs to be an absolute path");
        }
        return path;
    }

    private List<ContainerMount> mounts(Values values) {
        var all = new ArrayList<ContainerMount>();
        for (String volume : values.list("volume")) {
            all.add(VolumeWords.parse(volume, caller));
        }
        for (MountSpecification mount : mounts) {
            all.add(mount.mount(caller));
        }
        for (String tmpfs : values.list("tmpfs")) {
            all.add(VolumeWords.tmpfs(tmpfs));
        }
        var targets = new ArrayList<String>();
        for (ContainerMount mount : all) {
            String target = java.nio.file.Path.of(mount.target()).normalize().toString();
            if (targets.contains(target)) {
                throw Fault.invalid("duplicate mount point", "", target);
            }
            targets.add(target);
        }
        return all;
    }

    private LimitOptions limits(Values values) {
        var limits = LimitOptions.builder().oomKillDisable(values.on("oom-kill-disable")).devices(deviceLimits)
                .ulimits(List.copyOf(ulimits.values()));
        memory(values, limits);
        processor(values, limits);
        if (values.number("pids-limit") != 0) {
            // Docker takes any negative number for none.
            limits.pids(Math.max(-1, values.number("pids-limit")));
        }
        if (values.number("blkio-weight") != 0) {
            limits.blockWeight((int) values.number("blkio-weight"));
        }
        if (values.given("oom-score-adj")) {
            limits.oomScore(Math.clamp(values.number("oom-score-adj"), Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
        return limits.build();
    }

    private static void memory(Values values, LimitOptions.Builder limits) {
        if (bytes(values, "memory") != 0) {
            limits.memory(bytes(values, "memory"));
        }
        if (bytes(values, "memory-reservation") != 0) {
            limits.memoryReservation(bytes(values, "memory-reservation"));
        }
        if (bytes(values, "memory-swap") != 0) {
            limits.memorySwap(bytes(values, "memory-swap"));
        }
        long swappiness = values.number("memory-swappiness");
        if (swappiness < -1 || swappiness > 100) {
            throw Fault.invalid("invalid value", "", swappiness + ". Valid memory swappiness range is 0-100");
        }
        if (swappiness >= 0) {
            limits.swappiness((int) swappiness);
        }
    }

    private static void processor(Values values, LimitOptions.Builder limits) {
        if (values.number("cpu-shares") != 0) {
            limits.cpuShares(values.number("cpu-shares"));
        }
        if (values.number("cpu-period") != 0) {
            limits.cpuPeriod(values.number("cpu-period"));
        }
        if (values.number("cpu-quota") != 0) {
            limits.cpuQuota(values.number("cpu-quota"));
        }
        if (has(values, "cpuset-cpus")) {
            limits.cpusetCpus(values.text("cpuset-cpus"));
        }
        if (has(values, "cpuset-mems")) {
            limits.cpusetMems(values.text("cpuset-mems"));
        }
        long nanos = has(values, "cpus") ? Numbers.parseNanos(values.text("cpus")) : 0;
        if (nanos != 0) {
            limits.cpuNanos(nanos);
        }
    }

    private SecurityOptions security(Values values) {
        var devices = new ArrayList<DeviceMapping>();
        for (String device : values.list("device")) {
            devices.add(Specifications.device(device));
        }
        var security = SecurityOptions.builder().privileged(values.on("privileged"))
                .capabilities(values.list("cap-add"), values.list("cap-drop")).devices(devices).deviceRules(deviceRules)
                .sysctls(map(values.list("sysctl")));
        SecurityWords.apply(values.list("security-opt"), caller, security);
        return security.build();
    }

    private static NamespaceOptions namespaces(Values values) {
        return new NamespaceOptions(
                mode(values, "pid", "PID", "host", "container"),
                mode(values, "ipc", "IPC", "private", "shareable", "none", "host", "container"),
                mode(values, "uts", "UTS", "host"),
                mode(values, "userns", "USER", "host"),
                mode(values, "cgroupns", "CGROUP", "private", "host"));
    }

    private static NamespaceMode mode(Values values, String option, String kind, String... allowed) {
        String text = values.text(option);
        if (text.isEmpty()) {
            return new NamespaceMode.Usual();
        }
        int colon = text.indexOf(':');
        Optional<NamespaceMode> mode = List.of(allowed).contains(colon < 0 ? text : text.substring(0, colon)) ? NamespaceMode.parse(text)
                : Optional.empty();
        if (mode.isEmpty()) {
            throw Fault.invalid("--" + option, "", "invalid " + kind + " mode");
        }
        return mode.get();
    }

    private static NetworkOptions network(Values values) {
        var network = NetworkOptions.NONE;
        if (values.given("network") || given(values, "ip", "ip6", "mac-address", "network-alias")) {
            network = NetworkWords.read(network, values);
        }
        if (given(values, "publish", "publish-all", "expose")) {
            network = network.publish(values.list("publish")).publishAll(values.on("publish-all")).expose(values.list("expose"));
        }
        if (given(values, "dns", "dns-search", "dns-option")) {
            network = network.resolver(new NetworkOptions.Resolver(values.list("dns"), values.list("dns-search"), values.list("dns-option")));
        }
        if (values.given("add-host")) {
            network = network.hosts(values.list("add-host"));
        }
        if (has(values, "hostname")) {
            network = network.hostname(values.text("hostname"));
        }
        return has(values, "domainname") ? network.domainname(values.text("domainname")) : network;
    }

    private static boolean given(Values values, String... names) {
        for (String name : names) {
            if (values.given(name)) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, String> logOptions(Values values) {
        if (values.text("log-driver").equals("none") && values.given("log-opt")) {
            throw Fault.invalid("invalid logging opts", "for driver none", "it takes none");
        }
        return map(values.list("log-opt"));
    }

    private static Map<String, String> map(List<String> entries) {
        var map = new LinkedHashMap<String, String>();
        for (String entry : entries) {
            map.put(Specifications.before(entry), Specifications.behind(entry));
        }
        return map;
    }

    /** Whether a value was given and is not empty. */
    static boolean has(Values values, String name) {
        return values.given(name) && !values.text(name).isEmpty();
    }

    /** The keys of {@code --detach-keys}. */
    static DetachKeys detachKeys(Values values) {
        return has(values, "detach-keys") ? DetachKeys.parse(values.text("detach-keys")) : DetachKeys.USUAL;
    }

    /** A size; 0 where there is no limit. */
    private static long bytes(Values values, String name) {
        if (!has(values, name)) {
            return 0;
        }
        String text = values.text(name);
        return text.equals("-1") ? -1 : Numbers.parseBytes(text);
    }
}
