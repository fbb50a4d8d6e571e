package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe unpause}: let the processes of paused containers go on. */
final class UnpauseCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe unpause", "Let the processes of paused containers go on")
            .aliases("carafe container unpause").operands("CONTAINER [CONTAINER...]", 1, CommandSpec.ANY).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return call.each(operands, operand -> {
            call.engine().containers().find(operand).unpause();
            call.console().out(operand + "\n");
        });
    }
}
