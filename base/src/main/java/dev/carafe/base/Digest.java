package dev.carafe.base;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name of some bytes by their content: an algorithm and a hash, {@code sha256:} and 64 hexadecimal digits (image-spec
 * descriptor.md#digests). Both registered algorithms that are in use are known, and only the canonical form: lower case.
 */
public record Digest(Algorithm algorithm, String hex) implements Comparable<Digest> {
    /** The registered algorithms (image-spec descriptor.md#registered-algorithms). */
    public enum Algorithm {
        SHA256("SHA-256", 32), SHA512("SHA-512", 64);

        private final String javaName;
        private final int length;

        Algorithm(String javaName, int length) {
            this.javaName = javaName;
            this.length = length;
        }

        /** The length of its hashes in bytes. */
        public int length() {
            return length;
        }

        /** A new hasher; hand what its {@code digest()} gives to {@link Digest#of(Algorithm, byte[])}. */
        public MessageDigest hasher() {
            try {
                return MessageDigest.getInstance(javaName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has " + javaName, e);
            }
        }

        /** The spec's word, such as {@code sha256}. */
        @Override
        public String toString() {
            return this == SHA256 ? "sha256" : "sha512";
        }
    }

    /** Of bytes that are not there: what an empty file has for a SHA-256 digest. */
    public static final Digest EMPTY =
            new Digest(Algorithm.SHA256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    /** Up to this many bytes the runtime's own hasher takes longer to be found than to work. */
    private static final int DOCUMENT = 8192;

    public Digest {
        if (hex.length() != 2 * algorithm.length) {
            throw invalid(algorithm + ":" + hex,
                    algorithm + " has " + 2 * algorithm.length + " hexadecimal digits, not " + hex.length());
        }
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                throw invalid(algorithm + ":" + hex, "expected lower-case hexadecimal digits");
            }
        }
    }

    /** Reads {@code algorithm:hex}; an algorithm that is well-formed but not known is a fault of kind {@code UNSUPPORTED}. */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw invalid(text, "expected an algorithm and a hash, as in sha256:…");
        }
        String hex = text.substring(colon + 1);
        return switch (text.substring(0, colon)) {
            case "sha256" -> new Digest(Algorithm.SHA256, hex);
            case "sha512" -> new Digest(Algorithm.SHA512, hex);
            default -> throw unknownAlgorithm(text, colon);
        };
    }

    /** The digest whose hash is already computed. */
    public static Digest of(Algorithm algorithm, byte[] hash) {
        return new Digest(algorithm, HexFormat.of().formatHex(hash));
    }

    /** The SHA-256 digest of these bytes. */
    public static Digest sha256(byte[] bytes) {
        return of(Algorithm.SHA256, hash(Algorithm.SHA256, bytes));
    }

    /** A new SHA-256 hasher; hand what its {@code digest()} gives to {@link #of(Algorithm, byte[])}. */
    public static MessageDigest hasher() {
        return Algorithm.SHA256.hasher();
    }

    /** Whether these bytes are the ones that it names. */
    public boolean matches(byte[] bytes) {
        return of(algorithm, hash(algorithm, bytes)).equals(this);
    }

    private static byte[] hash(Algorithm algorithm, byte[] bytes) {
        return algorithm == Algorithm.SHA256 && bytes.length <= DOCUMENT ? Sha256.hash(bytes) : algorithm.hasher().digest(bytes);
    }

    /** The first twelve digits, for people. */
    public String abbreviated() {
        return hex.substring(0, 12);
    }

    @Override
    public int compareTo(Digest other) {
        int byAlgorithm = algorithm.compareTo(other.algorithm);
        return byAlgorithm == 0 ? hex.compareTo(other.hex) : byAlgorithm;
    }

    // Those that a record has by itself are linked when they are first called, which takes milliseconds.
    @Override
    public boolean equals(Object other) {
        return other instanceof Digest digest && algorithm == digest.algorithm && hex.equals(digest.hex);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }

    private static Fault unknownAlgorithm(String text, int colon) {
        boolean separated = true;
        for (int i = 0; i < colon; i++) {
            char c = text.charAt(i);
            boolean separator = c == '+' || c == '.' || c == '_' || c == '-';
            if (separator ? separated : (c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return invalid(text, "expected an algorithm of lower-case letters and digits before the colon");
            }
            separated = separator;
        }
        if (separated) {
            return invalid(text, "expected an algorithm of lower-case letters and digits before the colon");
        }
        return Fault.of(Fault.Kind.UNSUPPORTED, "digest", "\"" + text + "\"",
                "algorithm " + text.substring(0, colon) + " is not known (sha256 and sha512 are)");
    }

    private static Fault invalid(String text, String reason) {
        return Fault.invalid("digest", "\"" + text + "\"", reason);
    }
}
