package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.transport.Place;
import java.util.List;

/** {@code carafe delete}: an image of a registry or a layout. */
final class DeleteCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe delete", "Delete an image in a registry, or the name of one in a layout").operands("[OPTIONS] TRANSPORT:IMAGE", 1, 1)
            .options(RegistryFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Place.parse(operands.getFirst()).delete(new Surroundings(call, RegistryFlags.settings(call, values)));
        return 0;
    }
}
