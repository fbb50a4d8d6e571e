package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe why-exited}: one paragraph on why a container ended. */
final class WhyExitedCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe why-exited", "Tell why containers ended").operands("CONTAINER [CONTAINER...]", 1, CommandSpec.ANY).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return call.each(operands, operand -> call.console().out(call.engine().containers().find(operand).whyExited() + "\n"));
    }
}
