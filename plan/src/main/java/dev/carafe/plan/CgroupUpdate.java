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
     * What to write so that those limits hold; what the resources leave out stays as it is. Rules for devices are not among it.
     *
     * @param path the container's group in every hierarchy, as {@code linux.cgroupsPath} has it
     * @throws dev.carafe.base.Fault UNSUPPORTED when the host lacks a controller
     */
    public static List<CgroupOperation.Write> of(String path, Resources resources, Cgroups host) {
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
