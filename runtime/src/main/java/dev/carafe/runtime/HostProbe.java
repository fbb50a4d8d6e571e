package dev.carafe.runtime;

import dev.carafe.base.Fault;
import dev.carafe.base.KernelVersion;
import dev.carafe.oci.Platform;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Cgroups;
import dev.carafe.plan.HostFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gathers the facts of this host from /proc and /sys, once; needs no privilege and no system call beyond reading files. */
public final class HostProbe {
    private static final Set<String> V1_CONTROLLERS = Set.of("blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "hugetlb", "memory",
            "misc", "net_cls", "net_prio", "perf_event", "pids", "rdma");

    private HostProbe() {
    }

    /** The facts as root would find them: for a plan that somebody else makes. */
    public static HostFacts probeForRoot(String program) {
        HostFacts facts = probe(program);
        for (String line : lines("/proc/self/status")) {
            if (line.startsWith("CapBnd:")) {
                return new HostFacts(facts.kernel(), facts.architecture(), 0, Long.parseUnsignedLong(line.substring(7).trim(), 16), facts.cgroups(),
                        facts.securityModules(), facts.sealedProgram(), facts.resctrl(), facts.addresses());
            }
        }
        return facts;
    }

    /** @param program the native program, as a path that containers may be shown */
    public static HostFacts probe(String program) {
        long uid = -1;
        long capabilities = 0;
        for (String line : lines("/proc/self/status")) {
            if (line.startsWith("Uid:")) {
                uid = Long.parseLong(line.split("\t")[2]);
            } else if (line.startsWith("CapPrm:")) {
                capabilities = Long.parseUnsignedLong(line.substring(7).trim(), 16);
            }
        }
        List<String> mounts = lines("/proc/self/mountinfo");
        return new HostFacts(KernelVersion.parse(lines("/proc/sys/kernel/osrelease").getFirst()),
                Platform.host(System.getProperty("os.arch")).architecture(), uid, capabilities,
                cgroups(mounts), securityModules(), program, resctrl(mounts), Map.of());
    }

    /** The same facts, with the addresses of the network devices that the bundle moves; whoever plans such a bundle needs them. */
    public static HostFacts withDevices(HostFacts facts, Spec spec) {
        if (spec.linux().isEmpty() || spec.linux().get().netDevices().isEmpty()) {
            return facts;
        }
        return new HostFacts(facts.kernel(), facts.architecture(), facts.uid(), facts.capabilities(), facts.cgroups(), facts.securityModules(),
                facts.sealedProgram(), facts.resctrl(), InterfaceAddresses.of(spec.linux().get().netDevices().keySet()));
    }

    private static Optional<String> resctrl(List<String> mountinfo) {
        for (String line : mountinfo) {
            if (line.contains(" - resctrl ")) {
                return Optional.of(line.split(" ")[4]);
            }
        }
        return Optional.empty();
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + file + "\"", "it tells what this host can do").cause(e)
                    .hint("mount /proc and /sys");
        }
    }

    private static Optional<String> text(String file) {
        try {
            return Optional.of(Files.readString(Path.of(file)).trim());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Hierarchies by their mounts (proc_pid_mountinfo(5)): a directory that merely has such a name is none, and a hierarchy that is
     * mounted again further down, as containers have it, is the same one by its device number.
     */
    static Cgroups cgroups(List<String> mountinfo) {
        var v1 = new ArrayList<Cgroups.V1>();
        var known = new HashSet<String>();
        Optional<Cgroups.V2> v2 = Optional.empty();
        for (String line : mountinfo) {
            int dash = line.indexOf(" - cgroup");
            if (dash < 0) {
                continue;
            }
            String[] end = line.substring(dash + 3).split(" ");
            String mountpoint = line.split(" ")[4];
            if (!known.add(line.split(" ")[2])) {
                continue;
            }
            if (end[0].equals("cgroup2")) {
                v2 = Optional.of(new Cgroups.V2(mountpoint, text(mountpoint + "/cgroup.controllers").filter(t -> !t.isEmpty())
                        .map(t -> Set.of(t.split(" "))).orElse(Set.of())));
            } else if (end[0].equals("cgroup")) {
                var controllers = new ArrayList<String>();
                for (String option : end[2].split(",")) {
                    if (V1_CONTROLLERS.contains(option) || option.startsWith("name=")) {
                        controllers.add(option);
                    }
                }
                boolean cpuset = controllers.contains("cpuset");
                v1.add(new Cgroups.V1(List.copyOf(controllers), mountpoint, cpuset ? text(mountpoint + "/cpuset.cpus").orElse("") : "",
                        cpuset ? text(mountpoint + "/cpuset.mems").orElse("") : ""));
            }
        }
        return new Cgroups(List.copyOf(v1), v2);
    }

    private static Set<String> securityModules() {
        Optional<String> listed = text("/sys/kernel/security/lsm");
        if (listed.isPresent()) {
            return Set.of(listed.get().split(","));
        }
        return text("/sys/module/apparmor/parameters/enabled").filter("Y"::equals).map(y -> Set.of("apparmor")).orElse(Set.of());
    }
}
