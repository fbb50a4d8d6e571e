package dev.carafe.base;

import java.util.Optional;

/**
 * An address of the Internet Protocol, version 4 or 6, as a number: IPv4 ones have their 32 bits in {@code low}.
 *
 * <p>Prints as the world writes it: dotted decimals, or the shortest form of RFC 5952. Ordered by version, then by value.
 */
public record IpAddress(boolean six, long high, long low) implements Comparable<IpAddress> {
    public static final IpAddress ANY4 = new IpAddress(false, 0, 0);
    public static final IpAddress ANY6 = new IpAddress(true, 0, 0);

    public IpAddress {
        if (!six && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits");
        }
    }

    /** From its bytes in network order: 4 or 16. */
    public static IpAddress of(byte[] bytes) {
        long high = 0;
        long low = 0;
        for (byte b : bytes) {
            high = high << 8 | low >>> 56;
            low = low << 8 | b & 0xff;
        }
        return new IpAddress(bytes.length == 16, bytes.length == 16 ? high : 0, low);
    }

    /** An address as people write it, without zone or port; a fault of kind {@code INVALID} otherwise. */
    public static IpAddress parse(String text) {
        return tryParse(text).orElseThrow(() -> Fault.invalid("invalid IP address", "\"" + text + "\"", "expected such as 172.17.0.2 or fd00::2"));
    }

    /** As {@link #parse}; empty for what is none. */
    public static Optional<IpAddress> tryParse(String text) {
        return text.indexOf(':') < 0 ? four(text) : sixteen(text);
    }

    private static Optional<IpAddress> four(String text) {
        long value = 0;
        int parts = 0;
        int from = 0;
        while (from <= text.length()) {
            int dot = text.indexOf('.', from);
            int end = dot < 0 ? text.length() : dot;
            int number = digits(text, from, end, 10, 3);
            // A leading zero means octal to some and decimal to others.
            if (number < 0 || number > 255 || end - from > 1 && text.charAt(from) == '0') {
                return Optional.empty();
            }
            value = value << 8 | number;
            parts++;
            from = end + 1;
        }
        return parts == 4 ? Optional.of(new IpAddress(false, 0, value)) : Optional.empty();
    }

    private static Optional<IpAddress> sixteen(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        int[] words = new int[8];
        int before = words(gap < 0 ? text : text.substring(0, gap), words, 0);
        int[] tail = new int[8];
        int after = gap < 0 ? 0 : words(text.substring(gap + 2), tail, 0);
        if (before < 0 || after < 0 || (gap < 0 ? before != 8 : before + after > 7)) {
            return Optional.empty();
        }
        System.arraycopy(tail, 0, words, 8 - after, after);
        long high = 0;
        long low = 0;
        for (int k = 0; k < 4; k++) {
            high = high << 16 | words[k];
            low = low << 16 | words[k + 4];
        }
        return Optional.of(new IpAddress(true, high, low));
    }

    /** Groups of up to four hexadecimal digits, of which the last may be an IPv4 address; how many words, or -1. */
    private static int words(String text, int[] into, int from) {
        if (text.isEmpty()) {
            return 0;
        }
        int count = from;
        int at = 0;
        while (at <= text.length()) {
            int colon = text.indexOf(':', at);
            int end = colon < 0 ? text.length() : colon;
            if (colon < 0 && text.indexOf('.', at) >= 0 && count <= 6) {
                Optional<IpAddress> last = four(text.substring(at));
                if (last.isEmpty()) {
                    return -1;
                }
                into[count++] = (int) (last.get().low >>> 16);
                into[count++] = (int) (last.get().low & 0xffff);
                return count;
            }
            int number = digits(text, at, end, 16, 4);
            if (number < 0 || count == 8) {
                return -1;
            }
            into[count++] = number;
            at = end + 1;
        }
        return count;
    }

    private static int digits(String text, int from, int to, int radix, int atMost) {
        int value = 0;
        for (int k = from; k < to; k++) {
            int digit = text.charAt(k) < 128 ? Character.digit(text.charAt(k), radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return to <= from || to - from > atMost ? -1 : value;
    }

    /** 32 or 128. */
    public int bits() {
        return six ? 128 : 32;
    }

    /** In network order: 4 or 16. */
    public byte[] bytes() {
        byte[] bytes = new byte[six ? 16 : 4];
        for (int k = 0; k < bytes.length; k++) {
            int fromEnd = bytes.length - 1 - k;
            bytes[k] = (byte) (fromEnd >= 8 ? high >>> 8 * (fromEnd - 8) : low >>> 8 * fromEnd);
        }
        return bytes;
    }

    /** All zeros: any address of the host. */
    public boolean isAny() {
        return high == 0 && low == 0;
    }

    /** 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        return six ? high == 0 && low == 1 : low >>> 24 == 127;
    }

    /** That many addresses further on, wrapping at the end. */
    public IpAddress plus(long count) {
        long sum = low + count;
        if (!six) {
            return new IpAddress(false, 0, sum & 0xffffffffL);
        }
        long carry = count >= 0 ? Long.compareUnsigned(sum, low) < 0 ? 1 : 0 : Long.compareUnsigned(sum, low) > 0 ? -1 : 0;
        return new IpAddress(true, high + carry, sum);
    }

    /** How far it is from another one of its version that is not greater; {@code Long.MAX_VALUE} when further than a number tells. */
    public long minus(IpAddress smaller) {
        long difference = low - smaller.low;
        long upper = high - smaller.high - (Long.compareUnsigned(low, smaller.low) < 0 ? 1 : 0);
        return upper != 0 || difference < 0 ? Long.MAX_VALUE : difference;
    }

    @Override
    public int compareTo(IpAddress other) {
        if (six != other.six) {
            return six ? 1 : -1;
        }
        int order = Long.compareUnsigned(high, other.high);
        return order == 0 ? Long.compareUnsigned(low, other.low) : order;
    }

    @Override
    public String toString() {
        if (!six) {
            return (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff);
        }
        int[] words = new int[8];
        for (int k = 0; k < 4; k++) {
            words[k] = (int) (high >>> 48 - 16 * k) & 0xffff;
            words[k + 4] = (int) (low >>> 48 - 16 * k) & 0xffff;
        }
        int start = -1;
        int length = 1;
        for (int k = 0; k < 8; k++) {
            int end = k;
            while (end < 8 && words[end] == 0) {
                end++;
            }
            if (end - k > length) {
                start = k;
                length = end - k;
            }
        }
        var text = new StringBuilder();
        for (int k = 0; k < 8; k++) {
            if (k == start) {
                text.append("::");
                k += length - 1;
            } else {
                if (k > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(words[k]));
            }
        }
        return text.toString();
    }
}
