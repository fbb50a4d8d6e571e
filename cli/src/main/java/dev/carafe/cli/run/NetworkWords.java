package dev.carafe.cli.run;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.NamespaceMode;
import dev.carafe.engine.NetworkOptions;
import dev.carafe.network.EndpointRequest;
import dev.carafe.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The words of {@code --network} and of the options about the one network: docker's short form, a name, and its long form, {@code name=blue,ip=10.0.0.5,alias=db}. */
final class NetworkWords {
    private NetworkWords() {
    }

    static NetworkOptions read(NetworkOptions network, Values values) {
        List<String> words = values.list("network");
        if (words.size() <= 1 && (words.isEmpty() || words.getFirst().indexOf('=') < 0) && !details(values)) {
            return words.isEmpty() ? network : network.mode(mode(words.getFirst()));
        }
        var requests = new ArrayList<EndpointRequest>();
        for (String word : words.isEmpty() ? List.of(Network.DEFAULT) : words) {
            EndpointRequest request = request(word);
            NamespaceMode mode = mode(request.network());
            if (!(mode instanceof NamespaceMode.Named || mode instanceof NamespaceMode.Usual)) {
                if (words.size() > 1) {
                    throw Fault.invalid("conflicting options", "", "cannot attach both user-defined and non-user-defined network-modes");
                }
                throw Fault.invalid("conflicting options", "", "--ip, --ip6, --mac-address and --network-alias need a network of the container's own");
            }
            String name = mode instanceof NamespaceMode.Usual ? Network.DEFAULT : request.network();
            if (requests.stream().anyMatch(other -> other.network().equals(name))) {
                throw Fault.invalid("network", "\"" + name + "\"", "it is specified multiple times");
            }
            requests.add(new EndpointRequest(name, request.four(), request.six(), request.mac(), request.aliases(), request.priority()));
        }
        if (details(values)) {
            requests.set(0, merged(requests.getFirst(), values));
        }
        return network.mode(new NamespaceMode.Named(requests.getFirst().network())).endpoints(requests);
    }

    private static boolean details(Values values) {
        return values.given("ip") || values.given("ip6") || values.given("mac-address") || values.given("network-alias");
    }

    private static EndpointRequest merged(EndpointRequest request, Values values) {
        var aliases = new ArrayList<>(request.aliases());
        aliases.addAll(values.list("network-alias"));
        return new EndpointRequest(request.network(), RunFlags.has(values, "ip") ? Optional.of(four(values.text("ip"))) : request.four(),
                RunFlags.has(values, "ip6") ? Optional.of(six(values.text("ip6"))) : request.six(),
                RunFlags.has(values, "mac-address") ? Optional.of(MacAddress.parse(values.text("mac-address"))) : request.mac(), aliases, request.priority());
    }

    static IpAddress four(String text) {
        return version(text, false);
    }

    static IpAddress six(String text) {
        return version(text, true);
    }

    private static IpAddress version(String text, boolean six) {
        IpAddress address = IpAddress.parse(text);
        if (address.six() != six) {
            throw Fault.invalid("invalid IPv" + (six ? "6" : "4") + " address", "\"" + text + "\"", "it is one of the other version");
        }
        return address;
    }

    private static EndpointRequest request(String word) {
        if (word.indexOf('=') < 0) {
            return EndpointRequest.of(word);
        }
        String name = "";
        Optional<IpAddress> four = Optional.empty();
        Optional<IpAddress> six = Optional.empty();
        Optional<MacAddress> mac = Optional.empty();
        int priority = 0;
        var aliases = new ArrayList<String>();
        for (String part : word.split(",")) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals).trim();
            String value = equals < 0 ? "" : part.substring(equals + 1).trim();
            if (value.isEmpty()) {
                throw Fault.invalid("invalid field", "\"" + part + "\"", "must be a key=value pair");
            }
            switch (key) {
                case "name" -> name = value;
                case "ip" -> four = Optional.of(four(value));
                case "ip6" -> six = Optional.of(six(value));
                case "mac-address" -> mac = Optional.of(MacAddress.parse(value));
                case "alias" -> aliases.add(value);
                case "gw-priority" -> priority = number(value);
                default -> throw Fault.invalid("invalid field", "\"" + key + "\"", "the fields are name, alias, ip, ip6, mac-address and gw-priority");
            }
        }
        if (name.isEmpty()) {
            throw Fault.invalid("--network", "\"" + word + "\"", "no name set for network");
        }
        return new EndpointRequest(name, four, six, mac, aliases, priority);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Fault.invalid("invalid gw-priority", "\"" + text + "\"", "expected a number").cause(e);
        }
    }

    private static NamespaceMode mode(String text) {
        if (text.isEmpty()) {
            throw Fault.invalid("--network", "", "no name set for network");
        }
        if (text.equals("container:")) {
            throw Fault.invalid("--network", "", "invalid container format container:<name|id>");
        }
        if (text.startsWith("ns:")) {
            return new NamespaceMode.At(RunFlags.absolute(text.substring(3)));
        }
        return switch (text) {
            case "private", "shareable" -> new NamespaceMode.Named(text);
            default -> NamespaceMode.parse(text).orElse(new NamespaceMode.Named(text));
        };
    }
}
