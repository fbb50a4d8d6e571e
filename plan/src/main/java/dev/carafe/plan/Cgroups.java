package dev.carafe.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The control group hierarchies of a machine. Each controller is found where it is: in a version 1 hierarchy, in the version 2
 * tree, or nowhere; a machine with both is called hybrid.
 */
public record Cgroups(List<V1> v1, Optional<V2> v2) {
    /**
     * One hierarchy of version 1.
     *
     * @param controllers its controllers; a named hierarchy has none but its name, such as {@code name=systemd}
     * @param mountpoint where it is mounted
     * @param cpus the processors that a new group of cpuset must be given; empty where it is not cpuset
     * @param mems likewise, the memory nodes
     */
    public record V1(List<String> controllers, String mountpoint, String cpus, String mems) {
        /** The last part of the mount point, by which the container knows it. */
        public String name() {
            return mountpoint.substring(mountpoint.lastIndexOf('/') + 1);
        }
    }

    /** The tree of version 2 and the controllers that its root offers. */
    public record V2(String mountpoint, Set<String> controllers) {
    }

    /** The version 1 hierarchy that has the controller. */
    public Optional<V1> withController(String controller) {
        for (V1 hierarchy : v1) {
            if (hierarchy.controllers().contains(controller)) {
                return Optional.of(hierarchy);
            }
        }
        return Optional.empty();
    }

    public boolean unifiedHas(String controller) {
        return v2.isPresent() && v2.get().controllers().contains(controller);
    }

    /** Whether everything is in the version 2 tree. */
    public boolean onlyV2() {
        return v1.isEmpty() && v2.isPresent();
    }

    /** {@code v1}, {@code v2}, {@code hybrid} or {@code none}. */
    public String mode() {
        return v1.isEmpty() ? v2.isPresent() ? "v2" : "none" : v2.isPresent() ? "hybrid" : "v1";
    }
}
