package dev.carafe.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.network.EndpointRequest;
import dev.carafe.network.PortSpecification;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.JsonFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a container asks for of networks, into docker's inspect document and back: the document is where it is kept until the container starts
 * (Engine API 1.41: HostConfig.PortBindings, NetworkSettings.Networks).
 */
final class NetworkChoice {
    private NetworkChoice() {
    }

    /** Options that contradict each other, in docker's words. */
    static void check(NetworkOptions network) {
        NamespaceMode mode = network.mode();
        boolean publishes = !network.publish().isEmpty() || network.publishAll();
        for (String port : network.publish()) {
            PortSpecification.parse(port);
        }
        if (mode instanceof NamespaceMode.Container) {
            conflict(publishes, "port publishing and the container type network mode");
            conflict(!network.expose().isEmpty(), "port exposing and the container type network mode");
            conflict(!network.resolver().servers().isEmpty(), "dns and the network mode");
            conflict(!network.hosts().isEmpty(), "custom host-to-IP mapping and the network mode");
        } else if (mode instanceof NamespaceMode.Host || mode instanceof NamespaceMode.None || mode instanceof NamespaceMode.At) {
            conflict(publishes, "port publishing and the network mode " + mode.word());
        }
        if (!network.endpoints().isEmpty() && !(mode instanceof NamespaceMode.Named || mode instanceof NamespaceMode.Usual)) {
            throw Fault.invalid("conflicting options", "", "cannot attach both user-defined and non-user-defined network-modes");
        }
        for (String line : network.hosts()) {
            int colon = line.indexOf(':');
            String address = colon < 0 ? "" : line.substring(colon + 1);
            if (colon < 1 || !address.equals(HostsFile.HOST_GATEWAY) && IpAddress.tryParse(address).isEmpty()) {
                throw Fault.invalid("invalid IP address in add-host", "\"" + address + "\"", "expected NAME:ADDRESS or NAME:host-gateway");
            }
        }
        for (String server : network.resolver().servers()) {
            IpAddress.parse(server);
        }
    }

    private static void conflict(boolean there, String what) {
        if (there) {
            throw Fault.invalid("conflicting options", "", what);
        }
    }

    /** HostConfig.PortBindings. */
    static JsonObject bindings(NetworkOptions network) {
        var bindings = new JsonObject();
        for (String text : network.publish()) {
            for (PortSpecification port : PortSpecification.parse(text)) {
                String key = port.port() + "/" + port.protocol();
                if (!bindings.has(key)) {
                    bindings.add(key, new JsonArray());
                }
                String host = port.hostFrom() == 0 ? "" : port.hostFrom() == port.hostTo() ? Integer.toString(port.hostFrom()) : port.hostFrom() + "-" + port.hostTo();
                bindings.getAsJsonArray(key).add(new JsonFields().put("HostIp", port.address().map(IpAddress::toString).orElse("")).put("HostPort", host).json());
            }
        }
        return bindings;
    }

    /** NetworkSettings.Networks of a container that does not run. */
    static JsonObject networks(NetworkOptions network) {
        var networks = new JsonObject();
        if (network.mode() instanceof NamespaceMode.Host || network.mode() instanceof NamespaceMode.None) {
            networks.add(network.mode().word(), endpoint(EndpointRequest.of("")));
        }
        for (EndpointRequest request : network.requests()) {
            networks.add(request.network(), endpoint(request));
        }
        return networks;
    }

    /** An endpoint that is not connected, with what is asked for. */
    static JsonObject endpoint(EndpointRequest request) {
        JsonElement addresses = JsonNull.INSTANCE;
        if (request.four().isPresent() || request.six().isPresent()) {
            addresses = new JsonFields().optional("IPv4Address", request.four().map(IpAddress::toString)).optional("IPv6Address", request.six().map(IpAddress::toString)).json();
        }
        var fields = new JsonFields().put("IPAMConfig", addresses).put("Links", JsonNull.INSTANCE).put("Aliases", DockerConfig.listOrNull(request.aliases()))
                .put("NetworkID", "").put("EndpointID", "").put("Gateway", "").put("IPAddress", "").put("IPPrefixLen", 0).put("IPv6Gateway", "")
                .put("GlobalIPv6Address", "").put("GlobalIPv6PrefixLen", 0).put("MacAddress", request.mac().map(MacAddress::toString).orElse(""))
                .put("DriverOpts", JsonNull.INSTANCE);
        return request.priority() == 0 ? fields.json() : fields.put("GwPriority", request.priority()).json();
    }

    /** What a container that was made asks for when it starts. */
    static List<EndpointRequest> requests(ContainerRecord record) {
        var requests = new ArrayList<EndpointRequest>();
        for (Map.Entry<String, JsonElement> entry : record.document().getAsJsonObject("NetworkSettings").getAsJsonObject("Networks").entrySet()) {
            String name = entry.getKey();
            if (name.equals("none") || name.equals("host")) {
                continue;
            }
            JsonObject endpoint = entry.getValue().getAsJsonObject();
            JsonObject addresses = endpoint.get("IPAMConfig") instanceof JsonObject object ? object : new JsonObject();
            var aliases = new ArrayList<String>();
            if (endpoint.get("Aliases") instanceof JsonArray array) {
                array.forEach(alias -> aliases.add(alias.getAsString()));
            }
            String mac = endpoint.get("MacAddress").getAsString();
            requests.add(new EndpointRequest(name, address(addresses, "IPv4Address"), address(addresses, "IPv6Address"),
                    mac.isEmpty() ? Optional.empty() : Optional.of(MacAddress.parse(mac)), aliases,
                    endpoint.has("GwPriority") ? endpoint.get("GwPriority").getAsInt() : 0));
        }
        return requests;
    }

    private static Optional<IpAddress> address(JsonObject in, String field) {
        return in.has(field) ? Optional.of(IpAddress.parse(in.get(field).getAsString())) : Optional.empty();
    }

    /** The ports that it publishes when it starts; with --publish-all also those that it exposes and that no other option names. */
    static List<PortSpecification> ports(ContainerRecord record) {
        return ports(record.hostConfig().get("PortBindings") instanceof JsonObject object ? object : new JsonObject(), record.hostConfig().get("PublishAllPorts").getAsBoolean(),
                exposed(record));
    }

    /** The same of one that is not made yet. */
    static List<PortSpecification> ports(ContainerOptions options, ContainerConfig image) {
        return ports(bindings(options.network()), options.network().publishAll(), ContainerDocument.exposed(options, image));
    }

    private static List<PortSpecification> ports(JsonObject bindings, boolean all, List<String> exposed) {
        var ports = new ArrayList<PortSpecification>();
        for (Map.Entry<String, JsonElement> entry : bindings.entrySet()) {
            for (JsonElement element : entry.getValue().getAsJsonArray()) {
                JsonObject binding = element.getAsJsonObject();
                String address = binding.get("HostIp").getAsString();
                ports.addAll(PortSpecification.parse((address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + binding.get("HostPort").getAsString() + ":"
                        + entry.getKey()));
            }
        }
        if (all) {
            for (String port : exposed) {
                if (!bindings.has(port)) {
                    ports.addAll(PortSpecification.parse(port));
                }
            }
        }
        return ports;
    }

    /** Such as {@code 80/tcp}. */
    static List<String> exposed(ContainerRecord record) {
        return record.config().get("ExposedPorts") instanceof JsonObject object ? List.copyOf(object.keySet()) : List.of();
    }
}
