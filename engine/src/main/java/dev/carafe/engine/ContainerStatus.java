package dev.carafe.engine;

/**
 * How a container is at one moment. Derived from what monitor and kernel left behind, never stored, so that no crash can make it lie.
 *
 * @param pid of its init, 0 unless it runs
 * @param exitCode of its last run; 128 and the signal when one ended it
 * @param error why the last start failed, or what became of the monitor; empty if all went well
 * @param startedAt nanoseconds since 1970 of the last start, 0 if it never ran
 * @param finishedAt likewise, of the last end
 */
public record ContainerStatus(Phase phase, int pid, int exitCode, boolean outOfMemory, String error, long startedAt, long finishedAt) {
    /** The words of docker's status. */
    public enum Phase {
        CREATED, RUNNING, PAUSED, RESTARTING, EXITED;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static final ContainerStatus NEW = new ContainerStatus(Phase.CREATED, 0, 0, false, "", 0, 0);

    /** Whether it has processes, be they paused. */
    public boolean running() {
        return phase == Phase.RUNNING || phase == Phase.PAUSED;
    }

    public boolean isPaused() {
        return phase == Phase.PAUSED;
    }

    /** The same of one that has ended and will be started again. */
    ContainerStatus restarting() {
        return new ContainerStatus(Phase.RESTARTING, pid, exitCode, outOfMemory, error, startedAt, finishedAt);
    }

    /** The same, with its processes standing still. */
    ContainerStatus paused() {
        return new ContainerStatus(Phase.PAUSED, pid, exitCode, outOfMemory, error, startedAt, finishedAt);
    }
}
