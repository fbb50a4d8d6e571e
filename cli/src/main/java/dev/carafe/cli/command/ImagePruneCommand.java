package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Numbers;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Images;
import dev.carafe.oci.ImageConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** {@code carafe image prune}: remove images without names, or all that no container uses. */
final class ImagePruneCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe image prune", "Remove images that are not needed").operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.SWITCH, 'a', "all", "Remove all that no container uses, not only those without names"),
                    Option.of(Type.BYTES, "keep-storage", "Remove those that no container uses, the oldest first, until images take no more than this"), Pruning.FILTER, Pruning.FORCE).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        var pruning = new Pruning(values, List.of("until", "label", "label!", "dangling"));
        if (!Pruning.agreed(call, values, values.on("all") ? "This will remove all images without at least one container associated to them." : "This will remove all dangling images.")) {
            return 0;
        }
        call.console().out((values.given("keep-storage") ? shrink(call, Numbers.parseBytes(values.text("keep-storage"))) : prune(call, pruning, values.on("all"))).report());
        return 0;
    }

    /** @param all those with names, too */
    static Pruned prune(Call call, Pruning pruning, boolean all) {
        Images images = call.engine().images();
        List<Images.Removal> removals = images.prune(all, image -> {
            ImageConfig config = images.listed(image);
            return pruning.fits(config.config().labels(), config.created().orElse(Instant.EPOCH));
        }, call.engine().containers().users());
        return pruned(call, removals);
    }

    private static Pruned shrink(Call call, long budget) {
        Images images = call.engine().images();
        long swept = images.sweep();
        Pruned pruned = pruned(call, images.shrink(budget, call.engine().containers().users()));
        return new Pruned(pruned.title(), pruned.names(), pruned.bytes() + swept);
    }

    /** What removals took away, and then what nobody needs. */
    private static Pruned pruned(Call call, List<Images.Removal> removals) {
        var lines = new ArrayList<String>();
        long bytes = 0;
        for (Images.Removal removal : removals) {
            removal.untagged().forEach(name -> lines.add("untagged: " + name));
            removal.deleted().forEach(digest -> lines.add("deleted: " + digest));
            bytes += removal.bytes();
        }
        return new Pruned("Deleted Images", lines, bytes + call.engine().images().sweep());
    }
}
