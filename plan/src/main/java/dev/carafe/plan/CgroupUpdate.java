package dev.carafe.plan;

import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Resources;
import java.util.ArrayList;
import java.util.List;

/** New limits for a container that runs already (runtime-spec config-linux.md#control-groups). */
public final class CgroupUpdate {
    private CgroupUpdate() {
    }

    /**
     * What to write so that the container's class of service in Intel's Resource Director Technology has those lines (runtime-spec
     * config-linux.md#intelrdt).
     *
     * @throws dev.carafe.base.Fault UNSUPPORTED when the host lacks it, CONFLICT when the container is in no class
     */
    public static CgroupOperation.Write schemata(Linux linux, String id, List<String> lines, HostFacts host) {
        return new RdtPlanner(linux, id, host).update(lines);
    }

    /** Shares of version 1 as weight of version 2. */
    public static long weight(long shares) {
        return CgroupPlanner.weight(shares);
    }

    /** Processors or memory nodes as bits, 64 in each number, the first of which has 0 to 63. */
    public static List<Long> mask(String list) {
        return NumberLists.mask(list, "linux.resources.cpu.cpus, mems", "runtime-spec config-linux.md#cpu");
    }

    /**
     * What to write so that those limits hold; what the resources leave out stays as it is. Rules for devices are not among it.
     *
     * @param path the container's group in every hierarchy, as {@code linux.cgroupsPath} has it
     * @throws dev.carafe.base.Fault INVALID when limits contradict each other, UNSUPPORTED when the host lacks a controller
     */
    public static List<CgroupOperation.Write> of(String path, Resources resources, Cgroups host) {
        ResourceRules.check(resources);
        var steps = new Steps();
        new CgroupPlanner(Linux.builder().cgroupsPath(path).resources(resources).build(), host, false).limits(steps);
        var writes = new ArrayList<CgroupOperation.Write>();
        for (Step step : steps.plan().steps()) {
            if (step.operation() instanceof CgroupOperation.Write write) {
                writes.add(write);
            }
        }
        return writes;
    }
}
