package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe container exists}, of podman: exit status 0 when there is such a container, 1 when not. */
final class ExistsCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe container exists", "Tell by the exit status whether there is such a container")
            .operands("CONTAINER", 1, 1).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        try {
            call.engine().containers().find(operands.getFirst());
            return 0;
        } catch (Fault missing) {
            if (missing.kind() == Fault.Kind.NOT_FOUND) {
                return 1;
            }
            throw missing;
        }
    }
}
