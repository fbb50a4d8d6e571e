package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Container;
import dev.carafe.kernel.Signal;
import java.util.List;
import java.util.Optional;

/** {@code carafe restart}: stop containers and start them again. */
final class RestartCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe restart", "Stop containers and start them again")
            .aliases("carafe container restart").operands("[OPTIONS] CONTAINER [CONTAINER...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.TEXT, 's', "signal", "Signal to send first"),
                    Option.of(Type.INT, 't', "timeout", "Seconds until it is killed; -1: never"),
                    Option.of(Type.INT, "timeout", "").alias("time"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Optional<Signal> signal = values.textIfGiven("signal").filter(s -> !s.isEmpty()).map(Signal::parse);
        Optional<Integer> seconds = values.given("timeout") ? Optional.of((int) values.number("timeout")) : Optional.empty();
        return call.each(operands, operand -> {
            Container container = call.engine().containers().find(operand);
            call.console().leave(container.restart(signal, seconds), container);
            call.console().out(operand + "\n");
        });
    }
}
