package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe volume rm}: remove volumes. */
final class VolumeRemoveCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe volume rm", "Remove volumes, unless a container uses them")
            .aliases("carafe volume rm, carafe volume remove").operands("[OPTIONS] VOLUME [VOLUME...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.SWITCH, 'f', "force", "Take one that is not there for removed")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return call.each(operands, operand -> {
            try {
                call.engine().volumes().remove(operand);
            } catch (Fault missing) {
                if (!values.on("force") || missing.kind() != Fault.Kind.NOT_FOUND) {
                    throw missing;
                }
            }
            call.console().out(operand + "\n");
        });
    }
}
