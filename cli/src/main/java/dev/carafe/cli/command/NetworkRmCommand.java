package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.network.Network;
import java.util.List;

/** {@code carafe network rm}: remove networks. */
final class NetworkRmCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe network rm", "Remove networks").operands("NETWORK [NETWORK...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.SWITCH, 'f', "force", "Do not complain of networks that are not there")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return call.each(operands, operand -> {
            Network network;
            try {
                network = call.engine().networks().find(operand);
            } catch (Fault missing) {
                if (values.on("force") && missing.kind() == Fault.Kind.NOT_FOUND) {
                    return;
                }
                throw missing;
            }
            call.engine().networks().remove(network);
            call.console().out(operand + "\n");
        });
    }
}
