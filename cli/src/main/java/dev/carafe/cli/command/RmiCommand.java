package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Images;
import java.util.List;

/** {@code carafe rmi}: take names away, and what only they held. */
final class RmiCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe rmi", "Remove images").operands("[OPTIONS] IMAGE [IMAGE...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.SWITCH, 'f', "force", "Remove all names of an id; take the name of an image that is in use")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return call.each(operands, operand -> {
            Images.Removal removal = call.engine().images().remove(operand, values.on("force"), call.engine().containers().users());
            removal.untagged().forEach(name -> call.console().out("Untagged: " + name + "\n"));
            removal.deleted().forEach(digest -> call.console().out("Deleted: " + digest + "\n"));
        });
    }
}
