package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe image exists}, of podman: exit status 0 when there is such an image here, 1 when not. */
final class ImageExistsCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe image exists", "Tell by the exit status whether there is such an image").operands("IMAGE", 1, 1).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return call.engine().images().exists(operands.getFirst()) ? 0 : 1;
    }
}
