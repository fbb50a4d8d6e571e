package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe rename}: give a container another name. */
final class RenameCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe rename", "Give a container another name")
            .aliases("carafe container rename").operands("CONTAINER NEW_NAME", 2, 2).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String from = operands.getFirst().trim();
        String to = operands.getLast().trim();
        if (from.isEmpty() || to.isEmpty()) {
            throw Fault.invalid("rename", "\"" + from + "\"", "neither old nor new names may be empty");
        }
        call.engine().containers().find(from).rename(to);
        return 0;
    }
}
