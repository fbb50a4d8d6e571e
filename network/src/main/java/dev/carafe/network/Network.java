package dev.carafe.network;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.Subnet;
import dev.carafe.base.Timestamps;
import dev.carafe.oci.JsonFields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A network as it was defined, in the words of docker's Engine API (1.41, Network).
 *
 * @param id 64 hexadecimal digits
 * @param internal whether it leads nowhere but to its members and the host
 * @param six whether its endpoints have IPv6 addresses
 * @param pools one for each version at most
 * @param options the driver's, by docker's names
 */
public record Network(String id, String name, Instant created, String driver, boolean internal, boolean six, List<Pool> pools, Map<String, String> options,
        Map<String, String> labels) {
    /** The network of containers that ask for none. */
    public static final String DEFAULT = "bridge";
    public static final String BRIDGE = "bridge";
    public static final String MACVLAN = "macvlan";
    static final String OPTION_NAME = "com.docker.network.bridge.name";
    static final String OPTION_ICC = "com.docker.network.bridge.enable_icc";
    static final String OPTION_MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";
    static final String OPTION_BINDING = "com.docker.network.bridge.host_binding_ipv4";
    static final String OPTION_MTU = "com.docker.network.driver.mtu";
    static final String OPTION_PARENT = "parent";
    private static final int MTU = 1500;

    public Network {
        pools = List.copyOf(pools);
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    public boolean isDefault() {
        return name.equals(DEFAULT);
    }

    public boolean isMacvlan() {
        return driver.equals(MACVLAN);
    }

    /** The name of its bridge on the host. */
    public String bridge() {
        return options.getOrDefault(OPTION_NAME, "br-" + id.substring(0, 12));
    }

    /** Whether its endpoints reach each other. */
    public boolean converses() {
        return !options.getOrDefault(OPTION_ICC, "true").equals("false");
    }

    /** Whether the outside sees the host's address in place of its endpoints'. */
    public boolean masquerades() {
        return !internal && !options.getOrDefault(OPTION_MASQUERADE, "true").equals("false");
    }

    public int mtu() {
        String text = options.getOrDefault(OPTION_MTU, "0");
        int mtu = Integer.parseInt(text);
        return mtu > 0 ? mtu : MTU;
    }

    /** The host's address that ports are published on where none is said. */
    public Optional<IpAddress> binding() {
        return Optional.ofNullable(options.get(OPTION_BINDING)).map(IpAddress::parse);
    }

    /** The device of the host that a macvlan network shares. */
    public Optional<String> parent() {
        return Optional.ofNullable(options.get(OPTION_PARENT));
    }

    public Optional<Pool> pool(boolean ofVersion6) {
        for (Pool pool : pools) {
            if (pool.subnet().six() == ofVersion6) {
                return Optional.of(pool);
            }
        }
        return Optional.empty();
    }

    /** What docker's network inspect shows, but for the containers. */
    public JsonObject json() {
        var configs = new ArrayList<JsonObject>();
        for (Pool pool : pools) {
            var config = new JsonFields().put("Subnet", pool.subnet().toString());
            pool.range().ifPresent(range -> config.put("IPRange", range.toString()));
            pool.gateway().ifPresent(gateway -> config.put("Gateway", gateway.toString()));
            var reserved = new TreeMap<String, String>();
            pool.reserved().forEach((name, address) -> reserved.put(name, address.toString()));
            configs.add(config.map("AuxiliaryAddresses", reserved).json());
        }
        return new JsonFields().put("Name", name).put("Id", id).put("Created", Timestamps.print(created)).put("Scope", "local").put("Driver", driver)
                .put("EnableIPv6", six).put("IPAM", new JsonFields().put("Driver", "default").put("Options", new JsonObject()).array("Config", configs).json())
                .put("Internal", internal).put("Attachable", false).put("Ingress", false)
                .put("ConfigFrom", new JsonFields().put("Network", "").json()).put("ConfigOnly", false)
                .put("Containers", new JsonObject()).put("Options", map(options)).put("Labels", map(labels)).json();
    }

    private static JsonObject map(Map<String, String> entries) {
        var object = new JsonObject();
        new TreeMap<>(entries).forEach(object::addProperty);
        return object;
    }

    static Network parse(JsonObject json) {
        try {
            var pools = new ArrayList<Pool>();
            for (JsonElement element : json.getAsJsonObject("IPAM").getAsJsonArray("Config")) {
                JsonObject config = element.getAsJsonObject();
                var reserved = new LinkedHashMap<String, IpAddress>();
                if (config.has("AuxiliaryAddresses")) {
                    for (Map.Entry<String, JsonElement> entry : config.getAsJsonObject("AuxiliaryAddresses").entrySet()) {
                        reserved.put(entry.getKey(), IpAddress.parse(entry.getValue().getAsString()));
                    }
                }
                pools.add(new Pool(Subnet.parse(config.get("Subnet").getAsString()),
                        config.has("Gateway") ? Optional.of(IpAddress.parse(config.get("Gateway").getAsString())) : Optional.empty(),
                        config.has("IPRange") ? Optional.of(Subnet.parse(config.get("IPRange").getAsString())) : Optional.empty(), reserved));
            }
            return new Network(json.get("Id").getAsString(), json.get("Name").getAsString(), Timestamps.parse(json.get("Created").getAsString()),
                    json.get("Driver").getAsString(), json.get("Internal").getAsBoolean(), json.get("EnableIPv6").getAsBoolean(), pools,
                    strings(json.getAsJsonObject("Options")), strings(json.getAsJsonObject("Labels")));
        } catch (RuntimeException e) {
            throw Fault.of(Fault.Kind.CORRUPT, "read", "network definition", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private static Map<String, String> strings(JsonObject object) {
        var map = new LinkedHashMap<String, String>();
        for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
            map.put(entry.getKey(), entry.getValue().getAsString());
        }
        return map;
    }
}
