package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.oci.Platform;
import dev.carafe.oci.Reference;
import dev.carafe.transport.Copy;
import dev.carafe.transport.CopyListener;
import dev.carafe.transport.ImageSource;
import dev.carafe.transport.ImageTarget;
import dev.carafe.transport.Place;
import dev.carafe.transport.registry.RegistrySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code carafe sync}: every tag of a repository, or every image below a directory, to a registry or a directory; as skopeo does. */
final class SyncCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe sync", "Copy whole repositories and directories of images").operands("--src TRANSPORT --dest TRANSPORT SOURCE DESTINATION", 2, 2)
            .options(Option.of(Type.TEXT, 's', "src", "What SOURCE is: docker or dir"),
                    Option.of(Type.TEXT, 'd', "dest", "What DESTINATION is: docker or dir"),
                    Option.of(Type.SWITCH, "scoped", "Keep the whole name of each image below DESTINATION"),
                    Option.of(Type.SWITCH, 'a', "all", "Copy all of an index, not only one platform"),
                    Option.of(Type.SWITCH, "dry-run", "Print what would be copied"),
                    Option.of(Type.SWITCH, "keep-going", "Go on with the other images when one fails"))
            .options(ConversionFlags.options("dest-")).options(EndFlags.options()).build();

    private record Pair(Place from, Place to) {
    }

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String source = values.text("src");
        String target = values.text("dest");
        if (!source.equals("docker") && !source.equals("dir") || !target.equals("docker") && !target.equals("dir")) {
            throw Fault.of(source.equals("yaml") ? Fault.Kind.UNSUPPORTED : Fault.Kind.INVALID, "sync", "--src \"" + source + "\" --dest \"" + target + "\"", "expected docker or dir for both");
        }
        RegistrySettings from = EndFlags.settings(call, values, "src-");
        RegistrySettings to = EndFlags.settings(call, values, "dest-");
        List<Pair> pairs = source.equals("docker") ? ofRegistry(operands.getFirst(), target, operands.get(1), values.on("scoped"), from) : ofDirectory(call, operands.getFirst(), target, operands.get(1), values.on("scoped"));
        int failed = 0;
        for (Pair pair : pairs) {
            call.console().out((values.on("dry-run") ? "Would copy " : "Copying ") + pair.from() + " to " + pair.to() + "\n");
            try {
                if (!values.on("dry-run")) {
                    copy(call, values, pair, from, to);
                }
            } catch (Fault fault) {
                if (!values.on("keep-going")) {
                    throw fault;
                }
                call.complain(fault);
                failed++;
            }
        }
        call.console().out((values.on("dry-run") ? "Would have synced " : "Synced ") + (pairs.size() - failed) + " images from 1 sources\n");
        return failed == 0 ? 0 : 1;
    }

    private static void copy(Call call, Values values, Pair pair, RegistrySettings from, RegistrySettings to) {
        try (ImageSource source = pair.from().source(new Surroundings(call, from)); ImageTarget target = pair.to().target(new Surroundings(call, to))) {
            Copy.Options options = values.on("all") ? Copy.Options.all() : Copy.Options.of(Platform.host(System.getProperty("os.arch")));
            new Copy(source, target, options.withForm(ConversionFlags.form(values, "dest-")), CopyListener.NONE).run();
        }
    }

    private static List<Pair> ofRegistry(String name, String transport, String where, boolean scoped, RegistrySettings settings) {
        Reference reference = Reference.parse(name);
        boolean one = reference.tag().isPresent() || reference.digest().isPresent();
        var pairs = new ArrayList<Pair>();
        for (String tag : one ? List.of("") : RemoteInspect.tags(reference, settings)) {
            Reference each = one ? reference : reference.withTag(tag);
            String whole = scoped ? each.toString() : each.toString().substring(each.name().lastIndexOf('/') + 1);
            pairs.add(new Pair(new Place("docker", each.toString()), destination(transport, where, whole)));
        }
        return pairs;
    }

    private static List<Pair> ofDirectory(Call call, String name, String transport, String where, boolean scoped) {
        Path top = call.path(name);
        var pairs = new ArrayList<Pair>();
        try (Stream<Path> found = Files.walk(top)) {
            for (Path manifest : found.filter(path -> path.endsWith("manifest.json")).sorted().toList()) {
                Path directory = manifest.getParent();
                String whole = directory.equals(top) ? directory.getFileName().toString() : scoped ? top.relativize(directory).toString() : directory.getFileName().toString();
                pairs.add(new Pair(new Place("dir", directory.toString()), destination(transport, where, whole)));
            }
        } catch (IOException e) {
            throw Fault.notFound("sync", "\"" + name + "\"", "no such directory").cause(e);
        }
        return pairs;
    }

    private static Place destination(String transport, String where, String name) {
        String whole = where + "/" + name;
        return Place.parse(transport.equals("docker") ? "docker://" + whole : "dir:" + whole);
    }
}
