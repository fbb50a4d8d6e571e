package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Container;
import dev.carafe.engine.WaitCondition;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@code carafe wait}: the exit codes of containers, once they have ended. */
final class WaitCommand implements Command {
    /** Podman's, and those of docker's Engine API. */
    private static final List<String> CONDITIONS = List.of("created", "exited", "next-exit", "not-running", "paused", "removed", "running", "stopped");
    private static final CommandSpec SPEC = CommandSpec.builder("carafe wait", "Wait until containers end, and print their exit codes")
            .operands("[OPTIONS] CONTAINER [CONTAINER...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.LIST, "condition", "What to wait for (" + String.join(", ", CONDITIONS) + "); the first to come")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Set<WaitCondition> conditions = EnumSet.noneOf(WaitCondition.class);
        for (String words : values.list("condition")) {
            for (String word : words.split(",")) {
                conditions.add(WaitCondition.parse(word).orElseThrow(() -> Fault.invalid("wait", "condition \"" + word + "\"", "expected one of "
                        + String.join(", ", CONDITIONS))));
            }
        }
        return call.each(operands, operand -> {
            Container container = call.engine().containers().find(operand);
            call.console().out((conditions.isEmpty() ? container.await() : container.await(conditions)) + "\n");
        });
    }
}
