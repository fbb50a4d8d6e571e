package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe pause}: make the processes of containers stand still. */
final class PauseCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe pause", "Make the processes of containers stand still")
            .aliases("carafe container pause").operands("CONTAINER [CONTAINER...]", 1, CommandSpec.ANY).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return call.each(operands, operand -> {
            call.engine().containers().find(operand).pause();
            call.console().out(operand + "\n");
        });
    }
}
