package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.kernel.Signal;
import java.util.List;

/** {@code carafe kill}: send a signal. */
final class KillCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe kill", "Send a signal to containers")
            .operands("[OPTIONS] CONTAINER [CONTAINER...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.TEXT, 's', "signal", "Signal to send").initially("KILL")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Signal signal = Signal.parse(values.text("signal"));
        return call.each(operands, operand -> {
            call.engine().containers().find(operand).kill(signal);
            call.console().out(operand + "\n");
        });
    }
}
