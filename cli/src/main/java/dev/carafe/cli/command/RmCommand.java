package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe rm}: remove containers. */
final class RmCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe rm", "Remove containers")
            .operands("[OPTIONS] CONTAINER [CONTAINER...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.SWITCH, 'f', "force", "Kill a running one"),
                    Option.absent(Type.SWITCH, 'l', "link", "there are no links between containers"),
                    Option.of(Type.SWITCH, 'v', "volumes", "Remove its nameless volumes as well")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        boolean force = values.on("force");
        return call.each(operands, operand -> {
            try {
                call.engine().containers().find(operand).remove(force, values.on("volumes"));
            } catch (Fault missing) {
                // As docker: with force, what is not there is as good as removed.
                if (!force || missing.kind() != Fault.Kind.NOT_FOUND) {
                    throw missing;
                }
                call.complain(missing);
                return;
            }
            call.console().out(operand + "\n");
        });
    }
}
