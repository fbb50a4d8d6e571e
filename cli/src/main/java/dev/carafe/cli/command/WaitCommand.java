package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe wait}: the exit codes of containers, once they have ended. */
final class WaitCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe wait", "Wait until containers end, and print their exit codes")
            .operands("CONTAINER [CONTAINER...]", 1, CommandSpec.ANY).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return call.each(operands, operand -> call.console().out(call.engine().containers().find(operand).await() + "\n"));
    }
}
