package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.plan.Cgroups;
import dev.carafe.plan.HostFacts;
import java.util.BitSet;
import java.util.Locale;
import java.util.Optional;

/** Whether this host has the processors and memory nodes that limits speak of: docker's checks of a new container's resources. */
final class HostLimits {
    private static final double NANOS = 1e9;
    /** More than any kernel supports (Linux: CONFIG_NR_CPUS, at most 8192). */
    private static final int MOST = 8192;

    private HostLimits() {
    }

    static void check(LimitOptions limits, HostFacts host) {
        if (limits.cpuNanos().isPresent()) {
            // Those that the engine itself may run on, as runtime.NumCPU counts for docker.
            int count = count(allowed("Cpus_allowed_list", "/sys/devices/system/cpu/online"));
            if (limits.cpuNanos().get() > count * NANOS) {
                throw refused(String.format(Locale.ROOT, "range of CPUs is from 0.01 to %.2f, as there are only %d CPUs available", (double) count, count));
            }
        }
        Optional<Cgroups.V1> group = host.cgroups().withController("cpuset");
        if (limits.cpusetCpus().isPresent()) {
            available(limits.cpusetCpus().get(), group.map(Cgroups.V1::cpus).filter(text -> !text.isEmpty())
                    .orElseGet(() -> allowed("Cpus_allowed_list", "/sys/devices/system/cpu/online")), "cpuset cpus", "CPUs");
        }
        if (limits.cpusetMems().isPresent()) {
            available(limits.cpusetMems().get(), group.map(Cgroups.V1::mems).filter(text -> !text.isEmpty())
                    .orElseGet(() -> allowed("Mems_allowed_list", "/sys/devices/system/node/online")), "cpuset mems", "memory nodes");
        }
    }

    private static void available(String wanted, String there, String option, String what) {
        BitSet lacking = parse(wanted).orElseThrow(() -> Fault.invalid("limit", "container", "invalid value " + wanted + " for " + option)
                .hint("such as 0-2,4"));
        lacking.andNot(parse(there).orElseThrow());
        if (!lacking.isEmpty()) {
            throw refused("requested " + what + " are not available - requested " + wanted + ", available: " + there);
        }
    }

    /** Of this process (proc_pid_status(5)). */
    private static String allowed(String field, String otherwise) {
        for (String line : StateFile.read(java.nio.file.Path.of("/proc/self/status")).orElse("").split("\n")) {
            if (line.startsWith(field + ":")) {
                return line.substring(field.length() + 1).trim();
            }
        }
        return StateFile.read(java.nio.file.Path.of(otherwise)).orElse("0").trim();
    }

    private static int count(String list) {
        return parse(list).map(BitSet::cardinality).orElse(1);
    }

    /** A list in the form of cpuset(7): numbers and ranges with commas between them. Empty when it is none. */
    static Optional<BitSet> parse(String list) {
        var set = new BitSet();
        for (String part : list.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = number(dash < 0 ? part : part.substring(0, dash));
            int last = dash < 0 ? first : number(part.substring(dash + 1));
            if (first < 0 || last < first) {
                return Optional.empty();
            }
            set.set(first, last + 1);
        }
        return Optional.of(set);
    }

    /** -1 when it is none of a processor or node. */
    private static int number(String digits) {
        boolean good = !digits.isEmpty() && digits.length() <= 5;
        for (int k = 0; k < digits.length() && good; k++) {
            good = digits.charAt(k) >= '0' && digits.charAt(k) <= '9';
        }
        int number = good ? Integer.parseInt(digits) : -1;
        return number < MOST ? number : -1;
    }

    private static Fault refused(String reason) {
        return Fault.invalid("limit", "container", reason);
    }
}
