package dev.carafe.network;

import com.google.gson.JsonObject;
import dev.carafe.base.ContainerId;
import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Links;
import dev.carafe.kernel.LockFile;
import dev.carafe.kernel.Netlink;
import dev.carafe.kernel.NetlinkMessage;
import dev.carafe.oci.Json;
import dev.carafe.plan.Connections;
import dev.carafe.plan.NetworkOperation;
import dev.carafe.plan.NetworkOperation.Published;
import dev.carafe.runtime.Admission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The networks of an engine: defined, made, used, removed.
 *
 * <p>Bridges and the tables of the packet filter are made by the first container that needs them, and found by the others. Safe for use by many threads and
 * processes; what is made once is made under a lock.
 */
public final class Networks implements AutoCloseable {
    private static final Path OWN_NAMESPACE = Path.of("/proc/thread-self/ns/net");
    private static final int PORT_ATTEMPTS = 50;

    private final Kernel kernel;
    private final Places places;
    private final RandomGenerator random;
    private final Directory locks;
    private final NetworkStore store;
    private final Leases leases;
    private final PortLeases portLeases;
    private @Nullable Netlink route;
    private @Nullable Netlink filter;

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
        this.random = random;
        WholeFile.makeDirectories(places.leases().resolve(".ports"));
        this.locks = files.makeDirectory(places.leases().resolve(".locks").toString(), 0700);
        this.store = new NetworkStore(places.definitions(), locks, random);
        this.leases = new Leases(places.leases());
        this.portLeases = new PortLeases(places.leases().resolve(".ports"), locks);
    }

    private synchronized Netlink route() {
        Netlink open = route;
        if (open == null) {
            open = Netlink.open(kernel, Netlink.Family.ROUTE);
            route = open;
        }
        return open;
    }

    private synchronized Netlink filter() {
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

    private Firewall firewall() {
        return new Firewall(filter(), places.table());
    }

    private Bridges bridges() {
        return new Bridges(route());
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
            return meanwhile.isPresent() ? meanwhile.get() : store.make(new NetworkDefinition(Network.DEFAULT, Network.BRIDGE, false, false, List.of(),
                    Map.of(Network.OPTION_NAME, places.bridge()), Map.of()), Links.taken(route()));
        }
    }

    /** By name, or by an id or its first digits. */
    public Network find(String text) {
        return text.equals(Network.DEFAULT) ? usual()
                : store.find(text).orElseThrow(() -> Fault.notFound("find network", "\"" + text + "\"", "network " + text + " not found").hint("carafe network ls lists them"));
    }

    public Network create(NetworkDefinition wanted) {
        if (!wanted.driver().equals(Network.BRIDGE) && !wanted.driver().equals(Network.MACVLAN)) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "create network", "driver \"" + wanted.driver() + "\"", "the drivers are bridge and macvlan");
        }
        if (wanted.driver().equals(Network.MACVLAN) && !wanted.options().containsKey(Network.OPTION_PARENT)) {
            throw Fault.invalid("create network", "\"" + wanted.name() + "\"", "a macvlan network needs a device of the host").hint("say which: -o parent=DEVICE");
        }
        try (LockFile lock = store.lock()) {
            return store.make(wanted, Links.taken(route()));
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
                bridges().remove(network);
                firewall().remove(network);
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

    /** The bridge's index; made with all that belongs to it where it is not there. */
    private int ready(Network network) {
        Optional<Integer> there = bridges().find(network);
        if (there.isPresent() && firewall().isThere()) {
            return there.get();
        }
        try (LockFile lock = store.lock()) {
            Firewall firewall = firewall();
            if (!firewall.isThere()) {
                firewall.make();
                for (Network other : store.list()) {
                    if (!other.isMacvlan() && bridges().find(other).isPresent()) {
                        firewall.enter(other);
                    }
                }
                admitAgain();
            }
            Optional<Integer> meanwhile = bridges().find(network);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            checkRoutes(network);
            bridges().make(network);
            firewall.enter(network);
            return bridges().raise(network);
        }
    }

    private void checkRoutes(Network network) {
        for (dev.carafe.base.Subnet taken : Links.taken(route())) {
            for (Pool pool : network.pools()) {
                boolean own = Links.find(route(), network.bridge()).isPresent();
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
            Optional<Attachment> attachment = attachment(places.runs().resolve(id));
            if (attachment.isPresent() && attachment.get().namespace().equals(namespace()) && !leasesOf(attachment.get()).isEmpty()) {
                for (Endpoint endpoint : attachment.get().endpoints()) {
                    if (!endpoint.wire().shared()) {
                        filter().transact(Admission.enter(EndpointPlan.admit(endpoint, places.table(), EndpointPlan.portsOf(attachment.get(), endpoint)), true));
                    }
                }
            }
        }
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
     */
    public Attachment attach(String container, Path run, List<EndpointRequest> requests, List<PortSpecification> ports) {
        var endpoints = new ArrayList<Endpoint>();
        var published = new ArrayList<Published>();
        var attachment = new Attachment(container, namespace(), endpoints, published);
        try {
            int chosen = defaultRoute(requests);
            for (int k = 0; k < requests.size(); k++) {
                endpoints.add(endpoint(container, requests.get(k), "eth" + k, k == chosen));
            }
            if (!ports.isEmpty()) {
                published.addAll(publish(container, ports, carrier(endpoints)));
            }
            attachment = new Attachment(container, attachment.namespace(), endpoints, published);
            WholeFile.write(run.resolve(Attachment.FILE), Json.compact(attachment.json()));
            return attachment;
        } catch (RuntimeException e) {
            release(new Attachment(container, attachment.namespace(), endpoints, published));
            throw e;
        }
    }

    /** Which of the networks everything else is reached by: not an internal one, of high priority, the first one by name. */
    private int defaultRoute(List<EndpointRequest> requests) {
        int best = -1;
        for (int k = 0; k < requests.size(); k++) {
            if (find(requests.get(k).network()).internal()) {
                continue;
            }
            if (best < 0 || requests.get(k).priority() > requests.get(best).priority()
                    || requests.get(k).priority() == requests.get(best).priority() && requests.get(k).network().compareTo(requests.get(best).network()) < 0) {
                best = k;
            }
        }
        return best;
    }

    private Endpoint carrier(List<Endpoint> endpoints) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.defaultRoute() && !endpoint.wire().shared()) {
                return endpoint;
            }
        }
        throw Fault.invalid("publish", "ports", "the container is on no network that leads outside by way of the host").hint("add a bridge network that is not internal");
    }

    private Endpoint endpoint(String container, EndpointRequest request, String device, boolean defaultRoute) {
        Network network = find(request.network());
        checkRequest(network, request);
        Endpoint.Wire wire = wire(network);
        var held = new ArrayList<Endpoint.Held>();
        try {
            for (Pool pool : network.pools()) {
                Optional<IpAddress> wanted = pool.subnet().six() ? request.six() : request.four();
                IpAddress address;
                if (wanted.isPresent()) {
                    leases.lease(network.id(), network.name(), pool, wanted.get(), container);
                    address = wanted.get();
                } else {
                    address = leases.lease(network.id(), network.name(), pool, container);
                }
                held.add(new Endpoint.Held(address, pool.subnet().prefix(), network.internal() ? Optional.empty() : pool.gateway()));
            }
        } catch (RuntimeException e) {
            held.forEach(one -> leases.release(network.id(), one.address(), container));
            throw e;
        }
        MacAddress mac = request.mac().orElseGet(() -> mac(held));
        String link = wire.shared() ? "" : "veth" + Long.toHexString(random.nextLong(1L << 28) | 1L << 28).substring(1);
        return new Endpoint(ContainerId.random(random).hex(), network.id(), network.name(), device, link, mac, held, request.aliases(), defaultRoute, wire);
    }

    private MacAddress mac(List<Endpoint.Held> held) {
        for (Endpoint.Held one : held) {
            if (!one.address().six()) {
                return MacAddress.of(one.address());
            }
        }
        return new MacAddress(0x0242L << 32 | random.nextLong(1L << 32));
    }

    private static void checkRequest(Network network, EndpointRequest request) {
        for (Optional<IpAddress> wanted : List.of(request.four(), request.six())) {
            if (wanted.isPresent() && network.isDefault()) {
                throw Fault.invalid("connect with", "\"" + network.name() + "\"", "user specified IP address is supported on user defined networks only");
            }
            if (wanted.isPresent() && network.pool(wanted.get().six()).isEmpty()) {
                throw Fault.invalid("connect with", "\"" + network.name() + "\"", "it has no subnet that " + wanted.get() + " could be in");
            }
        }
        if (!request.aliases().isEmpty() && network.isDefault()) {
            throw Fault.invalid("connect with", "\"" + network.name() + "\"", "network-scoped alias is supported only for containers in user defined networks");
        }
    }

    private Endpoint.Wire wire(Network network) {
        if (network.isMacvlan()) {
            String parent = network.parent().orElseThrow();
            int index = Links.find(route(), parent).orElseThrow(() -> Fault.notFound("connect with", "\"" + network.name() + "\"", "the host has no device " + parent)).index();
            int mtu = network.options().containsKey(Network.OPTION_MTU) ? network.mtu() : 0;
            return new Endpoint.Wire(parent, index, mtu, false, true);
        }
        return new Endpoint.Wire(network.bridge(), ready(network), network.mtu(), !network.converses(), false);
    }

    private List<Published> publish(String container, List<PortSpecification> ports, Endpoint endpoint) {
        Network network = find(endpoint.network());
        var published = new ArrayList<Published>();
        for (PortSpecification port : ports) {
            var addresses = new ArrayList<IpAddress>();
            if (port.address().isPresent()) {
                addresses.add(port.address().get());
            } else if (network.binding().isPresent()) {
                addresses.add(network.binding().get());
            } else {
                endpoint.held(false).ifPresent(held -> addresses.add(IpAddress.ANY4));
                endpoint.held(true).ifPresent(held -> addresses.add(IpAddress.ANY6));
            }
            for (IpAddress address : addresses) {
                if (endpoint.held(address.six()).isEmpty()) {
                    throw Fault.invalid("publish", "port " + port.port() + "/" + port.protocol() + " on " + address,
                            "network \"" + network.name() + "\" has no " + (address.six() ? "IPv6" : "IPv4") + " addresses");
                }
            }
            int number = lease(container, port, addresses);
            for (IpAddress address : addresses) {
                published.add(new Published(port.protocol(), address, number, endpoint.held(address.six()).orElseThrow().address(), port.port()));
            }
        }
        return published;
    }

    /** The host's port: the one that is wanted, the first one of a range that is free, or any. */
    private int lease(String container, PortSpecification port, List<IpAddress> addresses) {
        if (port.hostFrom() > 0 && port.hostFrom() == port.hostTo()) {
            portLeases.lease(ports(port.protocol(), port.hostFrom(), addresses), container);
            return port.hostFrom();
        }
        for (int attempt = 0; port.hostFrom() > 0 ? port.hostFrom() + attempt <= port.hostTo() : attempt < PORT_ATTEMPTS; attempt++) {
            Optional<Integer> free = FreePort.of(port.protocol(), addresses.getFirst(), port.hostFrom() > 0 ? port.hostFrom() + attempt : 0);
            if (free.isPresent() && ports(port.protocol(), free.get(), addresses).stream().allMatch(portLeases::isFree)) {
                portLeases.lease(ports(port.protocol(), free.get(), addresses), container);
                return free.get();
            }
        }
        throw Fault.of(Fault.Kind.EXHAUSTED, "publish", "port " + port.port() + "/" + port.protocol(),
                port.hostFrom() > 0 ? "all host ports of " + port.hostFrom() + "-" + port.hostTo() + " are in use" : "no free port of the host was found");
    }

    private static List<PortLeases.Port> ports(String protocol, int number, List<IpAddress> addresses) {
        var ports = new ArrayList<PortLeases.Port>();
        addresses.forEach(address -> ports.add(new PortLeases.Port(protocol, address, number)));
        return ports;
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
            files.add(portLeases.path(port(port)));
        }
        return EndpointPlan.of(attachment, places.table(), files, run);
    }

    private static PortLeases.Port port(Published port) {
        return new PortLeases.Port(port.protocol(), port.host(), port.hostPort());
    }

    /** How a container was last connected, whether it still is or not. */
    public Optional<Attachment> attachment(Path run) {
        return WholeFile.read(run.resolve(Attachment.FILE)).map(text -> Attachment.parse(Json.parseObject(Attachment.FILE, text)));
    }

    /** The leases of an attachment that its container still holds; its monitor gives them back last. */
    private List<Path> leasesOf(Attachment attachment) {
        var held = new ArrayList<Path>();
        for (Endpoint endpoint : attachment.endpoints()) {
            for (Endpoint.Held one : endpoint.addresses()) {
                Path path = leases.path(endpoint.networkId(), one.address());
                if (Leases.holder(path).equals(Optional.of(attachment.container()))) {
                    held.add(path);
                }
            }
        }
        return held;
    }

    public boolean isAttached(Attachment attachment) {
        return !leasesOf(attachment).isEmpty();
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
                filter().transact(batch);
            }
            bridges().removeLink(endpoint.link());
        }
    }

    private void release(Attachment attachment) {
        for (Endpoint endpoint : attachment.endpoints()) {
            endpoint.addresses().forEach(held -> leases.release(endpoint.networkId(), held.address(), attachment.container()));
        }
        for (Published port : attachment.ports()) {
            portLeases.release(port(port), attachment.container());
        }
        // A port that was leased when the next one could not be.
        for (PortLeases.Port port : attachment.ports().isEmpty() ? portLeases.of(attachment.container()) : List.<PortLeases.Port>of()) {
            portLeases.release(port, attachment.container());
        }
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
        Endpoint endpoint = endpoint(before.container(), request, free(before), leads);
        var endpoints = new ArrayList<>(before.endpoints());
        endpoints.add(endpoint);
        var after = new Attachment(before.container(), before.namespace(), endpoints, before.ports());
        WholeFile.write(run.resolve(Attachment.FILE), Json.compact(after.json()));
        try {
            new LivePerformer(kernel, route(), filter(), "/proc/" + pid + "/ns/net").perform(EndpointPlan.endpoint(endpoint, places.table(), List.of()));
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
        var gone = new Attachment(before.container(), before.namespace(), List.of(endpoint), ports);
        if (endpoint.wire().shared()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "disconnect from", "\"" + endpoint.network() + "\"", "a macvlan device stays until the container ends").hint("stop it first");
        }
        detach(gone);
        var endpoints = new ArrayList<>(before.endpoints());
        endpoints.remove(endpoint);
        var rest = new ArrayList<>(before.ports());
        rest.removeAll(ports);
        var after = new Attachment(before.container(), before.namespace(), endpoints, rest);
        WholeFile.write(run.resolve(Attachment.FILE), Json.compact(after.json()));
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
        portLeases.of(holder).forEach(port -> portLeases.release(port, holder));
    }

    /** What is on this host because of the networks, and why: the bridges, the rules, and who is published where. */
    public String explain() {
        return Explanation.of(places.table(), filter(), route(), store.list(), places.runs(), this);
    }

    /** A definition as docker's network inspect shows it, but for its containers. */
    public JsonObject inspect(Network network) {
        return network.json();
    }

    @Override
    public synchronized void close() {
        if (route != null) {
            route.close();
        }
        if (filter != null) {
            filter.close();
        }
        locks.close();
    }
}
