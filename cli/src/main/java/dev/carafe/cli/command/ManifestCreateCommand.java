package dev.carafe.cli.command;

import dev.carafe.base.Digest;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.ManifestEntry;
import dev.carafe.engine.ManifestLists;
import dev.carafe.transport.CopyListener;
import dev.carafe.transport.ImageSource;
import dev.carafe.transport.registry.RegistrySettings;
import java.util.List;

/** {@code carafe manifest create}: a list of manifests under a name, as podman makes it. */
final class ManifestCreateCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe manifest create", "Make a list of manifests").operands("[OPTIONS] LIST [IMAGE...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.SWITCH, "all", "Of images that are lists themselves, add all manifests"),
                    Option.of(Type.SWITCH, 'a', "amend", "Go on with the list if there is one"),
                    Option.of(Type.LIST, "annotation", "Annotation of the list: NAME=VALUE"))
            .options(RegistryFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        ManifestLists lists = call.engine().images().lists();
        RegistrySettings settings = RegistryFlags.settings(call, values);
        String name = operands.getFirst();
        Digest digest = lists.create(name, values.on("amend"), ManifestFlags.annotations(values));
        for (String image : operands.subList(1, operands.size())) {
            try (ImageSource source = ManifestFlags.source(call, image, settings)) {
                digest = lists.add(name, source, values.on("all"), ManifestEntry.PLAIN, CopyListener.NONE);
            }
        }
        call.console().out(digest.hex() + "\n");
        return 0;
    }
}
