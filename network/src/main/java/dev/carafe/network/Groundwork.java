package dev.carafe.network;

import dev.carafe.base.Fault;
import dev.carafe.base.Subnet;
import dev.carafe.kernel.Links;
import dev.carafe.kernel.LockFile;
import dev.carafe.runtime.Admission;
import java.util.Optional;

/** What is on the host before a network's first container: its bridge, and the tables of the packet filter. Made by the first who needs it, and again by whoever misses it. */
final class Groundwork {
    private final HostNetlink host;
    private final Networks.Places places;
    private final NetworkStore store;
    private final Attachments attachments;

    Groundwork(HostNetlink host, Networks.Places places, NetworkStore store, Attachments attachments) {
        this.host = host;
        this.places = places;
        this.store = store;
        this.attachments = attachments;
    }

    private Firewall firewall() {
        return new Firewall(host.filter(), places.table());
    }

    /** The bridge's index; made with all that belongs to it where it is not there. */
    int ready(Network network) {
        Optional<Integer> there = host.bridges().find(network);
        if (there.isPresent() && firewall().isThere()) {
            return there.get();
        }
        try (LockFile lock = store.lock()) {
            Firewall firewall = firewall();
            if (!firewall.isThere()) {
                firewall.make();
                for (Network other : store.list()) {
                    if (!other.isMacvlan() && host.bridges().find(other).isPresent()) {
                        firewall.enter(other);
                    }
                }
                admitAgain();
            }
            Optional<Integer> meanwhile = host.bridges().find(network);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            checkRoutes(network);
            host.bridges().make(network);
            firewall.enter(network);
            return host.bridges().raise(network);
        }
    }

    private void checkRoutes(Network network) {
        for (Subnet taken : Links.taken(host.route())) {
            for (Pool pool : network.pools()) {
                boolean own = Links.find(host.route(), network.bridge()).isPresent();
                if (pool.subnet().overlaps(taken) && !own) {
                    throw Fault.of(Fault.Kind.CONFLICT, "make network", "\"" + network.name() + "\"", "its subnet " + pool.subnet() + " overlaps with the host's route to " + taken)
                            .hint("make a network with another subnet, or use --network none or host");
                }
            }
        }
    }

    /** Enters all endpoints again after somebody has flushed the tables. */
    private void admitAgain() {
        for (String id : WholeFile.names(places.runs())) {
            Optional<Attachment> attachment = attachments.of(places.runs().resolve(id));
            if (attachment.isPresent() && attachment.get().namespace().equals(Networks.namespace()) && attachments.holds(attachment.get())) {
                for (Endpoint endpoint : attachment.get().endpoints()) {
                    if (!endpoint.wire().shared()) {
                        host.filter().transact(Admission.enter(EndpointPlan.admit(endpoint, places.table(), EndpointPlan.portsOf(attachment.get(), endpoint)), true));
                    }
                }
            }
        }
    }

    /** Takes back what {@link #ready} made for one network. */
    void remove(Network network) {
        host.bridges().remove(network);
        firewall().remove(network);
    }
}
