package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Images;
import java.util.List;

/** {@code carafe manifest rm}: removes lists of manifests. */
final class ManifestRmCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe manifest rm", "Remove lists of manifests").operands("LIST [LIST...]", 1, CommandSpec.ANY).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Images images = call.engine().images();
        return call.each(operands, list -> {
            images.lists().find(list);
            Images.Removal removal = images.remove(list, false, call.engine().containers().users());
            removal.untagged().forEach(name -> call.console().out("Untagged: " + name + "\n"));
            removal.deleted().forEach(digest -> call.console().out("Deleted: " + digest + "\n"));
        });
    }
}
