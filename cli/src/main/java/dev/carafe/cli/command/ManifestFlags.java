package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.ManifestEntry;
import dev.carafe.oci.Reference;
import dev.carafe.transport.ImageSource;
import dev.carafe.transport.Place;
import dev.carafe.transport.registry.RegistrySettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the commands about lists of manifests have in common. */
final class ManifestFlags {
    private ManifestFlags() {
    }

    /** What a list says of a manifest. */
    static Option[] entry() {
        return new Option[] {Option.of(Type.TEXT, "os", "Operating system that the manifest is for"), Option.of(Type.TEXT, "arch", "Processor that the manifest is for"),
            Option.of(Type.TEXT, "variant", "Variant of the processor that the manifest is for"), Option.of(Type.TEXT, "os-version", "Version of the operating system"),
            Option.of(Type.LIST, "os-features", "What the operating system must have"), Option.of(Type.LIST, "annotation", "Annotation of the manifest in the list: NAME=VALUE"),
            Option.absent(Type.LIST, Option.NO_LETTER, "features", "the image-spec has no such property of a platform")};
    }

    static ManifestEntry entry(Values values) {
        return new ManifestEntry(values.textIfGiven("os"), values.textIfGiven("arch"), values.textIfGiven("variant"), values.textIfGiven("os-version"), features(values), annotations(values));
    }

    private static List<String> features(Values values) {
        return values.list("os-features").stream().flatMap(each -> List.of(each.split(",")).stream()).filter(each -> !each.isEmpty()).toList();
    }

    static Map<String, String> annotations(Values values) {
        var all = new LinkedHashMap<String, String>();
        for (String text : values.list("annotation")) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw Fault.invalid("read option", "--annotation \"" + text + "\"", "expected NAME=VALUE");
            }
            all.put(text.substring(0, equals), text.substring(equals + 1));
        }
        return all;
    }

    /** An image by a transport, by its name here, or else by its name in a registry. */
    static ImageSource source(Call call, String name, RegistrySettings settings) {
        var around = new Surroundings(call, settings);
        if (Place.is(name)) {
            return Place.parse(name).source(around);
        }
        if (call.engine().images().exists(name)) {
            return around.stored(name);
        }
        if (Reference.parse(name).shortName()) {
            throw Fault.notFound("find image", "\"" + name + "\"", "no such image, and the name tells no registry").hint("name one, as in docker://" + Reference.parse(name).name());
        }
        return Place.parse("docker://" + name).source(around);
    }
}
