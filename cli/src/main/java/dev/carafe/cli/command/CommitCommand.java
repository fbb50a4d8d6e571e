package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.content.Image;
import dev.carafe.engine.CommitOptions;
import java.util.List;
import java.util.Optional;

/** {@code carafe commit}: make an image of a container. */
final class CommitCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe commit", "Make an image of a container").aliases("carafe container commit")
            .operands("[OPTIONS] CONTAINER [REPOSITORY[:TAG]]", 1, 2)
            .options(Option.of(Type.TEXT, 'a', "author", "Author of the image, such as \"Ada <ada@example.org>\""),
                    Option.of(Type.LIST, 'c', "change", "Change its configuration by an instruction of a Dockerfile"),
                    Option.of(Type.TEXT, 'm', "message", "Comment in its history"),
                    Option.of(Type.SWITCH, 'p', "pause", "Have the container stand still meanwhile").initially("true"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Image image = call.engine().containers().find(operands.getFirst()).commit(new CommitOptions(operands.size() > 1 ? Optional.of(operands.get(1)) : Optional.empty(),
                text(values, "author"), text(values, "message"), values.list("change"), values.on("pause")));
        call.console().out(image.config().orElseThrow() + "\n");
        return 0;
    }

    private static Optional<String> text(Values values, String name) {
        return values.textIfGiven(name).filter(text -> !text.isEmpty());
    }
}
