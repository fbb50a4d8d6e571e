package dev.carafe.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a plan needs besides bundle and host: where the container's files are and who is attached.
 *
 * @param id the container's identifier, also the name of its keyring
 * @param root what becomes its root
 * @param runDirectory for what a reboot forgets: the socket of the monitor
 * @param stateDirectory for what stays: the exit record
 * @param log the file that takes its output; empty: output is not kept
 * @param stdin whether its standard input is a pipe rather than /dev/null
 * @param stdinOnce whether the first session that ends its input ends it for good
 * @param session the session that the plan comes with
 * @param caller present when the container belongs to whoever called, as a runtime beneath another engine is used
 * @param connections what connects it with networks; only where its network namespace is new
 */
public record Launch(String id, Root root, String runDirectory, String stateDirectory, Optional<LogFile> log, boolean stdin,
        boolean stdinOnce, Optional<Session> session, Optional<Caller> caller, Connections connections) {
    /** A container that is connected with nothing. */
    public Launch(String id, Root root, String runDirectory, String stateDirectory, Optional<LogFile> log, boolean stdin, boolean stdinOnce,
            Optional<Session> session, Optional<Caller> caller) {
        this(id, root, runDirectory, stateDirectory, log, stdin, stdinOnce, session, caller, Connections.NONE);
    }

    /** Where a container that asked for it finds the small init; as first argument, with {@code --init}, it starts the rest. */
    public static final String INIT = "/sbin/carafe-init";

    /** The file in the run directory that the monitor holds a lock on. */
    public static final String LOCK = "monitor";

    /** The directory of {@code config.json}, as hooks are told; sources of binds may be relative to it. */
    public String bundle() {
        return caller.isPresent() ? caller.get().bundle() : stateDirectory;
    }

    /** A container of this engine's own. */
    public Launch(String id, Root root, String runDirectory, String stateDirectory, Optional<LogFile> log, boolean stdin,
            boolean stdinOnce, Optional<Session> session) {
        this(id, root, runDirectory, stateDirectory, log, stdin, stdinOnce, session, Optional.empty());
    }

    /**
     * What a container has of its caller. It gets the caller's own streams, and once it is created, or runs, nobody of ours stays: the kernel
     * gives it to the nearest reaper among the caller's ancestors.
     *
     * @param bundle the absolute path of its bundle
     * @param gate the fifo where init waits until somebody starts it; empty: its program runs at once
     * @param console the socket that is sent the near side of the terminal; empty: the terminal is the session's
     * @param pidfd the socket that is sent a pidfd of the process
     * @param descriptors how many more of the caller's descriptors it gets, from 3 on
     * @param pipes which of the caller's standard streams (bits: 1 input, 2 output, 4 error) are pipes, which are given to the user of the
     *     process, who could otherwise not open /dev/stdout again
     * @param nulls likewise, which are /dev/null: those become the container's own
     * @param keyring whether it gets a session keyring of its own rather than the caller's
     * @param pivot whether the old root is left by pivot_root(2); on an initial ramdisk, where that fails, the new one is moved over it
     * @param foreground whether the performer stays until init has ended, and carries the session
     * @param groups for a further process: groups below the container's that it joins, by controller; "" stands for all hierarchies
     */
    public record Caller(String bundle, Optional<String> gate, Optional<String> console, Optional<String> pidfd, int descriptors, int pipes, int nulls,
            boolean keyring, boolean pivot, boolean foreground, Map<String, String> groups) {
        /** The most descriptors that can be passed on. */
        public static final int MOST_DESCRIPTORS = 128;
    }

    /** What becomes the container's root. */
    public sealed interface Root {
        /** A stack of directories, top layer first; without {@code upper} it is read-only. Mounted on {@code mountpoint}. */
        record Overlay(List<String> lower, Optional<String> upper, Optional<String> work, List<String> options, String mountpoint)
                implements Root {
        }

        /** A directory, read-only, below a writable layer in memory that ends with the container. */
        record Volatile(String lower, String mountpoint) implements Root {
        }

        /** A directory as it is. */
        record Directory(String path) implements Root {
        }
    }
}
