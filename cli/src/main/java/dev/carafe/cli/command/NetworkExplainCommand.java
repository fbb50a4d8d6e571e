package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe network explain}: what networks have put on this host, and why. */
final class NetworkExplainCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe network explain", "Tell what networks have put on this host, and why").operands("", 0, 0).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        call.console().out(call.engine().networks().explain());
        return 0;
    }
}
