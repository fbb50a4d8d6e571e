package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Container;
import dev.carafe.network.Network;
import java.util.ArrayList;
import java.util.List;

/** {@code carafe network prune}: remove all networks that no container is on. */
final class NetworkPruneCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe network prune", "Remove all networks that no container is on").operands("[OPTIONS]", 0, 0)
            .options(Pruning.FILTER, Pruning.FORCE).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        var pruning = new Pruning(values, List.of("until", "label"));
        if (!Pruning.agreed(call, values, "This will remove all custom networks not used by at least one container.")) {
            return 0;
        }
        call.console().out(prune(call, pruning).list());
        return 0;
    }

    static Pruned prune(Call call, Pruning pruning) {
        var used = new ArrayList<String>();
        for (Container container : call.engine().containers().list()) {
            used.addAll(container.networks());
        }
        var removed = new ArrayList<String>();
        for (Network network : call.engine().networks().list()) {
            if (!network.isDefault() && !used.contains(network.name()) && pruning.fits(network.labels(), network.created())) {
                call.engine().networks().remove(network);
                removed.add(network.name());
            }
        }
        return new Pruned("Deleted Networks", removed, 0);
    }
}
