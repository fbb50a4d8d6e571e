package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.run.NetworkFlags;
import java.util.List;

/** {@code carafe network connect}: connect a container with a network, also while it runs. */
final class NetworkConnectCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe network connect", "Connect a container with a network").operands("[OPTIONS] NETWORK CONTAINER", 2, 2)
            .options(Option.of(Type.LIST, "alias", "What its neighbours on the network may call it as well"),
                    Option.of(Type.INT, "gw-priority", "Of the networks that lead outside, the highest one has the default route at the next start"),
                    Option.of(Type.TEXT, "ip", "Its IPv4 address"),
                    Option.of(Type.TEXT, "ip6", "Its IPv6 address"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        call.engine().containers().find(operands.get(1)).connect(NetworkFlags.request(operands.get(0), values));
        return 0;
    }
}
