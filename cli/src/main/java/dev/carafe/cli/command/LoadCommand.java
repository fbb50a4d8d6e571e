package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.content.Image;
import dev.carafe.oci.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code carafe load}: images from an archive of docker or OCI, or from a layout directory. */
final class LoadCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe load", "Load images from an archive or a layout").operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.TEXT, 'i', "input", "Read this file or directory instead of standard input"),
                    Option.absent("platform", "all platforms of an archive are loaded"),
                    Option.of(Type.SWITCH, 'q', "quiet", "Print only the images"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        List<Image> images;
        if (values.given("input")) {
            Path source = call.path(values.text("input"));
            if (!Files.exists(source)) {
                throw Fault.notFound("open", "\"" + source + "\"", "no such file or directory");
            }
            images = call.engine().images().load(source);
        } else {
            if (call.console().request().isTerminal(0)) {
                throw Fault.invalid("load", "standard input", "requested load from stdin, but stdin is empty").hint("name a file with -i");
            }
            images = call.engine().images().load(call.console().in());
        }
        for (Image image : images) {
            call.console().out(image.name().map(name -> "Loaded image: " + Reference.parse(name).familiar())
                    .orElseGet(() -> "Loaded image ID: " + image.config().map(Object::toString).orElse(image.target().digest().toString())) + "\n");
        }
        return 0;
    }
}
