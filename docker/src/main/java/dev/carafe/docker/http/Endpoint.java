package dev.carafe.docker.http;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Where a server listens. */
public sealed interface Endpoint {
    /**
     * A Unix socket.
     *
     * @param group whom it belongs to beside its owner, by name or number; empty: the owner's group
     * @param mode its permission bits
     */
    record Unix(Path path, Optional<String> group, int mode) implements Endpoint {
    }

    /** @param tls absent: in the clear, for whoever can reach the address */
    record Tcp(InetSocketAddress address, Optional<Tls> tls) implements Endpoint {
    }

    /** @param clients whether only clients with a certificate of the right authority are served */
    record Tls(SSLContext context, boolean clients) {
    }
}
