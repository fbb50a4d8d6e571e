package dev.carafe.network.names;

import dev.carafe.base.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whom a container knows by name: those that share a user-defined network with it, and itself.
 *
 * @param addresses by name in lower case; several holders of one alias stand under one name
 * @param names by address: the name that the address is asked for
 */
public record NameTable(Map<String, List<IpAddress>> addresses, Map<IpAddress, String> names) {
    public static final NameTable EMPTY = new NameTable(Map.of(), Map.of());

    public NameTable {
        addresses = Map.copyOf(addresses);
        names = Map.copyOf(names);
    }

    /** Puts a table together. */
    public static final class Builder {
        private final Map<String, Set<IpAddress>> addresses = new LinkedHashMap<>();
        private final Map<IpAddress, String> names = new LinkedHashMap<>();

        /**
         * One who is on a network.
         *
         * @param called all that it is called, its name first; each also stands with the network's name behind it, as in docker
         */
        public Builder add(String network, List<String> called, List<IpAddress> held) {
            for (String name : called) {
                String lower = name.toLowerCase(Locale.ROOT);
                addresses.computeIfAbsent(lower, n -> new LinkedHashSet<>()).addAll(held);
                addresses.computeIfAbsent(lower + "." + network.toLowerCase(Locale.ROOT), n -> new LinkedHashSet<>()).addAll(held);
            }
            held.forEach(address -> names.putIfAbsent(address, called.getFirst() + "." + network));
            return this;
        }

        public NameTable build() {
            var lists = new LinkedHashMap<String, List<IpAddress>>();
            addresses.forEach((name, held) -> lists.put(name, List.copyOf(held)));
            return new NameTable(lists, names);
        }
    }

    /** Whether anybody has that name. */
    boolean knows(String name) {
        return addresses.containsKey(name);
    }

    /** The addresses of one version, another one first each time, so that askers spread over several holders. @param turn any number */
    List<IpAddress> of(String name, boolean six, int turn) {
        var found = new ArrayList<IpAddress>();
        for (IpAddress address : addresses.getOrDefault(name, List.of())) {
            if (address.six() == six) {
                found.add(address);
            }
        }
        if (found.size() > 1) {
            java.util.Collections.rotate(found, -Math.floorMod(turn, found.size()));
        }
        return found;
    }

    /** The address that a name of the reverse tree stands for: RFC 1035, section 3.5, and RFC 3596, section 2.5. */
    static Optional<IpAddress> reversed(String name) {
        String[] labels = name.split("\\.");
        byte[] bytes;
        try {
            if (name.endsWith(".in-addr.arpa") && labels.length == 6) {
                bytes = new byte[4];
                for (int k = 0; k < 4; k++) {
                    int value = Integer.parseInt(labels[3 - k]);
                    if (value < 0 || value > 255) {
                        return Optional.empty();
                    }
                    bytes[k] = (byte) value;
                }
                return Optional.of(IpAddress.of(bytes));
            }
            if (name.endsWith(".ip6.arpa") && labels.length == 34) {
                bytes = new byte[16];
                for (int k = 0; k < 32; k++) {
                    int digit = labels[31 - k].length() == 1 ? Character.digit(labels[31 - k].charAt(0), 16) : -1;
                    if (digit < 0) {
                        return Optional.empty();
                    }
                    bytes[k / 2] |= (byte) (digit << (k % 2 == 0 ? 4 : 0));
                }
                return Optional.of(IpAddress.of(bytes));
            }
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
