package dev.carafe.kernel;

import dev.carafe.base.Digest;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Hashers for streams of unknown length. The Java runtime is fast at SHA-256 only with its second compiler, which short commands and
 * warm engines do without; then the machine's OpenSSL is ten times as fast, but takes longer to be linked than a short stream takes to
 * be read. So a stream is kept until it proves to be long.
 */
public final class Hashing {
    private Hashing() {}

    /** A hasher for one stream; for use by one thread. */
    public static MessageDigest hasher(Digest.Algorithm algorithm) {
        return algorithm == Digest.Algorithm.SHA256 ? new Deciding() : algorithm.hasher();
    }

    /** Keeps what comes, up to a length at which the decision pays. */
    private static final class Deciding extends MessageDigest {
        private static final int LONG = 4 << 20;
        private static final int FIRST = 1 << 16;

        private @Nullable ByteArrayOutputStream kept = new ByteArrayOutputStream(FIRST);
        private @Nullable MessageDigest hasher;

        Deciding() {
            super("SHA-256");
        }

        @Override
        protected void engineUpdate(byte b) {
            engineUpdate(new byte[] {b}, 0, 1);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int from, int length) {
            ByteArrayOutputStream before = kept;
            if (before == null || before.size() + length > LONG || OpenSslSha256.isLinked()) {
                decided(before).update(bytes, from, length);
            } else {
                before.write(bytes, from, length);
            }
        }

        private MessageDigest decided(@Nullable ByteArrayOutputStream before) {
            MessageDigest chosen = hasher;
            if (chosen == null) {
                chosen = OpenSslSha256.isAvailable() ? new OpenSslSha256() : Digest.hasher();
                hasher = chosen;
            }
            if (before != null) {
                byte[] bytes = before.toByteArray();
                chosen.update(bytes, 0, bytes.length);
                kept = null;
            }
            return chosen;
        }

        @Override
        protected byte[] engineDigest() {
            ByteArrayOutputStream before = kept;
            MessageDigest chosen = hasher;
            byte[] digest = chosen == null ? Digest.hasher().digest(before == null ? new byte[0] : before.toByteArray()) : decided(before).digest();
            engineReset();
            return digest;
        }

        @Override
        protected void engineReset() {
            kept = new ByteArrayOutputStream(FIRST);
            hasher = null;
        }
    }
}
