package dev.carafe.engine;

import dev.carafe.kernel.Directory;

/**
 * A tree of files that a builder looks into or changes: a committed snapshot, read-only, or an active one. It is mounted nowhere; paths in it are
 * looked up by {@link Directory#within}, so that no link in an image leads out. Closed by whoever opened it.
 */
public final class WorkTree implements AutoCloseable {
    private final MountedSnapshot mounted;
    private final Runnable end;
    private final Accounts accounts;

    WorkTree(MountedSnapshot mounted, Runnable end) {
        this.mounted = mounted;
        this.end = end;
        this.accounts = AccountFiles.read(mounted.root());
    }

    /** Its root, which stays this tree's to close. */
    public Directory root() {
        return mounted.root();
    }

    /** Whom {@code USER[:GROUP]} means in it, by its own passwd and group files. */
    public Account account(String userAndGroup) {
        return accounts.resolve(userAndGroup, java.util.List.of());
    }

    @Override
    public void close() {
        try {
            mounted.close();
        } finally {
            end.run();
        }
    }
}
