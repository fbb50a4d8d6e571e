package dev.carafe.content;

import dev.carafe.base.Digest;
import dev.carafe.kernel.Hashing;
import dev.carafe.kernel.OpenFile;
import java.io.InputStream;
import java.security.MessageDigest;

/** A blob's bytes, whose digest is compared when they end. */
final class VerifyingInput extends InputStream {
    private final OpenFile file;
    private final Digest expected;
    private final MessageDigest hasher;
    private boolean ended;

    VerifyingInput(OpenFile file, Digest expected) {
        this.file = file;
        this.expected = expected;
        this.hasher = Hashing.hasher(expected.algorithm());
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) {
        if (length == 0) {
            return 0;
        }
        int got = file.read(into, from, length);
        if (got > 0) {
            hasher.update(into, from, got);
        } else if (!ended) {
            ended = true;
            if (!Digest.of(expected.algorithm(), hasher.digest()).equals(expected)) {
                throw ContentStore.corrupt(expected);
            }
        }
        return got;
    }

    @Override
    public void close() {
        file.close();
    }
}
