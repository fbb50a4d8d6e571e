package dev.carafe.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.Subnet;
import dev.carafe.engine.Container;
import dev.carafe.engine.Engine;
import dev.carafe.network.Network;
import dev.carafe.network.NetworkDefinition;
import dev.carafe.network.Pool;
import dev.carafe.oci.JsonFields;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Networks. */
final class NetworkOperations {
    private static final List<String> FILTERS = List.of("dangling", "driver", "id", "label", "label!", "name", "scope", "type");
    private static final Set<String> OPTIONS = Set.of("com.docker.network.bridge.name", "com.docker.network.bridge.enable_icc",
            "com.docker.network.bridge.enable_ip_masquerade", "com.docker.network.bridge.host_binding_ipv4", "com.docker.network.driver.mtu", "parent");
    /** What every dockerd has; here they are ways of having no network of one's own. */
    private static final List<String> FIXED = List.of("host", "none");

    private final Engine engine;

    NetworkOperations(Engine engine) {
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/networks", this::list), Route.of("POST", "/networks/create", this::create), Route.of("POST", "/networks/prune", this::prune),
                Route.of("GET", "/networks/*", this::inspect), Route.of("DELETE", "/networks/*", this::remove),
                Route.of("POST", "/networks/*/connect", this::connect), Route.of("POST", "/networks/*/disconnect", this::disconnect));
    }

    private Network find(String name) {
        try {
            return engine.networks().find(name);
        } catch (Fault fault) {
            throw fault.kind() == Fault.Kind.NOT_FOUND ? ApiFault.notFound("network " + name + " not found") : fault;
        }
    }

    /** Its id is made of its name, since there is one of it. */
    private static JsonObject fixed(String name) {
        return new JsonFields().put("Name", name).put("Id", fixedId(name))
                .put("Created", "0001-01-01T00:00:00Z").put("Scope", "local").put("Driver", name.equals("none") ? "null" : name).put("EnableIPv6", false)
                .put("IPAM", new JsonFields().put("Driver", "default").put("Options", com.google.gson.JsonNull.INSTANCE).array("Config", List.of()).json())
                .put("Internal", false).put("Attachable", false).put("Ingress", false).put("ConfigFrom", new JsonFields().put("Network", "").json())
                .put("ConfigOnly", false).put("Containers", new JsonObject()).put("Options", new JsonObject()).put("Labels", new JsonObject()).json();
    }

    private static String fixedId(String name) {
        return dev.carafe.base.Digest.sha256(("network " + name).getBytes(java.nio.charset.StandardCharsets.US_ASCII)).hex();
    }

    private static Optional<String> fixedName(String text) {
        return FIXED.stream().filter(name -> name.equals(text) || text.length() > 11 && fixedId(name).startsWith(text)).findFirst();
    }

    private void list(Call call) throws IOException {
        FilterSet filters = FilterSet.of(call.query(), FILTERS);
        engine.networks().usual();
        Set<String> used = filters.truth("dangling").isPresent() ? used() : Set.of();
        var array = new JsonArray();
        for (Network network : engine.networks().list()) {
            boolean custom = !network.isDefault();
            if (filters.any("name", name -> network.name().contains(name)) && filters.any("id", id -> network.id().startsWith(id))
                    && filters.any("driver", network.driver()::equals) && filters.any("scope", "local"::equals) && filters.labelled(network.labels())
                    && filters.any("type", word -> word.equals("custom") == custom)
                    && filters.truth("dangling").map(wanted -> wanted == (custom && !used.contains(network.name()))).orElse(true)) {
                JsonObject document = network.json();
                document.add("Containers", new JsonObject());
                array.add(document);
            }
        }
        for (String name : FIXED) {
            JsonObject document = fixed(name);
            if (filters.any("name", name::contains) && filters.any("id", id -> fixedId(name).startsWith(id))
                    && filters.any("driver", document.get("Driver").getAsString()::equals) && filters.any("scope", "local"::equals) && filters.labelled(Map.of())
                    && filters.any("type", "builtin"::equals) && !filters.truth("dangling").orElse(false)) {
                array.add(document);
            }
        }
        call.json(array);
    }

    private Set<String> used() {
        var used = new TreeSet<String>();
        engine.containers().list().forEach(container -> used.addAll(container.networks()));
        return used;
    }

    private void inspect(Call call) throws IOException {
        Optional<String> fixed = fixedName(call.name());
        if (call.query().given("scope").filter(scope -> !scope.equals("local")).isPresent()) {
            throw ApiFault.notFound("network " + call.name() + " not found");
        }
        call.json(fixed.isPresent() ? fixed(fixed.get()) : engine.containers().inspect(find(call.name())));
    }

    private void create(Call call) throws IOException {
        Body body = call.body();
        String name = body.text("Name");
        if (name.isBlank()) {
            throw ApiFault.invalid("network name is required");
        }
        String driver = body.given("Driver").filter(word -> !word.equals("default")).orElse(Network.BRIDGE);
        if (fixedName(name).isPresent()) {
            throw ApiFault.conflict("network with name " + name + " already exists");
        }
        if (driver.equals("host") || driver.equals("null")) {
            throw new ApiFault(403, "only one instance of \"" + driver + "\" network is allowed");
        }
        if (body.on("Ingress") || body.on("ConfigOnly") || body.object("ConfigFrom").given("Network").isPresent()) {
            throw ApiFault.unsupported("ingress networks and networks made from the configuration of others are not supported");
        }
        Map<String, String> options = body.map("Options");
        for (String option : options.keySet()) {
            if (!OPTIONS.contains(option)) {
                throw ApiFault.unsupported("network option \"" + option + "\" is not supported");
            }
        }
        try {
            Network made = engine.networks().create(new NetworkDefinition(name, driver, body.on("Internal"), body.on("EnableIPv6"), pools(body.object("IPAM")), options,
                    body.map("Labels")));
            call.json(201, new JsonFields().put("Id", made.id()).put("Warning", "").json());
        } catch (Fault fault) {
            throw fault.kind() == Fault.Kind.ALREADY_EXISTS || fault.kind() == Fault.Kind.CONFLICT && engine.networks().list().stream().anyMatch(n -> n.name().equals(name))
                    ? ApiFault.conflict("network with name " + name + " already exists")
                    : fault.operation().startsWith("create network") && fault.kind() == Fault.Kind.UNSUPPORTED && fault.object().startsWith("driver")
                            ? ApiFault.notFound("could not find plugin " + driver + " in v1 plugin registry: plugin not found") : fault;
        }
    }

    private static List<Pool> pools(Body addresses) {
        if (addresses.given("Driver").filter(driver -> !driver.equals("default")).isPresent()) {
            throw ApiFault.unsupported("IPAM driver \"" + addresses.text("Driver") + "\" is not supported");
        }
        var pools = new ArrayList<Pool>();
        for (Body said : addresses.objects("Config")) {
            if (said.given("Subnet").isEmpty()) {
                if (said.given("Gateway").isPresent() || said.given("IPRange").isPresent()) {
                    throw ApiFault.invalid("invalid network config: every IPAM configuration needs a subnet");
                }
                continue;
            }
            Subnet subnet = Subnet.parse(said.text("Subnet"));
            var reserved = new LinkedHashMap<String, IpAddress>();
            said.map("AuxiliaryAddresses").forEach((who, address) -> reserved.put(who, IpAddress.parse(address)));
            pools.add(new Pool(subnet, Optional.of(said.given("Gateway").map(IpAddress::parse).orElseGet(() -> subnet.first().plus(1))),
                    said.given("IPRange").map(Subnet::parse), reserved));
        }
        if (pools.stream().map(pool -> pool.subnet().six()).distinct().count() < pools.size()) {
            throw ApiFault.unsupported("a network has one subnet of each IP version");
        }
        return pools;
    }

    private void remove(Call call) throws IOException {
        if (fixedName(call.name()).isPresent() || call.name().equals(Network.DEFAULT)) {
            throw new ApiFault(403, call.name() + " is a pre-defined network and cannot be removed");
        }
        Network network = find(call.name());
        try {
            engine.networks().remove(network);
        } catch (Fault fault) {
            throw fault.kind() == Fault.Kind.CONFLICT ? new ApiFault(403, "error while removing network: network " + network.name() + " id " + network.id() + " has active endpoints") : fault;
        }
        call.done();
    }

    private void connect(Call call) throws IOException {
        Body body = call.body();
        Network network = find(call.name());
        Container container = Containers.find(engine, body.text("Container"));
        if (!body.object("EndpointConfig").texts("Links").isEmpty()) {
            throw ApiFault.unsupported("links of a container that is there already are not supported");
        }
        container.connect(NetworkRequest.endpoint(network.name(), body.object("EndpointConfig"), Optional.empty()));
        call.exchange().empty(200);
    }

    private void disconnect(Call call) throws IOException {
        Body body = call.body();
        Network network = find(call.name());
        Container container = Containers.find(engine, body.text("Container"));
        container.disconnect(network.name(), body.on("Force"));
        call.exchange().empty(200);
    }

    private void prune(Call call) throws IOException {
        FilterSet filters = FilterSet.of(call.query(), List.of("until", "label", "label!"));
        Instant until = Moments.until(filters);
        Set<String> used = used();
        var removed = new JsonArray();
        for (Network network : engine.networks().list()) {
            if (!network.isDefault() && !used.contains(network.name()) && network.created().isBefore(until) && filters.labelled(network.labels())) {
                try {
                    engine.networks().remove(network);
                    removed.add(network.name());
                } catch (Fault busy) {
                    // Somebody has just connected with it.
                }
            }
        }
        call.json(new JsonFields().put("NetworksDeleted", removed).json());
    }
}
