package dev.carafe.network;

import java.util.List;
import java.util.Map;

/**
 * What a user says of a network that is to be made; what is not said is chosen.
 *
 * @param pools of each version one at most; none: a block that nobody on this host uses
 */
public record NetworkDefinition(String name, String driver, boolean internal, boolean six, List<Pool> pools, Map<String, String> options, Map<String, String> labels) {
    /** That of the network of containers that ask for none. @param bridge the name of its bridge */
    static NetworkDefinition usual(String bridge) {
        return new NetworkDefinition(Network.DEFAULT, Network.BRIDGE, false, false, List.of(), Map.of(Network.OPTION_NAME, bridge), Map.of());
    }

    public NetworkDefinition {
        pools = List.copyOf(pools);
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }
}
