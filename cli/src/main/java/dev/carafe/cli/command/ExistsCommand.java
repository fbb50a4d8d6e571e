package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;
import java.util.Locale;

/** {@code carafe container exists}, {@code carafe volume exists} and {@code carafe secret exists}, of podman: exit status 0 when there is such a thing, 1 when not. */
final class ExistsCommand implements Command {
    private final String kind;

    ExistsCommand(String kind) {
        this.kind = kind;
    }

    @Override
    public CommandSpec spec() {
        return CommandSpec.builder("carafe " + kind + " exists", "Tell by the exit status whether there is such a " + kind).operands(kind.toUpperCase(Locale.ROOT), 1, 1)
                .build();
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        try {
            switch (kind) {
                case "volume" -> call.engine().volumes().find(operands.getFirst());
                case "secret" -> call.engine().secrets().find(operands.getFirst());
                default -> call.engine().containers().find(operands.getFirst());
            }
            return 0;
        } catch (Fault missing) {
            if (missing.kind() == Fault.Kind.NOT_FOUND) {
                return 1;
            }
            throw missing;
        }
    }
}
