package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerFiles;
import dev.carafe.engine.CopyOptions;
import dev.carafe.engine.PathStat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** {@code carafe cp}: copy files between a container and the host. */
final class CopyCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe cp", "Copy files between a container and the host").aliases("carafe container cp")
            .operands("[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tcarafe cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH", 2, 2)
            .options(Option.of(Type.SWITCH, 'a', "archive", "In: all becomes the container's user's; out: all stays whose it was"),
                    Option.of(Type.SWITCH, 'L', "follow-link", "Copy what a link leads to"),
                    Option.of(Type.SWITCH, 'q', "quiet", "Say nothing of what was copied"))
            .build();

    /** A path, and the container that it is in. */
    private record Place(Optional<String> container, String path) {
        /** As docker tells them apart: a path that begins with a slash or a dot is the host's. */
        static Place of(String word) {
            int colon = word.indexOf(':');
            boolean local = colon < 0 || word.startsWith("/") || word.startsWith(".");
            return local ? new Place(Optional.empty(), word) : new Place(Optional.of(word.substring(0, colon)), word.substring(colon + 1));
        }
    }

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Place source = Place.of(operands.getFirst());
        Place destination = Place.of(operands.getLast());
        var options = new CopyOptions(values.on("archive"), values.on("follow-link"));
        if (source.container.isPresent() && destination.container.isPresent()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "copy", "from container to container", "copying between containers is not supported")
                    .hint("carafe cp ONE:PATH - | carafe cp - OTHER:PATH");
        }
        if (source.container.isPresent()) {
            out(call, call.engine().containers().find(source.container.get()), source.path, destination.path, options);
        } else if (destination.container.isPresent()) {
            in(call, call.engine().containers().find(destination.container.get()), source.path, destination.path, options);
        } else {
            throw Fault.invalid("copy", "\"" + source.path + "\"", "must specify at least one container source");
        }
        if (!values.on("quiet") && call.console().request().isTerminal(1)) {
            call.console().error("Successfully copied to " + operands.getLast() + "\n");
        }
        return 0;
    }

    private static void in(Call call, Container container, String source, String destination, CopyOptions options) {
        if (!source.equals("-")) {
            container.copyIn(call.path(source), source, destination, options);
            return;
        }
        try (ContainerFiles files = container.files(); InputStream archive = call.console().in()) {
            String followed = files.followed(destination);
            if (files.stat(followed).filter(PathStat::isDirectory).isEmpty()) {
                throw Fault.invalid("copy to", "\"" + destination + "\"", "destination must be a directory");
            }
            files.extract(followed, archive, options.archive() ? Optional.of(container.account()) : Optional.empty());
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "standard input", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private static void out(Call call, Container container, String source, String destination, CopyOptions options) {
        if (!destination.equals("-")) {
            container.copyOut(source, call.path(destination), destination, options);
            return;
        }
        try (ContainerFiles files = container.files(); OutputStream out = new BufferedOutputStream(new Printing(call.console()), 1 << 15)) {
            files.archive(options.followLinks() ? files.followed(source) : source, out);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "standard output", String.valueOf(e.getMessage())).cause(e);
        }
    }
}
