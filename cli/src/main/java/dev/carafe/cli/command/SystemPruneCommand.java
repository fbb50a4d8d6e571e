package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import java.util.ArrayList;
import java.util.List;

/** {@code carafe system prune}: remove containers that do not run, then the networks, volumes and images that nobody needs any more. */
final class SystemPruneCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe system prune", "Remove what is not used").operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.SWITCH, 'a', "all", "Remove all images that no container uses, not only those without names"),
                    Option.of(Type.SWITCH, "volumes", "Remove volumes without a name as well"), Pruning.FILTER, Pruning.FORCE)
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        boolean volumes = values.on("volumes");
        var pruning = new Pruning(values, List.of("until", "label", "label!"));
        if (volumes && pruning.has("until")) {
            throw Fault.invalid("prune", "filter \"until\"", "volumes have no such filter").hint("leave out --volumes, or the filter");
        }
        if (!Pruning.agreed(call, values, warning(values))) {
            return 0;
        }
        // Each step frees what only the ones before held.
        var pruned = new ArrayList<Pruned>();
        pruned.add(ContainerPruneCommand.prune(call, pruning));
        pruned.add(NetworkPruneCommand.prune(call, pruning));
        if (volumes) {
            pruned.add(VolumePruneCommand.prune(call, pruning, false));
        }
        pruned.add(ImagePruneCommand.prune(call, pruning, values.on("all")));
        long bytes = 0;
        for (Pruned part : pruned) {
            call.console().out(part.list());
            bytes += part.bytes();
        }
        call.console().out(Pruned.total(bytes));
        return 0;
    }

    private static String warning(Values values) {
        var text = new StringBuilder("This will remove:\n  - all stopped containers\n  - all networks not used by at least one container\n");
        if (values.on("volumes")) {
            text.append("  - all anonymous volumes not used by at least one container\n");
        }
        text.append(values.on("all") ? "  - all images without at least one container associated to them\n" : "  - all dangling images\n");
        List<String> filters = values.list("filter");
        if (!filters.isEmpty()) {
            text.append("\n  Items to be pruned will be filtered with:\n");
            filters.forEach(filter -> text.append("  - ").append(filter).append('\n'));
        }
        return text.toString();
    }
}
