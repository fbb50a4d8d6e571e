package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe network disconnect}: disconnect a container from a network, also while it runs. */
final class NetworkDisconnectCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe network disconnect", "Disconnect a container from a network").operands("[OPTIONS] NETWORK CONTAINER", 2, 2)
            .options(Option.of(Type.SWITCH, 'f', "force", "Do not complain when it is not on it")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        call.engine().containers().find(operands.get(1)).disconnect(operands.get(0), values.on("force"));
        return 0;
    }
}
