package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.FileChange;
import java.util.List;

/** {@code carafe diff}: what a container changed upon its image. */
final class DiffCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe diff", "Show what a container changed upon its image").aliases("carafe container diff")
            .operands("CONTAINER", 1, 1).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        var text = new StringBuilder();
        for (FileChange change : call.engine().containers().find(operands.getFirst()).changes()) {
            text.append(change.kind().letter()).append(' ').append(change.path()).append('\n');
        }
        call.console().out(text.toString());
        return 0;
    }
}
