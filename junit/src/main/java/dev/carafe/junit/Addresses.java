package dev.carafe.junit;

import dev.carafe.base.Fault;
import dev.carafe.engine.Container;
import java.util.Optional;

/** Where the host finds a container. */
final class Addresses {
    private Addresses() {
    }

    /** Its address on the first of its networks that has one of IPv4; the loopback address where it is on the host's network. */
    static String of(Container container) {
        if (container.record().hostConfig().get("NetworkMode").getAsString().equals("host")) {
            return "127.0.0.1";
        }
        Optional<String> address = container.attachment().stream().flatMap(attachment -> attachment.endpoints().stream())
                .flatMap(endpoint -> endpoint.held(false).stream()).map(held -> held.address().toString()).findFirst();
        return address.orElseThrow(() -> Fault.of(Fault.Kind.UNSUPPORTED, "reach", "\"" + container.record().name() + "\"", "it is on no network")
                .hint("leave it on the default network, or on the host's"));
    }
}
