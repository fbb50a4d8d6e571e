package dev.carafe.base;

/** The address of an Ethernet device: 48 bits, printed as {@code 02:42:ac:11:00:02}. */
public record MacAddress(long value) {
    public MacAddress {
        if (value >>> 48 != 0) {
            throw new IllegalArgumentException("a MAC address has 48 bits");
        }
    }

    /** Six pairs of hexadecimal digits, parted by colons or dashes; a fault of kind {@code INVALID} otherwise. */
    public static MacAddress parse(String text) {
        long value = 0;
        boolean good = text.length() == 17;
        for (int k = 0; good && k < 17; k++) {
            char c = text.charAt(k);
            if (k % 3 == 2) {
                good = c == ':' || c == '-';
            } else {
                int digit = c < 128 ? Character.digit(c, 16) : -1;
                good = digit >= 0;
                value = value << 4 | digit;
            }
        }
        if (!good) {
            throw Fault.invalid("invalid MAC address", "\"" + text + "\"", "expected such as 02:42:ac:11:00:02");
        }
        return new MacAddress(value);
    }

    /** Docker's for an endpoint: locally administered, and following from its IPv4 address, so that neighbours who remember that are right. */
    public static MacAddress of(IpAddress four) {
        return new MacAddress(0x0242L << 32 | four.low() & 0xffffffffL);
    }

    public byte[] bytes() {
        byte[] bytes = new byte[6];
        for (int k = 0; k < 6; k++) {
            bytes[k] = (byte) (value >>> 40 - 8 * k);
        }
        return bytes;
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (byte b : bytes()) {
            text.append(text.isEmpty() ? "" : ":").append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return text.toString();
    }
}
