package dev.carafe.engine;

import java.util.List;

/**
 * Whom a container's process runs as, in numbers of the container.
 *
 * @param uid its user
 * @param gid its first group
 * @param additionalGids all groups that it is in, the first one among them
 * @param home the user's directory, {@code /} for one that is not listed
 */
public record Account(long uid, long gid, List<Long> additionalGids, String home) {
    /** The superuser of a container that lists nobody. */
    public static final Account ROOT = new Account(0, 0, List.of(0L), "/");

    public Account {
        additionalGids = List.copyOf(additionalGids);
    }
}
