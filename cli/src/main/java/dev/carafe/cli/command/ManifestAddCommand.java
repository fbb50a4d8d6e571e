package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.ManifestLists;
import dev.carafe.transport.CopyListener;
import dev.carafe.transport.ImageSource;
import dev.carafe.transport.registry.RegistrySettings;
import java.util.List;

/** {@code carafe manifest add}: one more image in a list of manifests. */
final class ManifestAddCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe manifest add", "Add an image to a list of manifests").operands("[OPTIONS] LIST IMAGE [IMAGE...]", 2, CommandSpec.ANY)
            .options(Option.of(Type.SWITCH, "all", "Of an image that is a list itself, add all manifests")).options(ManifestFlags.entry()).options(RegistryFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        ManifestLists lists = call.engine().images().lists();
        RegistrySettings settings = RegistryFlags.settings(call, values);
        String name = operands.getFirst();
        for (String image : operands.subList(1, operands.size())) {
            lists.find(name);
            try (ImageSource source = ManifestFlags.source(call, image, settings)) {
                lists.add(name, source, values.on("all"), ManifestFlags.entry(values), CopyListener.NONE);
            }
        }
        call.console().out(lists.find(name).target().digest().hex() + "\n");
        return 0;
    }
}
