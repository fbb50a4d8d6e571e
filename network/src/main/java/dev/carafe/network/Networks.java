package dev.carafe.network;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Links;
import dev.carafe.kernel.LockFile;
import dev.carafe.kernel.NetlinkMessage;
import dev.carafe.plan.Connections;
import dev.carafe.plan.NetworkOperation;
import dev.carafe.plan.NetworkOperation.Published;
import dev.carafe.runtime.Admission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The networks of an engine: defined, made, used, removed.
 *
 * <p>Bridges and the tables of the packet filter are made by the first container that needs them, and found by the others. Safe for use by many threads and
 * processes; what is made once is made under a lock.
 */
public final class Networks implements AutoCloseable {
    private static final Path OWN_NAMESPACE = Path.of("/proc/thread-self/ns/net");

    private final Kernel kernel;
    private final Places places;
    private final Directory locks;
    private final NetworkStore store;
    private final Leases leases;
    private final PortLeases portLeases;
    private final HostNetlink host;
    private final Attachments attachments;
    private final Groundwork groundwork;
    private final EndpointLeases endpointLeases;
    private final Publishing publishing;

    /**
     * Where things are.
     *
     * @param definitions the directory of networks
     * @param leases that of addresses and ports, which a reboot forgets
     * @param runs that of the containers' run directories
     * @param table the name of our tables in the packet filter
     * @param bridge the name of the usual network's bridge
     */
    public record Places(Path definitions, Path leases, Path runs, String table, String bridge) {
    }

    public Networks(Kernel kernel, FileSystem files, Places places, RandomGenerator random) {
        this.kernel = kernel;
        this.places = places;
        WholeFile.makeDirectories(places.leases().resolve(".ports"));
        this.locks = files.makeDirectory(places.leases().resolve(".locks").toString(), 0700);
        this.store = new NetworkStore(places.definitions(), locks, random);
        this.leases = new Leases(places.leases());
        this.portLeases = new PortLeases(places.leases().resolve(".ports"), locks);
        this.host = new HostNetlink(kernel);
        this.attachments = new Attachments(leases);
        this.groundwork = new Groundwork(host, places, store, attachments);
        this.endpointLeases = new EndpointLeases(host, groundwork, leases, random);
        this.publishing = new Publishing(portLeases);
    }

    /** All networks by name; the usual one is among them once it was used or asked for. */
    public List<Network> list() {
        return store.list();
    }

    /** The network of containers that ask for none; defined when it is not. */
    public Network usual() {
        Optional<Network> known = store.named(Network.DEFAULT);
        if (known.isPresent()) {
            return known.get();
        }
        try (LockFile lock = store.lock()) {
            Optional<Network> meanwhile = store.named(Network.DEFAULT);
            return meanwhile.isPresent() ? meanwhile.get() : store.make(NetworkDefinition.usual(places.bridge()), Links.taken(host.route()));
        }
    }

    /** By name, or by an id or its first digits. */
    public Network find(String text) {
        return text.equals(Network.DEFAULT) ? usual() : store.find(text).orElseThrow(() -> unknown(text));
    }

    static Fault unknown(String text) {
        return Fault.notFound("find network", "\"" + text + "\"", "network " + text + " not found").hint("carafe network ls lists them");
    }

    public Network create(NetworkDefinition wanted) {
        if (!wanted.driver().equals(Network.BRIDGE) && !wanted.driver().equals(Network.MACVLAN)) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "create network", "driver \"" + wanted.driver() + "\"", "the drivers are bridge and macvlan");
        }
        if (wanted.driver().equals(Network.MACVLAN) && !wanted.options().containsKey(Network.OPTION_PARENT)) {
            throw Fault.invalid("create network", "\"" + wanted.name() + "\"", "a macvlan network needs a device of the host").hint("say which: -o parent=DEVICE");
        }
        try (LockFile lock = store.lock()) {
            return store.make(wanted, Links.taken(host.route()));
        }
    }

    /** Removes a network that no container is connected with. */
    public void remove(Network network) {
        if (network.isDefault()) {
            throw Fault.of(Fault.Kind.CONFLICT, "remove network", "\"" + network.name() + "\"", network.name() + " is a pre-defined network and cannot be removed");
        }
        try (LockFile lock = store.lock()) {
            Map<IpAddress, String> held = leases.held(network.id());
            if (!held.isEmpty()) {
                throw Fault.of(Fault.Kind.CONFLICT, "remove network", "\"" + network.name() + "\"", "container " + held.values().iterator().next().substring(0, 12)
                        + " is connected with it").hint("disconnect or remove it first");
            }
            if (!network.isMacvlan()) {
                groundwork.remove(network);
            }
            leases.forget(network.id());
            store.remove(network);
        }
    }

    /** Who has which address of a network. @param id the whole id */
    public Map<IpAddress, String> holders(String id) {
        return leases.held(id);
    }

    /** Does something while nobody else, of any process, tells containers the names of others. */
    public void whileNaming(Runnable action) {
        try (LockFile lock = LockFile.acquire(locks, "names")) {
            action.run();
        }
    }

    /** Says to all processes that somebody on a user-defined network has come or gone, or has another name. */
    public void namesChanged() {
        WholeFile.touch(namesMark());
    }

    private Path namesMark() {
        return places.leases().resolve(".names");
    }

    /** When names on a network last changed: while this stays the same, so do they; but for changes of less than a clock's tick, as with any file's time. */
    public List<FileTime> namesChangedAt(String network) {
        return List.of(WholeFile.modified(namesMark()), WholeFile.modified(places.leases().resolve(network)));
    }

    static String namespace() {
        try {
            return Files.readSymbolicLink(OWN_NAMESPACE).toString();
        } catch (IOException e) {
            throw WholeFile.fault("read", OWN_NAMESPACE, e);
        }
    }

    /**
     * Leases what a container needs to start, makes the networks ready for it, and writes that down in its run directory. The caller holds the container's lock,
     * and gives all back by {@link #detach} when the start fails before its plan is performed.
     *
     * @param serving whether the caller answers the questions for names of those who have neighbours, and locks {@link Attachment#NAMES} until it does
     */
    public Attachment attach(String container, Path run, List<EndpointRequest> requests, List<PortSpecification> ports, boolean serving) {
        var endpoints = new ArrayList<Endpoint>();
        var published = new ArrayList<Published>();
        var attachment = new Attachment(container, namespace(), List.of(), List.of(), false);
        try {
            var networks = new ArrayList<Network>();
            for (EndpointRequest request : requests) {
                networks.add(find(request.network()));
            }
            int chosen = EndpointLeases.defaultRoute(requests, networks);
            for (int k = 0; k < requests.size(); k++) {
                endpoints.add(endpointLeases.lease(container, networks.get(k), requests.get(k), "eth" + k, k == chosen));
            }
            if (!ports.isEmpty()) {
                Endpoint carrier = carrier(endpoints);
                published.addAll(publishing.publish(container, ports, find(carrier.network()), carrier));
            }
            attachment = attachment.with(endpoints, published);
            attachment = new Attachment(container, attachment.namespace(), endpoints, published, serving && attachment.hasNeighbours());
            attachments.write(run, attachment);
            return attachment;
        } catch (RuntimeException e) {
            release(attachment.with(endpoints, published));
            // A port that was leased when the next one could not be.
            publishing.releaseAll(container);
            throw e;
        }
    }

    static Endpoint carrier(List<Endpoint> endpoints) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.defaultRoute() && !endpoint.wire().shared()) {
                return endpoint;
            }
        }
        throw Fault.invalid("publish", "ports", "the container is on no network that leads outside by way of the host").hint("add a bridge network that is not internal");
    }

    /** The operations that connect a container when it starts. */
    public Connections connections(Attachment attachment, Path run) {
        var files = new ArrayList<Path>();
        for (Endpoint endpoint : attachment.endpoints()) {
            for (Endpoint.Held held : endpoint.addresses()) {
                files.add(leases.path(endpoint.networkId(), held.address()));
            }
        }
        for (Published port : attachment.ports()) {
            files.add(publishing.path(port));
        }
        return EndpointPlan.of(attachment, places.table(), files, run);
    }

    /** How a container was last connected, whether it still is or not. @param run its run directory */
    public Optional<Attachment> attachment(Path run) {
        return attachments.of(run);
    }

    /** Whether its container still holds an address of it. */
    public boolean isAttached(Attachment attachment) {
        return attachments.holds(attachment);
    }

    /** Takes back whatever is left of an attachment; doing it twice does no harm. The container does not run. */
    public void detach(Attachment attachment) {
        if (attachment.namespace().equals(namespace())) {
            for (Endpoint endpoint : attachment.endpoints()) {
                remove(attachment, endpoint);
            }
        }
        release(attachment);
    }

    private void remove(Attachment attachment, Endpoint endpoint) {
        if (!endpoint.wire().shared()) {
            NetworkOperation.Admit admit = EndpointPlan.admit(endpoint, places.table(), EndpointPlan.portsOf(attachment, endpoint));
            for (List<NetlinkMessage> batch : Admission.remove((NetworkOperation.Dismiss) admit.inverse().orElseThrow())) {
                host.filter().transact(batch);
            }
            host.bridges().removeLink(endpoint.link());
        }
    }

    private void release(Attachment attachment) {
        for (Endpoint endpoint : attachment.endpoints()) {
            endpoint.addresses().forEach(held -> leases.release(endpoint.networkId(), held.address(), attachment.container()));
        }
        publishing.release(attachment.ports(), attachment.container());
    }

    /**
     * Connects a container that runs with one more network.
     *
     * @param pid its init
     */
    public Attachment connect(Attachment before, Path run, int pid, EndpointRequest request) {
        for (Endpoint endpoint : before.endpoints()) {
            if (endpoint.network().equals(find(request.network()).name())) {
                throw Fault.of(Fault.Kind.CONFLICT, "connect with", "\"" + endpoint.network() + "\"", "the container is on that network already");
            }
        }
        boolean leads = before.endpoints().stream().noneMatch(Endpoint::defaultRoute) && !find(request.network()).internal();
        Endpoint endpoint = endpointLeases.lease(before.container(), find(request.network()), request, free(before), leads);
        var endpoints = new ArrayList<>(before.endpoints());
        endpoints.add(endpoint);
        Attachment after = before.with(endpoints, before.ports());
        attachments.write(run, after);
        try {
            new LivePerformer(kernel, host.route(), host.filter(), "/proc/" + pid + "/ns/net").perform(EndpointPlan.endpoint(endpoint, places.table(), List.of()));
            return after;
        } catch (RuntimeException e) {
            disconnect(after, run, endpoint);
            throw e;
        }
    }

    private static String free(Attachment attachment) {
        for (int k = 0;; k++) {
            String device = "eth" + k;
            if (attachment.endpoints().stream().noneMatch(e -> e.device().equals(device))) {
                return device;
            }
        }
    }

    /** Disconnects a container that runs from one of its networks, with the ports that are published by way of it. */
    public Attachment disconnect(Attachment before, Path run, Endpoint endpoint) {
        List<Published> ports = EndpointPlan.portsOf(before, endpoint);
        Attachment gone = before.with(List.of(endpoint), ports);
        if (endpoint.wire().shared()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "disconnect from", "\"" + endpoint.network() + "\"", "a macvlan device stays until the container ends").hint("stop it first");
        }
        detach(gone);
        var endpoints = new ArrayList<>(before.endpoints());
        endpoints.remove(endpoint);
        var rest = new ArrayList<>(before.ports());
        rest.removeAll(ports);
        Attachment after = before.with(endpoints, rest);
        attachments.write(run, after);
        return after;
    }

    /** What is done while a container does not run and nobody starts it; not at all otherwise. */
    public interface WhileIdle {
        void run(String container, Runnable action);
    }

    /** Gives back the leases of containers that do not run. */
    public void recover(WhileIdle whileIdle) {
        var holders = new HashSet<String>();
        for (String network : leases.networks()) {
            holders.addAll(leases.held(network).values());
        }
        holders.addAll(portLeases.held().values());
        for (String holder : holders) {
            whileIdle.run(holder, () -> releaseAll(holder));
        }
    }

    private void releaseAll(String holder) {
        for (String network : leases.networks()) {
            leases.held(network).forEach((address, who) -> {
                if (who.equals(holder)) {
                    leases.release(network, address, holder);
                }
            });
        }
        publishing.releaseAll(holder);
    }

    /** What is on this host because of the networks, and why: the bridges, the rules, and who is published where. */
    public String explain() {
        return Explanation.of(places.table(), host.filter(), host.route(), store.list(), places.runs(), this);
    }

    /** A definition as docker's network inspect shows it, but for its containers. */
    public JsonObject inspect(Network network) {
        return network.json();
    }

    @Override
    public void close() {
        host.close();
        locks.close();
    }
}
