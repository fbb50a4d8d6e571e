package dev.carafe.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.oci.Json;
import dev.carafe.oci.Reference;
import dev.carafe.transport.Place;
import java.util.List;

/** {@code carafe list-tags}: the tags of a repository in its registry. */
final class ListTagsCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe list-tags", "List the tags of a repository in a registry").operands("[OPTIONS] docker://REPOSITORY", 1, 1)
            .options(RegistryFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Reference reference = Place.parse(operands.getFirst()).reference();
        var tags = new JsonArray();
        RemoteInspect.tags(reference, RegistryFlags.settings(call, values)).forEach(tags::add);
        var document = new JsonObject();
        document.addProperty("Repository", reference.name());
        document.add("Tags", tags);
        call.console().out(Json.pretty(document, "    ") + "\n");
        return 0;
    }
}
