package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.transport.registry.Registry;
import java.util.List;

/** {@code carafe registry catalog}: the repositories that a registry tells of. */
final class CatalogCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe registry catalog", "List the repositories of a registry").operands("[OPTIONS] REGISTRY", 1, 1)
            .options(RegistryFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String name = operands.getFirst().startsWith("docker://") ? operands.getFirst().substring(9) : operands.getFirst();
        try (Registry registry = Registry.open(name, RegistryFlags.settings(call, values))) {
            registry.catalog().forEach(repository -> call.console().out(repository + "\n"));
            return 0;
        }
    }
}
