package dev.carafe.cli.command;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.oci.Reference;
import dev.carafe.transport.Place;
import dev.carafe.transport.registry.Repository;
import dev.carafe.transport.registry.Sources;
import java.util.List;

/** {@code carafe registry delete-blob}: one blob of a repository, whoever needs it. */
final class DeleteBlobCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe registry delete-blob", "Delete a blob in a registry").operands("[OPTIONS] docker://REPOSITORY@DIGEST", 1, 1)
            .options(RegistryFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String name = operands.getFirst();
        Reference reference = Place.parse(Place.is(name) ? name : "docker://" + name).reference();
        Digest digest = reference.digest().orElseThrow(() -> Fault.invalid("delete blob", "\"" + reference + "\"", "expected REPOSITORY@DIGEST"));
        Repository repository = Sources.toPush(reference, RegistryFlags.settings(call, values));
        try {
            if (!repository.deleteBlob(digest)) {
                throw Fault.notFound("delete blob", "\"" + reference + "\"", "not found in the registry");
            }
            return 0;
        } finally {
            repository.registry().close();
        }
    }
}
