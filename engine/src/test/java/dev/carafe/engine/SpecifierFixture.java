package dev.carafe.engine;

import dev.carafe.base.ContainerId;
import dev.carafe.base.KernelVersion;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Capability;
import dev.carafe.plan.Cgroups;
import dev.carafe.plan.HostFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A plain container on a plain host, to be varied. */
final class SpecifierFixture {
    static final ContainerId ID = ContainerId.parse("0123456789abcdef".repeat(4));
    static final ContainerConfig IMAGE = ContainerConfig.builder().env(List.of("PATH=/bin")).cmd(List.of("sh")).build();
    static final HostFacts HOST = new HostFacts(new KernelVersion(6, 18), "amd64", 0, Capability.ALL,
            new Cgroups(List.of(), Optional.of(new Cgroups.V2("/sys/fs/cgroup", Set.of("memory", "pids", "cpu")))), Set.of(), "/opt/carafe");
    static final Surroundings AROUND = Surroundings.builder("vm").hosts("/c/hosts").hostname("/c/hostname").resolver("/c/resolv.conf").build();

    private SpecifierFixture() {}

    static ContainerOptions.Builder options() {
        return ContainerOptions.builder("bb:1");
    }

    static Spec specify(ContainerOptions.Builder options) {
        return specify(options, AROUND);
    }

    static Spec specify(ContainerOptions.Builder options, Surroundings around) {
        return Specifier.specify(options.build(), IMAGE, ID, Account.ROOT, HOST, around);
    }
}
