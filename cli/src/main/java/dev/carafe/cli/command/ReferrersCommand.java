package dev.carafe.cli.command;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.Reference;
import dev.carafe.transport.Place;
import dev.carafe.transport.registry.Repository;
import dev.carafe.transport.registry.Sources;
import java.util.List;

/** {@code carafe registry referrers}: what names an image of a registry as its subject. */
final class ReferrersCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe registry referrers", "List what refers to an image in a registry").operands("[OPTIONS] docker://NAME", 1, 1)
            .options(Option.of(Type.TEXT, "artifact-type", "Only artifacts of this type"), Option.of(Type.SWITCH, 'q', "quiet", "Print digests only"))
            .options(RegistryFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String name = operands.getFirst();
        Reference reference = Place.parse(Place.is(name) ? name : "docker://" + name).reference();
        Repository repository = Sources.toPush(reference, RegistryFlags.settings(call, values));
        try {
            Digest subject = reference.digest().orElseGet(() -> repository.head(reference.tag().orElse(Reference.DEFAULT_TAG)).map(Descriptor::digest)
                    .orElseThrow(() -> Fault.notFound("list referrers of", "\"" + reference + "\"", "not found in the registry")));
            List<Descriptor> found = repository.referrers(subject, values.textIfGiven("artifact-type"));
            if (values.on("quiet")) {
                found.forEach(each -> call.console().out(each.digest() + "\n"));
            } else {
                call.console().out(Json.pretty(Index.of(found).json(), "    ") + "\n");
            }
            return 0;
        } finally {
            repository.registry().close();
        }
    }
}
