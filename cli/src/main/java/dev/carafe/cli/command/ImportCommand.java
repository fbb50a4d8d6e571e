package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.content.Image;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.History;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Json;
import dev.carafe.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
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
            config = changed(config, change);
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

    /** One instruction in the words of a Dockerfile. */
    private static ContainerConfig changed(ContainerConfig config, String change) {
        int space = change.indexOf(' ');
        String word = (space < 0 ? change : change.substring(0, space)).toUpperCase(java.util.Locale.ROOT);
        String rest = space < 0 ? "" : change.substring(space + 1).trim();
        var builder = config.toBuilder();
        switch (word) {
            case "CMD" -> builder.cmd(command(rest));
            case "ENTRYPOINT" -> builder.entrypoint(command(rest));
            case "USER" -> builder.user(rest);
            case "WORKDIR" -> builder.workingDir(rest);
            case "STOPSIGNAL" -> builder.stopSignal(rest);
            case "ENV" -> builder.env(with(config.env(), rest.indexOf('=') > 0 ? rest : rest.replaceFirst("\\s+", "=")));
            case "EXPOSE" -> builder.exposedPorts(with(config.exposedPorts(), rest.indexOf('/') > 0 ? rest : rest + "/tcp"));
            case "VOLUME" -> builder.volumes(with(config.volumes(), rest));
            case "LABEL" -> {
                var labels = new java.util.LinkedHashMap<>(config.labels());
                int equals = rest.indexOf('=');
                labels.put(equals < 0 ? rest : rest.substring(0, equals), equals < 0 ? "" : rest.substring(equals + 1).replace("\"", ""));
                builder.labels(labels);
            }
            default -> throw Fault.invalid("import", "change \"" + change + "\"", word + " is not a valid change command");
        }
        return builder.build();
    }

    private static List<String> with(List<String> list, String one) {
        var longer = new ArrayList<>(list);
        longer.add(one);
        return longer;
    }

    /** The exec form is a JSON array; anything else is for the shell. */
    private static List<String> command(String text) {
        if (!text.startsWith("[")) {
            return List.of("/bin/sh", "-c", text);
        }
        var words = new ArrayList<String>();
        Json.parse("change", text).getAsJsonArray().forEach(word -> words.add(word.getAsString()));
        return words;
    }
}
