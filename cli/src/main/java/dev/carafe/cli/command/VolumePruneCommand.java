package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Volume;
import dev.carafe.engine.Volumes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code carafe volume prune}: remove volumes that no container uses; without {@code --all}, only those that nobody gave a name. */
final class VolumePruneCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe volume prune", "Remove volumes that no container uses")
            .operands("[OPTIONS]", 0, 0).options(Option.of(Type.SWITCH, 'a', "all", "Remove those with a name as well"), Pruning.FILTER, Pruning.FORCE).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        var pruning = new Pruning(values, List.of("label", "all"));
        boolean all = values.on("all") || pruning.on("all");
        if (!Pruning.agreed(call, values, "This will remove " + (all ? "all" : "anonymous") + " local volumes not used by at least one container.")) {
            return 0;
        }
        call.console().out(prune(call, pruning, all).report());
        return 0;
    }

    /** @param all those with names, too */
    static Pruned prune(Call call, Pruning pruning, boolean all) {
        Volumes volumes = call.engine().volumes();
        Map<String, List<String>> users = volumes.users();
        var removed = new ArrayList<String>();
        long bytes = 0;
        for (Volume volume : volumes.list()) {
            boolean meant = (all || volume.isAnonymous()) && !users.containsKey(volume.name()) && pruning.fits(volume.labels(), volume.created());
            long size = meant ? volumes.size(volume) : 0;
            if (meant && volumes.removeUnused(volume.name())) {
                bytes += size;
                removed.add(volume.name());
            }
        }
        return new Pruned("Deleted Volumes", removed, bytes);
    }
}
