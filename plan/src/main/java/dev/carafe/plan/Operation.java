package dev.carafe.plan;

import java.util.Optional;

/**
 * One thing that is done to the kernel while a container starts or ends. Operations are data: they print, compare and
 * serialise; performing them is the business of another module.
 *
 * <p>Paths called <em>host</em> are resolved in the mount namespace of the engine, paths called <em>container</em> within
 * the container's root, where links cannot lead out of it (openat2(2) RESOLVE_IN_ROOT).
 */
public sealed interface Operation
        permits CgroupOperation, NamespaceOperation, MountOperation, ProcessOperation, IdentityOperation, MonitorOperation, HookOperation, NetworkOperation {
    /** What is done, in one line without a full stop. */
    String text();

    /** The nearest command that a person could type; empty where no command does it. */
    default Optional<String> shell() {
        return Optional.empty();
    }

    /** What takes this back once the container has ended; empty where the end of the last process does. */
    default Optional<Operation> inverse() {
        return Optional.empty();
    }
}
