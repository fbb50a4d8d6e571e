package dev.carafe.cli.run;

import dev.carafe.cli.flag.Values;
import dev.carafe.network.EndpointRequest;
import java.util.Optional;

/** The options of {@code network connect}. */
public final class NetworkFlags {
    private NetworkFlags() {
    }

    /** What they ask for on that network. */
    public static EndpointRequest request(String network, Values values) {
        return new EndpointRequest(network, RunFlags.has(values, "ip") ? Optional.of(NetworkWords.four(values.text("ip"))) : Optional.empty(),
                RunFlags.has(values, "ip6") ? Optional.of(NetworkWords.six(values.text("ip6"))) : Optional.empty(), Optional.empty(), values.list("alias"),
                (int) values.number("gw-priority"));
    }
}
