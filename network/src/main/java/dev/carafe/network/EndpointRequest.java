package dev.carafe.network;

import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import java.util.List;
import java.util.Optional;

/**
 * What a container asks for on one network.
 *
 * @param network its name, or its id or the first digits of that
 * @param four the IPv4 address that it wants; absent: any
 * @param six the IPv6 address
 * @param mac the address of its device
 * @param aliases what its neighbours call it, besides its name and its short id
 * @param priority of the networks that lead outside, the highest one has the default route
 */
public record EndpointRequest(String network, Optional<IpAddress> four, Optional<IpAddress> six, Optional<MacAddress> mac, List<String> aliases, int priority) {
    public EndpointRequest {
        aliases = List.copyOf(aliases);
    }

    /** Any address of that network. */
    public static EndpointRequest of(String network) {
        return new EndpointRequest(network, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), 0);
    }
}
