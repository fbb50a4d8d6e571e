package dev.carafe.base;

/**
 * A block of addresses: {@code 172.17.0.0/16}.
 *
 * @param first its first address, the rest of whose bits are zero
 * @param prefix how many bits all its addresses share
 */
public record Subnet(IpAddress first, int prefix) {
    public Subnet {
        if (prefix < 0 || prefix > first.bits() || !first.equals(masked(first, prefix))) {
            throw Fault.invalid("invalid subnet", "\"" + first + "/" + prefix + "\"", "bits beyond the prefix are not zero, or the prefix is too long");
        }
    }

    /** The block of that length around an address. */
    public static Subnet around(IpAddress address, int prefix) {
        return new Subnet(masked(address, prefix), prefix);
    }

    /** {@code ADDRESS/PREFIX}; a fault of kind {@code INVALID} otherwise. Bits beyond the prefix are cut, as docker does. */
    public static Subnet parse(String text) {
        int slash = text.indexOf('/');
        try {
            if (slash > 0) {
                IpAddress address = IpAddress.parse(text.substring(0, slash));
                int prefix = Integer.parseInt(text.substring(slash + 1));
                if (prefix >= 0 && prefix <= address.bits()) {
                    return around(address, prefix);
                }
            }
        } catch (NumberFormatException notANumber) {
            throw invalid(text).cause(notANumber);
        }
        throw invalid(text);
    }

    private static Fault invalid(String text) {
        return Fault.invalid("invalid CIDR address", "\"" + text + "\"", "expected such as 172.20.0.0/16 or fd00:1::/64");
    }

    private static IpAddress masked(IpAddress address, int prefix) {
        int drop = address.bits() - prefix;
        long low = drop >= 64 ? 0 : address.low() >>> drop << drop;
        long high = drop <= 64 ? address.high() : drop == 128 ? 0 : address.high() >>> drop - 64 << drop - 64;
        return new IpAddress(address.six(), high, low);
    }

    public boolean six() {
        return first.six();
    }

    /** Its last address; the broadcast address of an IPv4 block. */
    public IpAddress last() {
        int rest = first.bits() - prefix;
        long low = first.low() | (rest >= 64 ? -1L : (1L << rest) - 1);
        long high = rest <= 64 ? first.high() : first.high() | (rest == 128 ? -1L : (1L << rest - 64) - 1);
        return new IpAddress(first.six(), high, low);
    }

    public boolean contains(IpAddress address) {
        return address.six() == six() && masked(address, prefix).equals(first);
    }

    public boolean contains(Subnet other) {
        return other.prefix >= prefix && contains(other.first);
    }

    public boolean overlaps(Subnet other) {
        return contains(other.first) || other.contains(first);
    }

    @Override
    public String toString() {
        return first + "/" + prefix;
    }
}
