package dev.carafe.network;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Netlink;
import org.jspecify.annotations.Nullable;

/** The sockets by which an engine speaks with the kernel of the host's network; each is opened by the first who needs it. Safe for use by many threads. */
final class HostNetlink implements AutoCloseable {
    private final Kernel kernel;
    private @Nullable Netlink route;
    private @Nullable Netlink filter;

    HostNetlink(Kernel kernel) {
        this.kernel = kernel;
    }

    synchronized Netlink route() {
        Netlink open = route;
        if (open == null) {
            open = Netlink.open(kernel, Netlink.Family.ROUTE);
            route = open;
        }
        return open;
    }

    synchronized Netlink filter() {
        Netlink open = filter;
        if (open == null) {
            try {
                open = Netlink.open(kernel, Netlink.Family.NETFILTER);
            } catch (Fault fault) {
                throw fault.hint("networks need nf_tables; use --network none or host");
            }
            filter = open;
        }
        return open;
    }

    Bridges bridges() {
        return new Bridges(route());
    }

    @Override
    public synchronized void close() {
        if (route != null) {
            route.close();
        }
        if (filter != null) {
            filter.close();
        }
    }
}
