package dev.carafe.archive;

import dev.carafe.base.Digest;
import dev.carafe.kernel.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** A stream that knows how many bytes were read of it and what their digest is. */
public final class MeasuredInput extends InputStream {
    private final InputStream in;
    private final MessageDigest hasher = Hashing.hasher(Digest.Algorithm.SHA256);
    private long size;

    public MeasuredInput(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        if (b >= 0) {
            hasher.update((byte) b);
            size++;
        }
        return b;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int got = in.read(into, from, length);
        if (got > 0) {
            hasher.update(into, from, got);
            size += got;
        }
        return got;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    /** Reads to the end, so that digest and size are those of the whole. */
    public void drain() throws IOException {
        byte[] buffer = new byte[65536];
        while (read(buffer, 0, buffer.length) >= 0) {
            continue;
        }
    }

    public long size() {
        return size;
    }

    /** The SHA-256 digest of what was read; to be asked once, at the end. */
    public Digest digest() {
        return Digest.of(Digest.Algorithm.SHA256, hasher.digest());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
