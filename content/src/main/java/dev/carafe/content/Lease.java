package dev.carafe.content;

import dev.carafe.base.Digest;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Opened;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Says which blobs somebody needs though no image leads to them yet: a file of digests, locked for as long as its holder lives. It ends
 * when it is closed. When its holder is killed, it holds for a day longer, so that what had arrived need not be fetched again.
 */
public final class Lease implements AutoCloseable {
    private final ContentStore store;
    private final String name;
    private final OpenFile file;
    private final Set<Digest> held = new HashSet<>();

    Lease(ContentStore store, String name, OpenFile file) {
        this.store = store;
        this.name = name;
        this.file = file;
        file.lock(Opened.Lock.EXCLUSIVE);
    }

    /** From now on this blob stays, also if it is not there yet. */
    public synchronized void add(Digest digest) {
        if (held.add(digest)) {
            byte[] line = (digest + "\n").getBytes(StandardCharsets.US_ASCII);
            file.write(line, 0, line.length);
        }
    }

    @Override
    public void close() {
        store.leases(directory -> directory.unlink(name));
        file.close();
    }

    /** Reads what a lease names; a line that is half written names nothing. */
    static void read(Directory leases, String name, Set<Digest> into) {
        leases.findFile(name).ifPresent(file -> {
            try (file) {
                var text = new String(file.input().readAllBytes(), StandardCharsets.US_ASCII);
                for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
                    if (!line.isEmpty()) {
                        into.add(Digest.parse(line));
                    }
                }
            } catch (java.io.IOException unreadable) {
                throw new java.io.UncheckedIOException(unreadable);
            }
        });
    }
}
