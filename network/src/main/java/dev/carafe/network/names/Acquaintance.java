package dev.carafe.network.names;

import dev.carafe.base.IpAddress;
import java.util.List;

/**
 * What a container may be told: asked anew for each of its questions, from several threads, so it has to be quick.
 */
public interface Acquaintance {
    /** Whom it knows. */
    NameTable table();

    /** Who is asked for other names; none where it may not reach the outside. */
    Upstream upstream();

    /**
     * Servers that know the rest of the world.
     *
     * @param servers in the order in which they are asked
     * @param inside whether they are asked from within the container's namespace, since its user has named them, or from the host's
     */
    record Upstream(List<IpAddress> servers, boolean inside) {
        public static final Upstream NONE = new Upstream(List.of(), false);

        public Upstream {
            servers = List.copyOf(servers);
        }
    }
}
