package dev.carafe.base;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** What a container is known by: 64 lower-case hexadecimal digits, chosen at random. */
public record ContainerId(String hex) implements Comparable<ContainerId> {
    private static final int BYTES = 32;
    private static final int ABBREVIATED = 12;

    public ContainerId {
        boolean valid = hex.length() == 2 * BYTES;
        for (int i = 0; valid && i < hex.length(); i++) {
            char c = hex.charAt(i);
            valid = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
        }
        if (!valid) {
            throw Fault.invalid("container id", "\"" + hex + "\"", "expected 64 lower-case hexadecimal digits");
        }
    }

    public static ContainerId parse(String text) {
        return new ContainerId(text);
    }

    /**
     * A new id.
     *
     * @param random to be used by no one who could guess it: a {@link java.security.SecureRandom}, or the kernel
     */
    public static ContainerId random(RandomGenerator random) {
        var bytes = new byte[BYTES];
        while (true) {
            random.nextBytes(bytes);
            var id = new ContainerId(HexFormat.of().formatHex(bytes));
            // The abbreviated id becomes a host name, and programs take one of digits alone for a number or an address.
            if (!digitsAlone(id.abbreviated())) {
                return id;
            }
        }
    }

    /** The first twelve digits: what tables show and the default host name of a container. */
    public String abbreviated() {
        return hex.substring(0, ABBREVIATED);
    }

    @Override
    public int compareTo(ContainerId other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }

    private static boolean digitsAlone(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
