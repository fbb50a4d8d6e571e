package dev.carafe.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.Json;
import dev.carafe.transport.ImageSource;
import java.util.List;

/** {@code carafe manifest inspect}: a list or a manifest, from here or from a registry. */
final class ManifestInspectCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe manifest inspect", "Print a list of manifests, or a manifest").operands("[OPTIONS] NAME", 1, 1)
            .options(Option.of(Type.SWITCH, 'v', "verbose", "Print each manifest of a list with where it is")).options(RegistryFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String name = operands.getFirst();
        try (ImageSource source = ManifestFlags.source(call, name, RegistryFlags.settings(call, values))) {
            Document top = source.top();
            if (!values.on("verbose")) {
                call.console().out(Json.pretty(Json.parseObject("manifest", top.bytes()), "    ") + "\n");
            } else if (!top.isIndex()) {
                call.console().out(Json.pretty(described(name, top.descriptor(), top), "    ") + "\n");
            } else {
                var all = new JsonArray();
                top.index().manifests().forEach(each -> all.add(described(name, each, source.document(each))));
                call.console().out(Json.pretty(all, "    ") + "\n");
            }
            return 0;
        }
    }

    /** In the words of docker's {@code manifest inspect -v}. */
    private static JsonObject described(String name, Descriptor descriptor, Document document) {
        var object = new JsonObject();
        object.addProperty("Ref", name);
        object.add("Descriptor", descriptor.json());
        object.add(document.isIndex() ? "Index" : "OCIManifest", Json.parseObject("manifest", document.bytes()));
        return object;
    }
}
