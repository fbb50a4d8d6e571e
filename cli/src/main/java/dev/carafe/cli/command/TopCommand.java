package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.text.Columns;
import dev.carafe.engine.ProcessTable;
import java.util.List;

/** {@code carafe top}: the processes of a container, by the host's ps. */
final class TopCommand implements Command {
    /** Docker's, for this list alone. */
    private static final int NARROWEST = 20;
    private static final CommandSpec SPEC = CommandSpec.builder("carafe top", "Show the processes of a container")
            .aliases("carafe container top").operands("CONTAINER [ps OPTIONS]", 1, CommandSpec.ANY).stopsAtOperand().build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        ProcessTable table = call.engine().containers().find(operands.getFirst()).top(operands.subList(1, operands.size()));
        var lines = new StringBuilder(String.join("\t", table.titles())).append('\n');
        for (List<String> row : table.processes()) {
            lines.append(String.join("\t", row)).append('\n');
        }
        call.console().out(Columns.align(lines.toString(), NARROWEST));
        return 0;
    }
}
