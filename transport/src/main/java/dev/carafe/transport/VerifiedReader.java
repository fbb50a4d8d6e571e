package dev.carafe.transport;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.BlobReader;
import dev.carafe.kernel.Hashing;
import dev.carafe.oci.Descriptor;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** A blob read from its start whose size and digest are compared at its end; for targets that do not verify by themselves. */
final class VerifiedReader extends FilterInputStream {
    private final Descriptor blob;
    private final MessageDigest hasher;
    private long count;
    private boolean ended;

    private VerifiedReader(InputStream in, Descriptor blob) {
        super(in);
        this.blob = blob;
        this.hasher = Hashing.hasher(blob.digest().algorithm());
    }

    static InputStream open(Descriptor blob, BlobReader bytes) throws IOException {
        return new VerifiedReader(bytes.open(0), blob);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int got = in.read(into, from, length);
        if (got > 0) {
            hasher.update(into, from, got);
            count += got;
            if (count > blob.size()) {
                throw fault("more than the " + blob.size() + " bytes that were announced");
            }
        } else if (got < 0 && !ended) {
            ended = true;
            if (count < blob.size()) {
                throw fault("only " + count + " of " + blob.size() + " bytes");
            }
            Digest actual = Digest.of(blob.digest().algorithm(), hasher.digest());
            if (!actual.equals(blob.digest())) {
                throw fault("the bytes have digest " + actual);
            }
        }
        return got;
    }

    private Fault fault(String reason) {
        return Fault.of(Fault.Kind.CORRUPT, "copy blob", blob.digest().toString(), reason);
    }
}
