package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe tag}: another name for an image. */
final class TagCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe tag", "Give an image another name")
            .operands("SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]", 2, 2).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        call.engine().images().tag(operands.getFirst(), operands.get(1));
        return 0;
    }
}
