package dev.carafe.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.template.Template;
import dev.carafe.cli.template.Value;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.Platform;
import dev.carafe.oci.Reference;
import dev.carafe.transport.ImageSource;
import dev.carafe.transport.Place;
import dev.carafe.transport.registry.RegistrySettings;
import dev.carafe.transport.registry.Sources;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** {@code carafe inspect TRANSPORT:…}: what an image is, without fetching its layers; in skopeo's words. */
final class RemoteInspect implements Command {
    private static final int LONGEST = 8 << 20;
    static final CommandSpec SPEC = CommandSpec.builder("carafe inspect", "Print what an image in any place is").operands("[OPTIONS] TRANSPORT:IMAGE", 1, 1)
            .options(Option.of(Type.SWITCH, "raw", "Print the manifest or index as it is, byte by byte"),
                    Option.of(Type.SWITCH, "config", "Print the configuration"),
                    Option.of(Type.SWITCH, 'n', "no-tags", "Do not list the tags of the repository"),
                    Option.of(Type.TEXT, 'f', "format", "Print by this Go template"),
                    Option.of(Type.TEXT, "platform", "Platform to choose from an index: OS/ARCH[/VARIANT]"),
                    Option.of(Type.TEXT, "override-os", "Operating system to choose from an index"),
                    Option.of(Type.TEXT, "override-arch", "Processor to choose from an index"),
                    Option.of(Type.TEXT, "override-variant", "Variant of the processor to choose from an index"))
            .options(RegistryFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Place place = Place.parse(operands.getFirst());
        RegistrySettings settings = RegistryFlags.settings(call, values);
        try (ImageSource source = place.source(new Surroundings(call, settings))) {
            Document top = source.top();
            if (values.on("raw") && !values.on("config")) {
                call.console().out(top.bytes());
                return 0;
            }
            Document chosen = top;
            for (int depth = 0; chosen.isIndex() && depth < 4; depth++) {
                chosen = source.document(choose(chosen.index(), ImageCopyCommand.platform(values)));
            }
            Manifest manifest = chosen.manifest();
            byte[] config = read(source, manifest.config());
            if (values.on("raw")) {
                call.console().out(config);
                return 0;
            }
            JsonObject document = values.on("config") ? Json.parseObject("config", config) : describe(place, settings, top, manifest, ImageConfig.parse(config), values.on("no-tags"));
            call.console().out((values.given("format") ? Template.parse(values.text("format")).apply(Value.of(document)) : Json.pretty(document, "    ")) + "\n");
            return 0;
        }
    }

    private static Descriptor choose(Index index, Platform wanted) {
        return index.select(wanted).or(() -> index.manifests().size() == 1 ? Optional.of(index.manifests().getFirst()) : Optional.empty())
                .orElseThrow(() -> Fault.notFound("inspect", "", "no " + wanted + " in the index").hint("choose with --platform, or print the index with --raw"));
    }

    private static byte[] read(ImageSource source, Descriptor config) {
        try (InputStream in = source.blob(config).open(0)) {
            byte[] bytes = in.readNBytes(LONGEST);
            if (!config.describes(bytes)) {
                throw Fault.of(Fault.Kind.CORRUPT, "inspect", config.digest().toString(), "the configuration has another digest or size");
            }
            return bytes;
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "inspect", config.digest().toString(), String.valueOf(e.getMessage())).cause(e);
        }
    }

    private static JsonObject describe(Place place, RegistrySettings settings, Document top, Manifest manifest, ImageConfig config, boolean noTags) {
        var document = new JsonObject();
        boolean remote = place.transport().equals("docker");
        if (remote) {
            document.addProperty("Name", place.reference().name());
        }
        document.addProperty("Digest", top.digest().toString());
        var tags = new JsonArray();
        if (remote && !noTags) {
            tags(place.reference(), settings).forEach(tags::add);
        }
        document.add("RepoTags", tags);
        document.addProperty("Created", config.created().map(Object::toString).orElse(null));
        document.addProperty("DockerVersion", "");
        var labels = new JsonObject();
        config.config().labels().forEach(labels::addProperty);
        document.add("Labels", labels);
        document.addProperty("Architecture", config.architecture());
        config.variant().ifPresent(variant -> document.addProperty("Variant", variant));
        document.addProperty("Os", config.os());
        var layers = new JsonArray();
        var data = new JsonArray();
        for (Descriptor layer : manifest.layers()) {
            layers.add(layer.digest().toString());
            var each = new JsonObject();
            each.addProperty("MIMEType", layer.mediaType());
            each.addProperty("Digest", layer.digest().toString());
            each.addProperty("Size", layer.size());
            data.add(each);
        }
        document.add("Layers", layers);
        document.add("LayersData", data);
        var env = new JsonArray();
        config.config().env().forEach(env::add);
        document.add("Env", env);
        return document;
    }

    static List<String> tags(Reference reference, RegistrySettings settings) {
        var repository = Sources.toPush(reference, settings);
        try {
            return repository.tags();
        } finally {
            repository.registry().close();
        }
    }
}
