package dev.carafe.cli.command;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.ManifestLists;
import java.util.List;

/** {@code carafe manifest annotate}: what a list says of a manifest, or of itself. */
final class ManifestAnnotateCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe manifest annotate", "Change what a list says of a manifest").operands("[OPTIONS] LIST DIGEST|IMAGE", 1, 2)
            .options(Option.of(Type.SWITCH, "index", "Annotate the list itself")).options(ManifestFlags.entry()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        ManifestLists lists = call.engine().images().lists();
        String name = operands.getFirst();
        if (!values.on("index") && operands.size() < 2) {
            throw Fault.invalid("manifest annotate", "\"" + name + "\"", "expected the digest of a manifest, or --index");
        }
        Digest digest = values.on("index") ? lists.annotate(name, ManifestFlags.annotations(values)) : lists.annotate(name, operands.get(1), ManifestFlags.entry(values));
        call.console().out(digest.hex() + "\n");
        return 0;
    }
}
