package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Images;
import java.util.List;

/** {@code carafe rmi}: take names away, and what only they held. */
final class RmiCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe rmi", "Remove images").operands("[OPTIONS] IMAGE [IMAGE...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.SWITCH, 'f', "force", "Remove all names of an id; take the name of an image that is in use"),
                    // Images have no parents here that could be kept.
                    Option.hidden(Type.SWITCH, "no-prune"), Option.absent("platform", "all platforms of a name go together"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        boolean force = values.on("force");
        return call.each(operands, operand -> {
            Images.Removal removal;
            try {
                removal = call.engine().images().remove(operand, force, call.engine().containers().users());
            } catch (Fault missing) {
                if (!force || missing.kind() != Fault.Kind.NOT_FOUND) {
                    throw missing;
                }
                // It is told, and is no failure: what was to be gone is gone.
                call.complain(missing);
                return;
            }
            removal.untagged().forEach(name -> call.console().out("Untagged: " + name + "\n"));
            removal.deleted().forEach(digest -> call.console().out("Deleted: " + digest + "\n"));
        });
    }
}
