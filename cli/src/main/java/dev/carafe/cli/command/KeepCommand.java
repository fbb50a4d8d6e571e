package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe system keep}: what the keeper calls, see {@code Tending}. Status 0: nobody needs it any more; 125: another engine is to go on. */
final class KeepCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe system keep", "Start containers again by their restart policies, until none needs that")
            .operands("", 0, 0).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        if ("off".equals(call.console().request().environment().get("CARAFE_ENGINE"))) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "keep", "containers", "that is the warm engine's work, which CARAFE_ENGINE=off forbids").hint("unset CARAFE_ENGINE");
        }
        return call.engine().containers().tend(call.console()::gone) ? 0 : 125;
    }
}
