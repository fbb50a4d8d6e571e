package dev.carafe.cli.command;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.sync.SyncFile;
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
            .options(Option.of(Type.TEXT, 's', "src", "What SOURCE is: docker, dir or yaml (a file that lists images)"),
                    Option.of(Type.TEXT, 'd', "dest", "What DESTINATION is: docker or dir"),
                    Option.of(Type.SWITCH, "scoped", "Keep the whole name of each image below DESTINATION"),
                    Option.of(Type.SWITCH, 'a', "all", "Copy all of an index, not only one platform"),
                    Option.of(Type.TEXT, "append-suffix", "Add this to every tag"),
                    Option.of(Type.TEXT, "digestfile", "Write the digest and name of each image to this file").placeholder("path"),
                    Option.of(Type.SWITCH, "dry-run", "Print what would be copied"),
                    Option.of(Type.SWITCH, "keep-going", "Go on with the other images when one fails"))
            .options(ConversionFlags.options("dest-")).options(EndFlags.options()).build();

    /** One image on its way. @param settings for the registry that it comes from */
    private record Pair(Place from, Place to, RegistrySettings settings) {
    }

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String source = values.text("src");
        String target = values.text("dest");
        if (!List.of("docker", "dir", "yaml").contains(source) || !target.equals("docker") && !target.equals("dir")) {
            throw Fault.invalid("sync", "--src \"" + source + "\" --dest \"" + target + "\"", "expected docker, dir or yaml to docker or dir");
        }
        RegistrySettings from = EndFlags.settings(call, values, "src-");
        RegistrySettings to = EndFlags.settings(call, values, "dest-");
        var destination = new Destination(target, operands.get(1), values.on("scoped"), values.text("append-suffix"));
        List<Pair> pairs = switch (source) {
            case "docker" -> ofRegistry(operands.getFirst(), destination, from);
            case "yaml" -> ofFile(call, operands.getFirst(), destination, from);
            default -> ofDirectory(call, operands.getFirst(), destination, from);
        };
        var digests = new StringBuilder();
        int failed = 0;
        for (Pair pair : pairs) {
            call.console().out((values.on("dry-run") ? "Would copy " : "Copying ") + pair.from() + " to " + pair.to() + "\n");
            try {
                if (!values.on("dry-run")) {
                    digests.append(copy(call, values, pair, to)).append(' ').append(pair.to().where()).append('\n');
                }
            } catch (Fault fault) {
                if (!values.on("keep-going")) {
                    throw fault;
                }
                call.complain(fault);
                failed++;
            }
        }
        if (values.given("digestfile")) {
            CallerFile.write(call.path(values.text("digestfile")), digests.toString());
        }
        call.console().out((values.on("dry-run") ? "Would have synced " : "Synced ") + (pairs.size() - failed) + " images from 1 sources\n");
        return failed == 0 ? 0 : 1;
    }

    private static Digest copy(Call call, Values values, Pair pair, RegistrySettings to) {
        try (ImageSource source = pair.from().source(new Surroundings(call, pair.settings())); ImageTarget target = pair.to().target(new Surroundings(call, to))) {
            Copy.Options options = values.on("all") ? Copy.Options.all() : Copy.Options.of(Platform.host(System.getProperty("os.arch")));
            return new Copy(source, target, options.withForm(ConversionFlags.form(values, "dest-")), CopyListener.NONE).run().target().digest();
        }
    }

    private static List<Pair> ofRegistry(String name, Destination destination, RegistrySettings settings) {
        Reference reference = Reference.parse(name);
        if (reference.tag().isPresent() || reference.digest().isPresent()) {
            return List.of(destination.pair(reference, settings));
        }
        return RemoteInspect.tags(reference, settings).stream().map(tag -> destination.pair(reference.withTag(tag), settings)).toList();
    }

    private static List<Pair> ofFile(Call call, String name, Destination destination, RegistrySettings usual) {
        var pairs = new ArrayList<Pair>();
        for (SyncFile.Registry registry : SyncFile.parse(name, text(call.path(name))).registries()) {
            RegistrySettings settings = registry.user().map(user -> usual.withCredentials(RegistryFlags.credentials(user))).orElse(usual);
            settings = registry.certificates().isPresent() ? settings.withCertificates(call.path(registry.certificates().get())) : settings;
            settings = registry.tlsVerify().isPresent() ? settings.withTlsVerify(registry.tlsVerify().get()) : settings;
            for (SyncFile.Repository repository : registry.repositories()) {
                Reference reference = Reference.parse(registry.domain() + "/" + repository.path());
                List<String> wanted = repository.references().isEmpty() ? RemoteInspect.tags(reference, settings).stream().filter(repository.tags()).toList() : repository.references();
                for (String each : wanted) {
                    pairs.add(destination.pair(each.indexOf(':') >= 0 ? reference.withDigest(Digest.parse(each)) : reference.withTag(each), settings));
                }
            }
        }
        return pairs;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw Fault.notFound("open", "\"" + file + "\"", Files.exists(file) ? "cannot be read" : "no such file or directory").cause(e);
        }
    }

    private static List<Pair> ofDirectory(Call call, String name, Destination destination, RegistrySettings settings) {
        Path top = call.path(name);
        var pairs = new ArrayList<Pair>();
        try (Stream<Path> found = Files.walk(top)) {
            for (Path manifest : found.filter(path -> path.endsWith("manifest.json")).sorted().toList()) {
                Path directory = manifest.getParent();
                String whole = directory.equals(top) ? directory.getFileName().toString() : destination.scoped() ? top.relativize(directory).toString() : directory.getFileName().toString();
                pairs.add(new Pair(new Place("dir", directory.toString()), destination.place(whole), settings));
            }
        } catch (IOException e) {
            throw Fault.notFound("sync", "\"" + name + "\"", "no such directory").cause(e);
        }
        return pairs;
    }

    /** Where images go. @param scoped whether they keep their whole names there */
    private record Destination(String transport, String where, boolean scoped, String suffix) {
        Pair pair(Reference image, RegistrySettings settings) {
            String text = image.digest().isPresent() ? image.toString() : image.withDefaultTag().toString();
            String whole = scoped ? text : text.substring(image.name().lastIndexOf('/') + 1);
            return new Pair(new Place("docker", image.toString()), place(whole), settings);
        }

        Place place(String name) {
            String whole = (where.endsWith("/") ? where : where + "/") + name + (name.indexOf('@') < 0 ? suffix : "");
            return Place.parse(transport.equals("docker") ? "docker://" + whole : "dir:" + whole);
        }
    }
}
