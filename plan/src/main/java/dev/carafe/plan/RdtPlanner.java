package dev.carafe.plan;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.IntelRdt;
import dev.carafe.oci.runtime.Linux;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The container's class of service (runtime-spec config-linux.md#intelrdt): a directory of resctrl, which the process joins as it does a control
 * group of version 1.
 */
final class RdtPlanner {
    private static final String SPEC = "runtime-spec config-linux.md#intelrdt";

    private final Optional<IntelRdt> rdt;
    private final boolean own;
    private final String directory;
    private final String monitoring;

    RdtPlanner(Linux linux, String id, HostFacts host) {
        rdt = linux.intelRdt();
        if (rdt.isPresent() && host.resctrl().isEmpty()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "config.json", "linux.intelRdt", "no resctrl file system is mounted on this host (" + SPEC + ")")
                    .hint("leave it out, or mount -t resctrl resctrl /sys/fs/resctrl");
        }
        String id2 = rdt.flatMap(IntelRdt::closId).orElse(id);
        own = rdt.isPresent() && rdt.get().closId().isEmpty();
        directory = host.resctrl().orElse("") + (id2.equals("/") ? "" : "/" + id2);
        monitoring = directory + "/mon_groups/" + id;
    }

    /** Makes the class, if it is the container's own or is described, before there is a process. */
    void make(Steps steps) {
        if (rdt.isEmpty()) {
            return;
        }
        IntelRdt asked = rdt.get();
        var lines = new ArrayList<String>();
        asked.l3CacheSchema().ifPresent(lines::add);
        asked.memBwSchema().ifPresent(lines::add);
        lines.addAll(asked.schemata());
        if (own || !lines.isEmpty()) {
            steps.monitor(new CgroupOperation.Make(directory), "linux.intelRdt.closID", SPEC);
        }
        if (!lines.isEmpty()) {
            steps.monitor(new CgroupOperation.Write(directory, "schemata", String.join("\n", lines) + "\n"), "linux.intelRdt.schemata", SPEC);
        }
        if (asked.enableMonitoring()) {
            steps.monitor(new CgroupOperation.Make(monitoring), "linux.intelRdt.enableMonitoring", SPEC);
        }
    }

    /** Other lines for the class. */
    CgroupOperation.Write update(List<String> lines) {
        if (rdt.isEmpty()) {
            throw Fault.of(Fault.Kind.CONFLICT, "update", "linux.intelRdt.schemata", "the container is in no class of service").hint("create it with linux.intelRdt");
        }
        return new CgroupOperation.Write(directory, "schemata", String.join("\n", lines) + "\n");
    }

    void join(Steps steps) {
        for (String joined : joined()) {
            steps.init(new CgroupOperation.Join(joined), "linux.intelRdt", SPEC);
        }
    }

    private List<String> joined() {
        return rdt.isEmpty() ? List.of() : rdt.get().enableMonitoring() ? List.of(directory, monitoring) : List.of(directory);
    }

    /** A class that was there before, or that others may use, stays. */
    void remove(Steps steps) {
        if (rdt.isPresent() && rdt.get().enableMonitoring()) {
            steps.after(new CgroupOperation.Remove(monitoring), "undo", SPEC);
        }
        if (own) {
            steps.after(new CgroupOperation.Remove(directory), "undo", SPEC);
        }
    }
}
