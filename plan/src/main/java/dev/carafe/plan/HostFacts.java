package dev.carafe.plan;

import dev.carafe.base.KernelVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a plan must know of the machine that it is for. Gathered once, never changed: the same facts and the same bundle give
 * the same plan, on any machine.
 *
 * @param kernel the running kernel's version
 * @param architecture as images name it, such as {@code amd64}
 * @param uid the effective user that performs
 * @param capabilities the performer's permitted capabilities, by bit
 * @param cgroups the control group hierarchies that are mounted
 * @param securityModules active ones by name, such as {@code apparmor}
 * @param sealedProgram the program that the executor runs from, for mounts of itself into a container
 * @param resctrl where the file system of Intel's Resource Director Technology is mounted
 * @param addresses of those network devices that a bundle moves into its container: permanent ones of global scope, such as {@code 192.0.2.1/24}
 */
public record HostFacts(KernelVersion kernel, String architecture, long uid, long capabilities, Cgroups cgroups,
        Set<String> securityModules, String sealedProgram, Optional<String> resctrl, Map<String, List<String>> addresses) {
    /** A host without Resource Director Technology, whose network devices stay where they are. */
    public HostFacts(KernelVersion kernel, String architecture, long uid, long capabilities, Cgroups cgroups, Set<String> securityModules,
            String sealedProgram) {
        this(kernel, architecture, uid, capabilities, cgroups, securityModules, sealedProgram, Optional.empty(), Map.of());
    }

    public boolean can(Capability capability) {
        return (capabilities & capability.bit()) != 0;
    }
}
