package dev.carafe.plan;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.BlockIo;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.MemoryLimits;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.Spec;
import java.util.List;

/** What a bundle may ask for and no operation does. It is refused by name, since a container that silently lacks it is not the one that was asked for. */
final class UnsupportedFields {
    private UnsupportedFields() {
    }

    static void refuse(Spec spec) {
        spec.process().ifPresent(UnsupportedFields::refuse);
        spec.linux().ifPresent(UnsupportedFields::refuse);
        for (Mount mount : spec.mounts()) {
            String name = "mounts[\"" + mount.destination() + "\"]";
            refuseIf(!mount.uidMappings().isEmpty() || !mount.gidMappings().isEmpty(), name + ".uidMappings, gidMappings");
            for (String option : List.of("idmap", "ridmap")) {
                refuseIf(mount.options().contains(option), name + ".options: " + option);
            }
        }
    }

    static void refuse(Process process) {
        refuseIf(process.execCpuAffinity().isPresent(), "process.execCPUAffinity");
    }

    private static void refuse(Linux linux) {
        refuseIf(!linux.netDevices().isEmpty(), "linux.netDevices");
        refuseIf(linux.mountLabel().filter(l -> !l.isEmpty()).isPresent(), "linux.mountLabel");
        refuseIf(linux.intelRdt().isPresent(), "linux.intelRdt");
        refuseIf(linux.memoryPolicy().isPresent(), "linux.memoryPolicy");
        refuseIf(linux.personality().filter(p -> !p.flags().isEmpty()).isPresent(), "linux.personality.flags");
        for (Namespace namespace : linux.namespaces()) {
            // A mount namespace that is cloned before the join belongs to the host's users, so nothing could be mounted in it.
            refuseIf(namespace.type() == Namespace.Type.USER && namespace.path().isPresent(), "linux.namespaces: user by path");
        }
        linux.resources().ifPresent(UnsupportedFields::refuse);
    }

    private static void refuse(Resources resources) {
        refuseIf(resources.network().filter(n -> n.classId().isPresent() || !n.priorities().isEmpty()).isPresent(), "linux.resources.network");
        refuseIf(!resources.rdma().isEmpty(), "linux.resources.rdma");
        refuseIf(resources.memory().flatMap(MemoryLimits::kernel).isPresent(), "linux.resources.memory.kernel");
        refuseIf(resources.memory().flatMap(MemoryLimits::kernelTcp).isPresent(), "linux.resources.memory.kernelTCP");
        refuseIf(resources.blockIo().flatMap(BlockIo::leafWeight).isPresent(), "linux.resources.blockIO.leafWeight");
    }

    private static void refuseIf(boolean asked, String field) {
        if (asked) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "plan", field, "it is not supported").hint("leave it out");
        }
    }
}
