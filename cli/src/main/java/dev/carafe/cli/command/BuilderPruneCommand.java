package dev.carafe.cli.command;

import dev.carafe.base.ByteSize;
import dev.carafe.base.Durations;
import dev.carafe.base.Fault;
import dev.carafe.build.BuildCache;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code carafe builder prune}: remove what the cache of builds keeps. */
final class BuilderPruneCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe builder prune", "Remove what the cache of builds keeps").operands("", 0, 0)
            .options(Option.of(Type.SWITCH, 'a', "all", "Also remove the directories of cache mounts"),
                    Option.of(Type.LIST, "filter", "Remove only what fits, such as \"until=24h\""),
                    Pruning.FORCE,
                    Option.of(Type.BYTES, "keep-storage", "Keep so many bytes of what was used last"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        if (!Pruning.agreed(call, values, values.on("all") ? "This will remove all steps and cache mounts that builds keep." : "This will remove all steps that builds keep.")) {
            return 1;
        }
        Duration unused = Duration.ZERO;
        for (String filter : values.list("filter")) {
            int equals = filter.indexOf('=');
            String name = equals < 0 ? filter : filter.substring(0, equals);
            if (!name.equals("until") && !name.equals("unused-for")) {
                throw Fault.invalid("builder prune", "filter \"" + filter + "\"", "it is not known").hint("until=DURATION is");
            }
            unused = Durations.parse(filter.substring(equals + 1));
        }
        Optional<Long> keep = values.given("keep-storage") ? Optional.of(ByteSize.parse(values.text("keep-storage")).bytes()) : Optional.empty();
        BuildCache.Pruned pruned = BuildCache.of(call.engine()).prune(unused, keep, values.on("all"));
        call.console().out(new Pruned("Deleted build cache objects", pruned.keys(), pruned.bytes()).report());
        return 0;
    }
}
