package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.list.Filters;
import dev.carafe.cli.list.View;
import dev.carafe.cli.list.VolumeList;
import dev.carafe.engine.Volume;
import dev.carafe.engine.Volumes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code carafe volume ls}: list volumes. */
final class VolumeListCommand implements Command {
    private static final List<String> FILTERS = List.of("dangling", "driver", "label", "name");
    private static final CommandSpec SPEC = CommandSpec.builder("carafe volume ls", "List volumes").aliases("carafe volume ls, carafe volume list")
            .operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.FILTER, 'f', "filter", "Show those that fit (dangling, driver, label, name)"),
                    Option.of(Type.TEXT, "format", "Print by this Go template, or table, or json"),
                    Option.of(Type.SWITCH, 'q', "quiet", "Print only names"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Filters filters = Filters.parse(values.list("filter"), FILTERS);
        Volumes volumes = call.engine().volumes();
        Optional<Boolean> dangling = filters.truth("dangling");
        Map<String, List<String>> users = dangling.isPresent() ? volumes.users() : Map.of();
        var rows = new ArrayList<Volume>();
        for (Volume volume : volumes.list()) {
            boolean fits = (dangling.isEmpty() || dangling.get() != users.containsKey(volume.name()))
                    && (filters.of("driver").isEmpty() || filters.of("driver").contains("local"))
                    && (filters.of("name").isEmpty() || filters.of("name").stream().anyMatch(volume.name()::contains))
                    && filters.of("label").stream().allMatch(label -> labelled(volume, label));
            if (fits) {
                rows.add(volume);
            }
        }
        call.console().out(VolumeList.print(rows, new View(values.text("format"), values.on("quiet"), true, false)));
        return 0;
    }

    private static boolean labelled(Volume volume, String label) {
        int equals = label.indexOf('=');
        String value = volume.labels().get(equals < 0 ? label : label.substring(0, equals));
        return value != null && (equals < 0 || value.equals(label.substring(equals + 1)));
    }
}
