package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Container;
import java.util.ArrayList;
import java.util.List;

/** {@code carafe container prune}: remove all containers that do not run. */
final class ContainerPruneCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe container prune", "Remove all containers that do not run")
            .operands("[OPTIONS]", 0, 0).options(Pruning.FILTER, Pruning.FORCE).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        var pruning = new Pruning(values, List.of("until", "label"));
        if (!Pruning.agreed(call, values, "This will remove all stopped containers.")) {
            return 0;
        }
        call.console().out(prune(call, pruning).report());
        return 0;
    }

    static Pruned prune(Call call, Pruning pruning) {
        var removed = new ArrayList<String>();
        long bytes = 0;
        for (Container container : call.engine().containers().list()) {
            if (!container.status().running() && pruning.fits(container.record().labels(), container.record().created())) {
                long size = container.bytesWritten();
                try {
                    container.remove(false);
                } catch (Fault started) {
                    // Somebody started it meanwhile, so it is none of those that were meant.
                    if (started.kind() != Fault.Kind.CONFLICT) {
                        throw started;
                    }
                    continue;
                }
                bytes += size;
                removed.add(container.id());
            }
        }
        return new Pruned("Deleted Containers", removed, bytes);
    }
}
