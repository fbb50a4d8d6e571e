package dev.carafe.content;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Hashing;
import dev.carafe.kernel.OpenFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * A blob on its way into the store. Its holder alone writes it, under a lock that goes with the process.
 *
 * <p>Write the bytes from {@link #offset} on, then {@link #commit}. Closing it before keeps what was written, if the digest is
 * known and so a later ingest can take it up; else it is removed.
 */
public final class Ingest implements AutoCloseable {
    private final ContentStore store;
    private final String name;
    private final OpenFile file;
    private final Optional<Digest> expected;
    private final long size;
    private final boolean complete;
    private MessageDigest hasher;
    private long offset;
    private boolean placed;

    Ingest(ContentStore store, String name, OpenFile file, Optional<Digest> expected, long size, boolean complete) {
        this.store = store;
        this.name = name;
        this.file = file;
        this.expected = expected;
        this.size = size;
        this.complete = complete;
        this.hasher = hasher();
        if (!complete) {
            readWritten();
        }
    }

    private MessageDigest hasher() {
        return Hashing.hasher(expected.map(Digest::algorithm).orElse(Digest.Algorithm.SHA256));
    }

    private void readWritten() {
        byte[] buffer = new byte[65536];
        for (int got = file.read(buffer, 0, buffer.length); got >= 0; got = file.read(buffer, 0, buffer.length)) {
            hasher.update(buffer, 0, got);
            offset += got;
        }
        if (offset > size) {
            restart();
        }
    }

    /** Whether the store has the blob already, so that there is nothing to write. */
    public boolean complete() {
        return complete;
    }

    /** How many bytes are written, by this ingest or one before it: the next to write is this one, counted from 0. */
    public long offset() {
        return offset;
    }

    /** Forgets what was written. */
    public void restart() {
        file.truncate(0);
        file.seek(0);
        hasher = hasher();
        offset = 0;
    }

    /** Appends; more bytes than the blob has are a fault of kind CORRUPT. */
    public void write(byte[] bytes, int from, int length) {
        if (complete) {
            throw new IllegalStateException("the blob is complete");
        }
        if (length > size - offset) {
            restart();
            throw fault("more than the " + size + " bytes that were announced");
        }
        file.write(bytes, from, length);
        hasher.update(bytes, from, length);
        offset += length;
    }

    /** Appends all that the stream gives. */
    public void write(InputStream bytes) throws IOException {
        byte[] buffer = new byte[65536];
        for (int got = bytes.read(buffer); got >= 0; got = bytes.read(buffer)) {
            write(buffer, 0, got);
        }
    }

    /** A stream that appends; closing it does nothing. */
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                Ingest.this.write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                Ingest.this.write(bytes, from, length);
            }
        };
    }

    /**
     * Verifies the blob, brings it to the disk and gives it its name. A blob that is not the announced one is a fault of kind
     * CORRUPT, and its bytes are forgotten.
     */
    public Digest commit() {
        Digest actual = Digest.of(expected.map(Digest::algorithm).orElse(Digest.Algorithm.SHA256), hasher.digest());
        if (expected.isPresent() && !expected.get().equals(actual)) {
            long had = offset;
            restart();
            throw fault(had < size ? "only " + had + " of " + size + " bytes" : "the bytes have digest " + actual);
        }
        file.chmod(0644);
        file.sync();
        store.place(name, actual);
        placed = true;
        return actual;
    }

    private Fault fault(String reason) {
        return Fault.of(Fault.Kind.CORRUPT, "store blob", expected.map(Digest::toString).orElse(""), reason);
    }

    /** Lets others have it. */
    @Override
    public void close() {
        if (!complete && !placed && expected.isEmpty()) {
            store.discard(name);
        }
        file.close();
    }
}
