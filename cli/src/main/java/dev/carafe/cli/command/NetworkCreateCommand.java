package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.Subnet;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.network.Network;
import dev.carafe.network.NetworkDefinition;
import dev.carafe.network.Pool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code carafe network create}: make a network. */
final class NetworkCreateCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe network create", "Make a network").operands("[OPTIONS] NETWORK", 1, 1)
            .options(Option.of(Type.LIST, "aux-address", "Addresses that others on the network have (name=address)").placeholder("map"),
                    Option.of(Type.TEXT, 'd', "driver", "What it is made of: bridge or macvlan").initially(Network.BRIDGE),
                    Option.of(Type.LIST, "gateway", "The host's address on it"),
                    Option.of(Type.SWITCH, "internal", "Let it lead nowhere but to its containers and the host"),
                    Option.of(Type.LIST, "ip-range", "Choose addresses from this part of the subnet"),
                    Option.of(Type.SWITCH, "ipv6", "Give its containers IPv6 addresses as well"),
                    Option.of(Type.LIST, "label", "Set a label (name=value)"),
                    Option.of(Type.LIST, 'o', "opt", "Set an option of the driver (name=value)").placeholder("map"),
                    Option.of(Type.LIST, "subnet", "The block of its addresses (172.20.0.0/16)"))
            .build();
    private static final List<String> OPTIONS = List.of("com.docker.network.bridge.name", "com.docker.network.bridge.enable_icc",
            "com.docker.network.bridge.enable_ip_masquerade", "com.docker.network.bridge.host_binding_ipv4", "com.docker.network.driver.mtu", "parent");

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        var definition = new NetworkDefinition(operands.getFirst(), values.text("driver"), values.on("internal"), values.on("ipv6"), pools(values),
                options(values.list("opt")), map(values.list("label")));
        call.console().out(call.engine().networks().create(definition).id() + "\n");
        return 0;
    }

    /** Each gateway, range and reserved address goes to the subnet that it is in. */
    private static List<Pool> pools(Values values) {
        var subnets = new ArrayList<Subnet>();
        for (String text : values.list("subnet")) {
            Subnet subnet = Subnet.parse(text);
            for (Subnet other : subnets) {
                if (other.six() == subnet.six()) {
                    throw Fault.invalid("create network", "subnet " + text, "a network has one subnet of each IP version");
                }
            }
            subnets.add(subnet);
        }
        var used = new ArrayList<String>();
        var pools = new ArrayList<Pool>();
        for (Subnet subnet : subnets) {
            Optional<IpAddress> gateway = Optional.of(subnet.first().plus(1));
            for (String text : values.list("gateway")) {
                if (subnet.contains(IpAddress.parse(text))) {
                    gateway = Optional.of(IpAddress.parse(text));
                    used.add(text);
                }
            }
            Optional<Subnet> range = Optional.empty();
            for (String text : values.list("ip-range")) {
                if (subnet.contains(Subnet.parse(text))) {
                    range = Optional.of(Subnet.parse(text));
                    used.add(text);
                }
            }
            var reserved = new LinkedHashMap<String, IpAddress>();
            for (Map.Entry<String, String> entry : map(values.list("aux-address")).entrySet()) {
                if (subnet.contains(IpAddress.parse(entry.getValue()))) {
                    reserved.put(entry.getKey(), IpAddress.parse(entry.getValue()));
                    used.add(entry.getKey() + "=" + entry.getValue());
                }
            }
            pools.add(new Pool(subnet, gateway, range, reserved));
        }
        for (String option : List.of("gateway", "ip-range", "aux-address")) {
            for (String text : values.list(option)) {
                if (!used.contains(text)) {
                    throw Fault.invalid("create network", option + " " + text, "no matching subnet").hint("say which by --subnet");
                }
            }
        }
        return pools;
    }

    private static Map<String, String> options(List<String> words) {
        var options = new LinkedHashMap<String, String>();
        for (Map.Entry<String, String> entry : map(words).entrySet()) {
            String name = switch (entry.getKey()) {
                case "mtu" -> "com.docker.network.driver.mtu";
                default -> entry.getKey();
            };
            if (!OPTIONS.contains(name)) {
                throw Fault.of(Fault.Kind.UNSUPPORTED, "create network", "option \"" + entry.getKey() + "\"", "this engine has no such option")
                        .hint("the options are " + String.join(", ", OPTIONS));
            }
            check(name, entry.getValue());
            options.put(name, entry.getValue());
        }
        return options;
    }

    private static void check(String name, String value) {
        boolean good = switch (name) {
            case "com.docker.network.bridge.name", "parent" -> !value.isEmpty() && value.length() < 16 && value.indexOf('/') < 0 && value.indexOf(' ') < 0;
            case "com.docker.network.bridge.host_binding_ipv4" -> IpAddress.tryParse(value).filter(address -> !address.six()).isPresent();
            case "com.docker.network.driver.mtu" -> value.matches("[0-9]{1,5}") && (Integer.parseInt(value) == 0 || Integer.parseInt(value) >= 68 && Integer.parseInt(value) <= 65535);
            default -> value.equals("true") || value.equals("false");
        };
        if (!good) {
            throw Fault.invalid("create network", "option \"" + name + "=" + value + "\"", "not a value that it can have");
        }
    }

    private static Map<String, String> map(List<String> words) {
        var map = new LinkedHashMap<String, String>();
        for (String word : words) {
            int equals = word.indexOf('=');
            map.put(equals < 0 ? word : word.substring(0, equals), equals < 0 ? "" : word.substring(equals + 1));
        }
        return map;
    }
}
