package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe untag}: take names from an image, which stays. */
final class UntagCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe untag", "Take names from an image, which stays").operands("IMAGE [NAME...]", 1, CommandSpec.ANY).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        call.engine().images().untag(operands.getFirst(), operands.subList(1, operands.size()));
        return 0;
    }
}
