package dev.carafe.kernel;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * One extended attribute, xattr(7).
 *
 * @param name with its name space, such as {@code security.capability}
 * @param value its bytes, which nobody changes once they are here
 */
public record Xattr(String name, byte[] value) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Xattr(String otherName, byte[] otherValue)
                && name.equals(otherName) && Arrays.equals(value, otherValue);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return name + "=0x" + HexFormat.of().formatHex(value);
    }
}
