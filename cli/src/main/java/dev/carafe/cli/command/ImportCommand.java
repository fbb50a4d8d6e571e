package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.content.Image;
import dev.carafe.engine.ImageChange;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.History;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code carafe import}: an image of one layer from the tar of a root file system. */
final class ImportCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe import", "Make an image from the tar of a file system")
            .operands("[OPTIONS] file|- [REPOSITORY[:TAG]]", 1, 2)
            .options(Option.of(Type.LIST, 'c', "change", "Set CMD, ENTRYPOINT, ENV, USER, WORKDIR, LABEL, STOPSIGNAL, EXPOSE or VOLUME of the image"),
                    Option.of(Type.TEXT, 'm', "message", "Comment in its history").initially("Imported from -"),
                    Option.of(Type.TEXT, "platform", "Its platform, if it is not the host's"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Platform host = Platform.host(System.getProperty("os.arch"));
        Platform platform = values.textIfGiven("platform").map(p -> Platform.parse(p, host)).orElse(host);
        ContainerConfig config = ContainerConfig.EMPTY;
        for (String change : values.list("change")) {
            config = ImageChange.apply(config, change);
        }
        Instant now = Instant.now();
        ImageConfig template = ImageConfig.builder(platform.architecture(), platform.os()).variant(platform.variant()).created(now).config(config)
                .history(List.of(new History(Optional.of(now), Optional.empty(), Optional.empty(), Optional.of(values.text("message")), false))).build();
        Optional<String> name = operands.size() > 1 ? Optional.of(operands.get(1)) : Optional.empty();
        try (InputStream tar = open(call, operands.getFirst())) {
            Image image = call.engine().images().importRootfs(tar, name, template);
            call.console().out(image.config().map(Object::toString).orElse("") + "\n");
            return 0;
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + operands.getFirst() + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private static InputStream open(Call call, String source) throws IOException {
        if (source.equals("-")) {
            return call.console().in();
        }
        Path file = call.path(source);
        if (!Files.isReadable(file)) {
            throw Fault.notFound("open", "\"" + file + "\"", "no such file or directory");
        }
        return Files.newInputStream(file);
    }
}
