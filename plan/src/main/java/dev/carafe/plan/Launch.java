package dev.carafe.plan;

import java.util.List;
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
 */
public record Launch(String id, Root root, String runDirectory, String stateDirectory, Optional<String> log, boolean stdin,
        boolean stdinOnce, Optional<Session> session) {
    /** Where a container that asked for it finds the small init; as first argument, with {@code --init}, it starts the rest. */
    public static final String INIT = "/sbin/carafe-init";

    /** The file in the run directory that the monitor holds a lock on. */
    public static final String LOCK = "monitor";

    /** The directory of {@code config.json}, as hooks are told; sources of binds may be relative to it. */
    public String bundle() {
        return stateDirectory;
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
