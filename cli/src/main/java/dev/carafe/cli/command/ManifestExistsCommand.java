package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe manifest exists}: exit status 0 when there is such a list here, 1 when not. */
final class ManifestExistsCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe manifest exists", "Tell by the exit status whether there is such a list of manifests").operands("LIST", 1, 1).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return call.engine().images().lists().exists(operands.getFirst()) ? 0 : 1;
    }
}
