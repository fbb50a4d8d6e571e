package dev.carafe.engine;

/**
 * The namespaces of a container, except for its network's and its mounts', which are always its own.
 *
 * @param pid usual, host or another container's
 * @param ipc usual, private, shareable, none, host or another container's
 * @param uts usual or host
 * @param user usual or host
 * @param cgroup usual, private or host
 */
public record NamespaceOptions(NamespaceMode pid, NamespaceMode ipc, NamespaceMode uts, NamespaceMode user, NamespaceMode cgroup) {
    private static final NamespaceMode USUAL = new NamespaceMode.Usual();

    /** All as usual. */
    public static final NamespaceOptions NONE = new NamespaceOptions(USUAL, USUAL, USUAL, USUAL, USUAL);

    public NamespaceOptions pid(NamespaceMode mode) {
        return new NamespaceOptions(mode, ipc, uts, user, cgroup);
    }

    public NamespaceOptions ipc(NamespaceMode mode) {
        return new NamespaceOptions(pid, mode, uts, user, cgroup);
    }

    public NamespaceOptions uts(NamespaceMode mode) {
        return new NamespaceOptions(pid, ipc, mode, user, cgroup);
    }

    public NamespaceOptions user(NamespaceMode mode) {
        return new NamespaceOptions(pid, ipc, uts, mode, cgroup);
    }

    public NamespaceOptions cgroup(NamespaceMode mode) {
        return new NamespaceOptions(pid, ipc, uts, user, mode);
    }
}
