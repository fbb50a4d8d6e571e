package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.list.Filters;
import dev.carafe.cli.list.Headings;
import dev.carafe.cli.list.Listed;
import dev.carafe.cli.list.Listing;

import dev.carafe.cli.template.Value;
import dev.carafe.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code carafe network ls}: list networks. */
final class NetworkLsCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe network ls", "List networks").operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.FILTER, 'f', "filter", "Show those that fit (driver, id, label, name, type)"),
                    Option.of(Type.TEXT, "format", "Print by this Go template, or table, or json"),
                    Option.of(Type.SWITCH, "no-trunc", "Cut nothing short"),
                    Option.of(Type.SWITCH, 'q', "quiet", "Print only ids"))
            .build();
    private static final Headings HEADINGS = new Headings("network", List.of("CreatedAt", "Driver", "ID", "IPv6", "Internal", "Labels", "Name", "Scope"),
            List.of("CREATED AT", "DRIVER", "NETWORK ID", "IPV6", "INTERNAL", "LABELS", "NAME", "SCOPE"));

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Filters filters = Filters.parse(values.list("filter"), List.of("driver", "id", "label", "name", "type"));
        call.engine().networks().usual();
        var rows = new ArrayList<Line>();
        for (Network network : call.engine().networks().list()) {
            if (fits(network, filters)) {
                rows.add(new Line(network, values.on("no-trunc")));
            }
        }
        call.console().out(Listing.print(values.on("quiet") ? "{{.ID}}" : values.text("format"), "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}", HEADINGS, rows));
        return 0;
    }

    static boolean fits(Network network, Filters filters) {
        return any(filters.of("driver"), network.driver()::equals) && any(filters.of("id"), network.id()::startsWith) && any(filters.of("name"), network.name()::contains)
                && any(filters.of("type"), type -> type.equals(network.isDefault() ? "builtin" : "custom"))
                && filters.of("label").stream().allMatch(label -> labelled(network, label));
    }

    private static boolean any(List<String> wanted, java.util.function.Predicate<String> test) {
        return wanted.isEmpty() || wanted.stream().anyMatch(test);
    }

    private static boolean labelled(Network network, String label) {
        int equals = label.indexOf('=');
        String value = network.labels().get(equals < 0 ? label : label.substring(0, equals));
        return value != null && (equals < 0 || value.equals(label.substring(equals + 1)));
    }

    private record Line(Network network, boolean whole) implements Listed {
        @Override
        public Headings headings() {
            return HEADINGS;
        }

        @Override
        public Optional<Value> ask(String method, String argument) {
            return Listed.label(network.labels(), method, argument);
        }

        @Override
        public String text(String column) {
            return switch (column) {
                case "CreatedAt" -> network.created().toString();
                case "Driver" -> network.driver();
                case "ID" -> whole ? network.id() : network.id().substring(0, 12);
                case "IPv6" -> Boolean.toString(network.six());
                case "Internal" -> Boolean.toString(network.internal());
                case "Labels" -> Listed.labels(network.labels());
                case "Name" -> network.name();
                case "Scope" -> "local";
                default -> throw new IllegalArgumentException(column);
            };
        }
    }
}
