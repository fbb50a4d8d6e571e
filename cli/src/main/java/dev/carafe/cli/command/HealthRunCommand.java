package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Health;
import java.util.List;
import java.util.Optional;

/** {@code carafe healthcheck run}: make a container's health check now. Its statuses are podman's: 0 well, 1 not well, 125 not checked. */
final class HealthRunCommand implements Command {
    private static final int NOT_CHECKED = 125;
    private static final CommandSpec SPEC = CommandSpec.builder("carafe healthcheck run", "Ask a container now whether it is well").operands("CONTAINER", 1, 1).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        try {
            Optional<Health.Check> check = call.engine().containers().find(operands.getFirst()).checkHealth();
            if (check.isPresent() && check.get().exitCode() == 0) {
                return 0;
            }
            call.console().out("unhealthy\n");
            return 1;
        } catch (Fault fault) {
            call.complain(fault);
            return NOT_CHECKED;
        }
    }
}
