package dev.carafe.cli.run;

import static dev.carafe.cli.flag.Type.BYTES;
import static dev.carafe.cli.flag.Type.BYTES_OR_UNLIMITED;
import static dev.carafe.cli.flag.Type.DECIMAL;
import static dev.carafe.cli.flag.Type.DURATION;
import static dev.carafe.cli.flag.Type.INT;
import static dev.carafe.cli.flag.Type.LIST;
import static dev.carafe.cli.flag.Type.SWITCH;
import static dev.carafe.cli.flag.Type.TEXT;
import static dev.carafe.cli.flag.Type.UINT16;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import java.util.List;

/** The options of {@code run}, {@code create} and {@code exec}, by docker's names, letters and types. */
final class Tables {
    private Tables() {}

    /** What {@code run} has and {@code create} has not. */
    private static final List<Option> RUNNING = List.of(
            Option.of(SWITCH, 'd', "detach", "Leave it running and print its id"),
            Option.of(TEXT, "detach-keys", "Keys that let go of a terminal, such as ctrl-p,ctrl-q"),
            Option.of(SWITCH, "sig-proxy", "Hand signals on to the container's process").initially("true"));

    private static final List<Option> CREATING = List.of(
            Option.of(LIST, "add-host", "Add a line to its /etc/hosts (name:address; host-gateway is the host's address)"),
            Option.of(LIST, "annotation", "Set an annotation for the runtime (name=value)").placeholder("map"),
            Option.of(LIST, 'a', "attach", "Attach to this stream: stdin, stdout or stderr"),
            Option.of(UINT16, "blkio-weight", "Weigh its block I/O against others', 10 to 1000; 0 for no weight"),
            Option.of(LIST, "blkio-weight-device", "The same for one device (device:weight)"),
            Option.of(LIST, "cap-add", "Give it a capability, or ALL"),
            Option.of(LIST, "cap-drop", "Take a capability away, or ALL"),
            Option.of(TEXT, "cgroup-parent", "Make its cgroup within this one"),
            Option.of(TEXT, "cgroupns", "Whose cgroup namespace it is in: host or private"),
            Option.of(TEXT, "cidfile", "Write its id to this file"),
            Option.of(INT, "cpu-period", "Microseconds of a period of the CPU quota"),
            Option.of(INT, "cpu-quota", "Microseconds of CPU time in each period"),
            Option.of(INT, 'c', "cpu-shares", "Weigh its CPU time against others'"),
            Option.of(DECIMAL, "cpus", "How many CPUs it may keep busy"),
            Option.of(TEXT, "cpuset-cpus", "Which CPUs it may use (0-3, 0,1)"),
            Option.of(TEXT, "cpuset-mems", "Which memory nodes it may use (0-3, 0,1)"),
            Option.of(LIST, "device", "Give it a device of the host (host[:container][:rwm])"),
            Option.of(LIST, "device-cgroup-rule", "Allow it devices by number, as in 'c 42:* rmw'"),
            Option.of(LIST, "device-read-bps", "Limit what it reads from a device, in bytes a second (device:rate)"),
            Option.of(LIST, "device-read-iops", "Limit how often it reads from a device, in reads a second (device:rate)"),
            Option.of(LIST, "device-write-bps", "Limit what it writes to a device, in bytes a second (device:rate)"),
            Option.of(LIST, "device-write-iops", "Limit how often it writes to a device, in writes a second (device:rate)"),
            Option.of(LIST, "dns", "Ask this server for names"),
            Option.of(LIST, "dns-option", "An option for its resolver"),
            Option.of(LIST, "dns-option", "").alias("dns-opt"),
            Option.of(LIST, "dns-search", "Look for names in this domain"),
            Option.of(TEXT, "domainname", "Its NIS domain name"),
            Option.of(TEXT, "entrypoint", "Run this in place of the image's entry point"),
            Option.hidden(SWITCH, "disable-content-trust"),
            Option.of(LIST, 'e', "env", "Set a variable (name=value); a name alone takes your value"),
            Option.of(LIST, "env-file", "Set the variables of this file"),
            Option.of(LIST, "expose", "Say that it listens on a port or a range (port[-port][/protocol])"),
            Option.of(LIST, "group-add", "Join this group as well"),
            Option.of(TEXT, "health-cmd", "Ask it by this command whether it is well"),
            Option.of(DURATION, "health-interval", "Time between two checks (30s where nothing is said)"),
            Option.of(TEXT, "health-on-failure", "What to do with it when it is not well: none, kill, restart or stop").initially("none"),
            Option.of(INT, "health-retries", "How many failures in a row make it unhealthy (3 where nothing is said)"),
            Option.of(DURATION, "health-start-interval", "Time between two checks in the start period (5s where nothing is said)"),
            Option.of(DURATION, "health-start-period", "How long after the start failures do not count"),
            Option.of(DURATION, "health-timeout", "Time until a check is killed and counts as failed (30s where nothing is said)"),
            Option.of(TEXT, 'h', "hostname", "Its host name"),
            Option.of(SWITCH, "init", "Run a small init in it that passes signals on and reaps processes"),
            Option.of(SWITCH, 'i', "interactive", "Keep its standard input open"),
            Option.of(TEXT, "ip", "Its IPv4 address on its network"),
            Option.of(TEXT, "ip6", "Its IPv6 address on its network"),
            Option.of(TEXT, "ipc", "Whose IPC namespace it is in: private, shareable, none, host or container:NAME"),
            Option.of(LIST, 'l', "label", "Set a label (name=value)"),
            Option.of(LIST, "label-file", "Set the labels of this file"),
            Option.of(TEXT, "log-driver", "How its output is kept: carafe, local, json-file, k8s-file or none"),
            Option.of(LIST, "log-opt", "An option of the log driver (max-size=, max-file=, compress=, labels=, env=, tag= and others)"),
            Option.of(TEXT, "mac-address", "The MAC address of its device"),
            Option.of(BYTES, 'm', "memory", "Limit its memory"),
            Option.of(BYTES, "memory-reservation", "Keep it this memory when memory is short"),
            Option.of(BYTES_OR_UNLIMITED, "memory-swap", "Limit its memory and swap together; -1 for no limit"),
            Option.of(INT, "memory-swappiness", "How eagerly it is swapped, 0 to 100").initially("-1"),
            Option.of(LIST, "mount", "Mount something (type=bind|tmpfs,src=...,dst=...)").placeholder("mount"),
            Option.of(TEXT, "name", "Its name"),
            Option.of(LIST, "network", "Which network it is on: none, host, container:NAME, ns:PATH, or a network (name=,ip=,ip6=,alias=,mac-address=,gw-priority=); several are possible")
                    .placeholder("network"),
            Option.of(LIST, "network", "").alias("net"),
            Option.of(LIST, "network-alias", "What its neighbours on its network may call it as well"),
            Option.of(LIST, "network-alias", "").alias("net-alias"),
            Option.of(SWITCH, "no-healthcheck", "Make no health checks, whatever the image says"),
            Option.of(SWITCH, "oom-kill-disable", "Let it wait for memory rather than be killed"),
            Option.of(INT, "oom-score-adj", "How likely it is killed when memory is short, -1000 to 1000"),
            Option.of(TEXT, "pid", "Whose PID namespace it is in: host or container:NAME"),
            Option.of(INT, "pids-limit", "Limit how many tasks it has; -1 for no limit"),
            Option.of(TEXT, "platform", "Which of the image's platforms (os/architecture[/variant])"),
            Option.of(SWITCH, "privileged", "Give it every capability and device"),
            Option.of(LIST, 'p', "publish", "Publish a port or a range ([[address:]host:]port[/protocol])"),
            Option.of(SWITCH, 'P', "publish-all", "Publish all ports that it exposes, on any port of the host"),
            Option.of(TEXT, "pull", "When to pull the image: missing or never, until there are registries").initially("missing"),
            Option.of(SWITCH, 'q', "quiet", ""),
            Option.of(SWITCH, "read-only", "Make its root file system read-only"),
            Option.of(TEXT, "restart", "Whether it starts again when it ends: no, on-failure[:RETRIES], always or unless-stopped").initially("no"),
            Option.of(SWITCH, "rm", "Remove it when it ends"),
            Option.of(TEXT, "runtime", "Which runtime performs it: carafe"),
            Option.of(LIST, "secret", "Give it a secret (SECRET[,type=mount|env][,target=][,uid=][,gid=][,mode=])").placeholder("secret"),
            Option.of(LIST, "security-opt",
                    "seccomp=, apparmor=, label=, no-new-privileges[=], mask=, unmask=, systempaths=unconfined"),
            Option.of(BYTES, "shm-size", "The size of its /dev/shm"),
            Option.of(TEXT, "stop-signal", "The signal that asks it to end"),
            Option.of(INT, "stop-timeout", "Seconds until it is killed when it is to end"),
            Option.of(LIST, "sysctl", "Set a kernel parameter of its namespaces (name=value)").placeholder("map"),
            Option.of(LIST, "tmpfs", "Mount a file system in memory (path[:options])"),
            Option.of(SWITCH, 't', "tty", "Give it a terminal"),
            Option.of(LIST, "ulimit", "Limit its processes (name=soft[:hard])").placeholder("ulimit"),
            Option.of(TEXT, 'u', "user", "Run as this user (user[:group], names or numbers)"),
            Option.of(TEXT, "userns", "Whose user namespace it is in: host"),
            Option.of(TEXT, "uts", "Whose UTS namespace it is in: host"),
            Option.of(LIST, "volumes-from", "Mount what another container has mounted (CONTAINER[:ro])"),
            Option.of(LIST, 'v', "volume", "Mount a directory or a volume ([source:]target[:options])"),
            Option.of(TEXT, 'w', "workdir", "The directory it starts in"));

    private static final String NO_LINKS = "containers are not linked; put both on a network of their own";
    private static final String NOT_LINUX = "it is for Windows";
    private static final String NO_REAL_TIME = "groups get no real-time share; use --ulimit rtprio with --cap-add SYS_NICE";

    /** What docker's client takes and this engine cannot do. */
    private static final List<Option> ABSENT = List.of(
            Option.absent("cpu-count", NOT_LINUX),
            Option.absent("cpu-percent", NOT_LINUX),
            Option.absent("cpu-rt-period", NO_REAL_TIME),
            Option.absent("cpu-rt-runtime", NO_REAL_TIME),
            Option.absent("gpus", "devices are not found by what they can do; name their nodes with --device"),
            Option.absent("io-maxbandwidth", NOT_LINUX),
            Option.absent("io-maxiops", NOT_LINUX),
            Option.absent("isolation", NOT_LINUX),
            Option.absent("kernel-memory", "the kernel dropped this limit; use --memory, which counts the kernel's memory as well"),
            Option.absent("link", NO_LINKS),
            Option.absent("link-local-ip", "devices make their link-local addresses themselves"),
            Option.absent("storage-opt", "the overlay driver takes no options for single containers"),
            Option.absent(SWITCH, Option.NO_LETTER, "use-api-socket", "there is no API socket"),
            Option.absent("volume-driver", "the only driver is local; it takes options by --mount volume-opt="));

    static final CommandSpec RUN = CommandSpec.builder("carafe run", "Create a container and start it")
            .operands("[OPTIONS] IMAGE [COMMAND] [ARG...]", 1, CommandSpec.ANY)
            .aliases("carafe container run", "carafe run")
            .options(CREATING).options(RUNNING).options(ABSENT)
            .stopsAtOperand().build();

    static final CommandSpec CREATE = CommandSpec.builder("carafe create", "Create a container")
            .operands("[OPTIONS] IMAGE [COMMAND] [ARG...]", 1, CommandSpec.ANY)
            .aliases("carafe container create", "carafe create")
            .options(CREATING).options(ABSENT)
            .stopsAtOperand().build();

    static final CommandSpec EXEC = CommandSpec.builder("carafe exec", "Run a command in a running container")
            .operands("[OPTIONS] CONTAINER COMMAND [ARG...]", 2, CommandSpec.ANY)
            .aliases("carafe container exec", "carafe exec")
            .options(
                    Option.of(SWITCH, 'd', "detach", "Leave the command running"),
                    Option.of(TEXT, "detach-keys", "Keys that let go of a terminal, such as ctrl-p,ctrl-q"),
                    Option.of(LIST, 'e', "env", "Set a variable (name=value); a name alone takes your value"),
                    Option.of(LIST, "env-file", "Set the variables of this file"),
                    Option.of(SWITCH, 'i', "interactive", "Keep its standard input open"),
                    Option.of(SWITCH, "privileged", "Give the command every capability"),
                    Option.of(SWITCH, 't', "tty", "Give it a terminal"),
                    Option.of(TEXT, 'u', "user", "Run as this user (user[:group], names or numbers)"),
                    Option.of(TEXT, 'w', "workdir", "The directory it starts in"))
            .stopsAtOperand().build();
}
