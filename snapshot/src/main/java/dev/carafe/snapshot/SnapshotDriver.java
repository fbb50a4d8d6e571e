package dev.carafe.snapshot;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * The seam for storage: where the file systems of images and containers are kept.
 *
 * <p>The states and their arrows are containerd's (its page on snapshotters):
 *
 * <pre>
 *                  prepare(key, parent)                 commit(key, chainId)
 *     (parent) ──────────────────────────▶  active  ──────────────────────────▶  committed
 *         │                                    │ remove                              │ remove, once nothing starts from it
 *         └── view(key, parent) ──▶  view ──▶ gone ◀─────────────────────────────────┘
 * </pre>
 *
 * <p>A driver mounts nothing. It answers with mounts as data, and whoever runs the container performs them. The destination of
 * each is {@code /}. An overlay's lower directories are options {@code lowerdir+=PATH}, top first, each an absolute path; then
 * come {@code upperdir=PATH}, {@code workdir=PATH} and flags. On kernels before 6.8, or by mount(2), the runtime joins the paths
 * into one {@code lowerdir=}, relative to the directory that all have in common, so that 128 of them fit in a page.
 *
 * <p>Any number of processes may use the same directory. A key is 1 to 200 letters, digits and {@code _.-}, not starting with
 * a dot.
 */
public interface SnapshotDriver {
    /**
     * Makes an active snapshot.
     *
     * @param parent the chain id of the committed snapshot that it starts from; empty for an empty file system
     * @throws Fault ALREADY_EXISTS when the key is in use, NOT_FOUND when the parent is not there
     */
    Snapshot prepare(String key, Optional<Digest> parent);

    /** Makes a view; as {@link #prepare}. */
    Snapshot view(String key, Optional<Digest> parent);

    /**
     * Unpacks a layer upon its parent and commits it, named by its chain id. When that is there, or another process is about to
     * make it, the layer is not read and that one is the answer.
     *
     * @param diffId what the tar bytes must have for a digest
     * @param layer the layer as stored, packed or not; not closed
     * @throws Fault CORRUPT when the tar bytes have another digest; nothing of the layer is kept after any fault
     */
    Snapshot apply(Optional<Digest> parent, Digest diffId, InputStream layer);

    /**
     * Makes an active snapshot a committed one, under the chain id that the caller computed; it must not be mounted any more.
     * When this returns, its content is on the disk.
     *
     * @throws Fault ALREADY_EXISTS when that chain id is there; the active snapshot then stays
     */
    Snapshot commit(String key, Digest chainId);

    /** The snapshot by that key, or by that chain id. */
    Optional<Snapshot> find(String name);

    /** All snapshots, in no order. */
    List<Snapshot> list();

    /**
     * Removes a snapshot, which must not be mounted any more. False when it was not there.
     *
     * @throws Fault CONFLICT when another starts from it, or something is mounted in it
     */
    boolean remove(String name);

    /** Counts what the snapshot takes; its whole tree is walked. */
    Usage usage(String name);

    /** Writes what an active or committed snapshot changes upon its parent, as the tar of a layer, not packed. The stream stays open. */
    void diff(String name, OutputStream layer);

    /**
     * Finds and removes what processes that died left half made or half removed. May run at any time, beside any other use.
     *
     * @return how many such remains there were
     */
    int recover();
}
