package dev.carafe.snapshot;

import dev.carafe.base.Digest;
import dev.carafe.oci.runtime.Mount;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A file system, or the right to one, that a driver keeps.
 *
 * @param name the key of an active snapshot or view; the chain id of a committed one
 * @param parent the committed snapshot that it starts from
 * @param mounts what to mount, in order, to have it: see {@link SnapshotDriver}; none for a committed one
 */
public record Snapshot(String name, State state, Optional<Digest> parent, List<Mount> mounts, Instant created) {
    /** What may be done with a snapshot. */
    public enum State {
        /** Can be written, by whoever mounts it; becomes committed, or is removed. */
        ACTIVE,
        /** Never changes; others start from it. */
        COMMITTED,
        /** Can be read where it is mounted; is only ever removed. */
        VIEW
    }

    public Snapshot {
        mounts = List.copyOf(mounts);
    }
}
