package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.content.Image;
import dev.carafe.engine.Images;
import dev.carafe.oci.Reference;
import dev.carafe.transport.Copy;
import dev.carafe.transport.ImageSource;
import dev.carafe.transport.ImageTarget;
import dev.carafe.transport.Place;
import java.util.List;

/** {@code carafe manifest push}: a list with all that it names, to a registry or another place. */
final class ManifestPushCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe manifest push", "Bring a list of manifests to a registry").operands("[OPTIONS] LIST [DESTINATION]", 1, 2)
            .options(Option.of(Type.SWITCH, "all", "Push what the list names, too").initially("true"),
                    Option.of(Type.SWITCH, 'p', "purge", "Remove the list here when it is pushed"),
                    Option.of(Type.SWITCH, "rm", "Remove the list here when it is pushed"),
                    Option.of(Type.TEXT, "digestfile", "Write the digest of what was pushed to this file").placeholder("path"),
                    Option.of(Type.SWITCH, 'q', "quiet", "Print nothing but the digest"))
            .options(ConversionFlags.options("")).options(RegistryFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Images images = call.engine().images();
        Image list = images.lists().find(operands.getFirst());
        var around = new Surroundings(call, RegistryFlags.settings(call, values));
        String where = operands.size() > 1 ? operands.get(1) : list.name().orElse("");
        if (!Place.is(where) && Reference.parse(where).domain().equals("localhost")) {
            throw Fault.invalid("manifest push", "\"" + where + "\"", "the name tells no registry").hint("name a destination");
        }
        Place destination = Place.parse(Place.is(where) ? where : "docker://" + where);
        Copy.Options options = (values.on("all") ? Copy.Options.all() : Copy.Options.justTheIndex()).withForm(ConversionFlags.form(values, ""));
        try (ImageSource source = images.source(list); ImageTarget target = destination.target(around)) {
            Copy.Result result = new Copy(source, target, options, ImageCopyCommand.listener(call, values.on("quiet"))).run();
            if (values.given("digestfile")) {
                CallerFile.write(call.path(values.text("digestfile")), result.target().digest().toString());
            }
            call.console().out(result.target().digest() + "\n");
        }
        if (values.on("rm") || values.on("purge")) {
            images.remove(operands.getFirst(), false, call.engine().containers().users());
        }
        return 0;
    }
}
