package dev.carafe.network;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.Subnet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Addresses of a network.
 *
 * @param subnet the block that all of them stand in
 * @param gateway the host's own; absent in none but macvlan networks
 * @param range what addresses are chosen from; absent: the whole block
 * @param reserved addresses that others on the network have, by name
 */
public record Pool(Subnet subnet, Optional<IpAddress> gateway, Optional<Subnet> range, Map<String, IpAddress> reserved) {
    public Pool {
        reserved = Collections.unmodifiableMap(new LinkedHashMap<>(reserved));
        if (gateway.isPresent() && !subnet.contains(gateway.get())) {
            throw Fault.invalid("create network", "gateway " + gateway.get(), "it is not in subnet " + subnet);
        }
        if (range.isPresent() && !subnet.contains(range.get())) {
            throw Fault.invalid("create network", "ip-range " + range.get(), "it is not in subnet " + subnet);
        }
        for (Map.Entry<String, IpAddress> entry : reserved.entrySet()) {
            if (!subnet.contains(entry.getValue())) {
                throw Fault.invalid("create network", "aux-address " + entry.getKey() + "=" + entry.getValue(), "it is not in subnet " + subnet);
            }
        }
        if (subnet.first().bits() - subnet.prefix() < 2) {
            throw Fault.invalid("create network", "subnet " + subnet, "it has no room for a gateway and a container");
        }
    }

    /** The whole block, with its first address as gateway. */
    public static Pool of(Subnet subnet) {
        return new Pool(subnet, Optional.of(subnet.first().plus(1)), Optional.empty(), Map.of());
    }

    /** Whether an endpoint may have the address. */
    public boolean admits(IpAddress address) {
        return subnet.contains(address) && !isReserved(address);
    }

    /** The first address of a block means the block itself, the last one of an IPv4 block everybody in it. */
    boolean isReserved(IpAddress address) {
        return address.equals(subnet.first()) || !subnet.six() && address.equals(subnet.last()) || gateway.isPresent() && gateway.get().equals(address)
                || reserved.containsValue(address);
    }
}
