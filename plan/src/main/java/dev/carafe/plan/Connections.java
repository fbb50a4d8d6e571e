package dev.carafe.plan;

import java.util.List;

/**
 * What connects a container with networks, in order, as those who know the networks have put it together.
 *
 * @param make what is done while the container starts; the inverses are performed after its end
 * @param release what else is done after the end, when the inverses have been: leases are given back last
 */
public record Connections(List<NetworkOperation> make, List<Operation> release) {
    public static final Connections NONE = new Connections(List.of(), List.of());

    public Connections {
        make = List.copyOf(make);
        release = List.copyOf(release);
    }
}
