package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Secret;
import java.util.List;

/** {@code carafe secret rm}: remove secrets; containers that have them keep their copies. */
final class SecretRemoveCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe secret rm", "Remove secrets; containers that have them keep their copies")
            .aliases("carafe secret rm, carafe secret remove").operands("[OPTIONS] SECRET [SECRET...]", 0, CommandSpec.ANY)
            .options(Option.of(Type.SWITCH, 'a', "all", "Remove all"), Option.of(Type.SWITCH, 'i', "ignore", "Take one that is not there for removed")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        if (values.on("all") != operands.isEmpty()) {
            throw Fault.invalid("remove secret", "", operands.isEmpty() ? "expected a name, or --all" : "--all takes no names");
        }
        List<String> wanted = values.on("all") ? call.engine().secrets().list().stream().map(Secret::id).toList() : operands;
        return call.each(wanted, operand -> {
            try {
                call.console().out(call.engine().secrets().remove(operand) + "\n");
            } catch (Fault missing) {
                if (!values.on("ignore") || missing.kind() != Fault.Kind.NOT_FOUND) {
                    throw missing;
                }
            }
        });
    }
}
