package dev.carafe.docker;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.engine.NamespaceMode;
import dev.carafe.engine.NetworkOptions;
import dev.carafe.network.EndpointRequest;
import dev.carafe.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a container is to be reached.
 *
 * @param networks what it asks for on each network ({@code EndpointsConfig})
 * @param links finds those that it is linked with
 */
record NetworkRequest(Body config, Body host, Body networks, LinkLines links) {
    NetworkOptions options() {
        var options = NetworkOptions.NONE.mode(mode()).publish(ports()).publishAll(host.on("PublishAllPorts")).expose(exposed())
                .resolver(new NetworkOptions.Resolver(host.texts("Dns"), host.texts("DnsSearch"), host.texts("DnsOptions"))).hosts(hosts());
        List<EndpointRequest> endpoints = endpoints(options.mode());
        if (!endpoints.isEmpty()) {
            options = options.mode(new NamespaceMode.Named(endpoints.getFirst().network())).endpoints(endpoints);
        }
        if (config.given("Hostname").isPresent()) {
            options = options.hostname(config.text("Hostname"));
        }
        return config.given("Domainname").isPresent() ? options.domainname(config.text("Domainname")) : options;
    }

    private NamespaceMode mode() {
        if (config.on("NetworkDisabled")) {
            return new NamespaceMode.None();
        }
        String text = host.text("NetworkMode");
        if (text.equals("container:")) {
            throw ApiFault.invalid("invalid network mode: invalid container format container:<name|id>");
        }
        return switch (text) {
            case "", "default", Network.DEFAULT -> new NamespaceMode.Usual();
            case "private", "shareable" -> new NamespaceMode.Named(text);
            default -> NamespaceMode.parse(text).orElse(new NamespaceMode.Named(text));
        };
    }

    /** Those that say something, that of the mode first; a client names the mode's network with nothing said as well. */
    private List<EndpointRequest> endpoints(NamespaceMode mode) {
        if (!(mode instanceof NamespaceMode.Usual || mode instanceof NamespaceMode.Named)) {
            return List.of();
        }
        String first = mode instanceof NamespaceMode.Named named ? named.name() : Network.DEFAULT;
        var all = new ArrayList<EndpointRequest>();
        for (Map.Entry<String, JsonElement> entry : networks.object().entrySet()) {
            JsonObject said = entry.getValue() instanceof JsonObject object ? object : new JsonObject();
            String name = entry.getKey().equals("default") ? Network.DEFAULT : entry.getKey();
            EndpointRequest request = endpoint(name, new Body(said), config.given("MacAddress").filter(mac -> name.equals(first)));
            if (name.equals(first)) {
                all.addFirst(request);
            } else {
                all.add(request);
            }
        }
        if (all.isEmpty() && config.given("MacAddress").isPresent()) {
            all.add(endpoint(first, new Body(new JsonObject()), config.given("MacAddress")));
        }
        boolean nothing = all.size() == 1 && all.getFirst().equals(EndpointRequest.of(first));
        if (!all.isEmpty() && !nothing && !all.getFirst().network().equals(first)) {
            all.addFirst(EndpointRequest.of(first));
        }
        return nothing ? List.of() : all;
    }

    /** One {@code EndpointSettings}. @param mac of the container as a whole, from clients before 1.44 */
    static EndpointRequest endpoint(String network, Body said, Optional<String> mac) {
        Body addresses = said.object("IPAMConfig");
        if (!addresses.texts("LinkLocalIPs").isEmpty() || !said.map("DriverOpts").isEmpty()) {
            throw ApiFault.unsupported("link-local addresses and driver options of endpoints are not supported");
        }
        var aliases = new ArrayList<>(said.texts("Aliases"));
        aliases.replaceAll(String::strip);
        return new EndpointRequest(network, addresses.given("IPv4Address").map(IpAddress::parse), addresses.given("IPv6Address").map(IpAddress::parse),
                said.given("MacAddress").or(() -> mac).map(MacAddress::parse), aliases, said.number("GwPriority").map(Math::toIntExact).orElse(0));
    }

    /** In the words of {@code --publish}. */
    private List<String> ports() {
        var words = new ArrayList<String>();
        Body bindings = host.object("PortBindings");
        for (String port : bindings.object().keySet()) {
            List<Body> places = bindings.objects(port);
            for (Body place : places.isEmpty() ? List.of(new Body(new JsonObject())) : places) {
                String address = place.text("HostIp");
                String bracketed = address.indexOf(':') < 0 ? address : "[" + address + "]";
                String outside = place.text("HostPort");
                words.add((bracketed.isEmpty() ? "" : bracketed + ":") + (outside.isEmpty() || outside.equals("0") ? bracketed.isEmpty() ? "" : ":" : outside + ":") + port);
            }
        }
        return words;
    }

    private List<String> exposed() {
        return List.copyOf(config.object("ExposedPorts").object().keySet());
    }

    /** Docker takes an equals sign for the colon, too. */
    private List<String> hosts() {
        var lines = new ArrayList<>(host.texts("ExtraHosts"));
        lines.addAll(links.of(host.texts("Links"), Network.DEFAULT, false));
        for (Map.Entry<String, JsonElement> entry : networks.object().entrySet()) {
            if (entry.getValue() instanceof JsonObject said) {
                lines.addAll(links.of(new Body(said).texts("Links"), entry.getKey(), !entry.getKey().equals(Network.DEFAULT)));
            }
        }
        lines.replaceAll(line -> line.indexOf(':') < 0 || line.indexOf('=') > 0 && line.indexOf('=') < line.indexOf(':') ? line.replaceFirst("=", ":") : line);
        return lines;
    }
}
