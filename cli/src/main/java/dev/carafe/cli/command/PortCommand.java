package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Container;
import dev.carafe.plan.NetworkOperation.Published;
import java.util.ArrayList;
import java.util.List;

/** {@code carafe port}: where the ports of a container are published. */
final class PortCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe port", "Print where the ports of a container are published")
            .operands("CONTAINER [PRIVATE_PORT[/PROTO]]", 1, 2).aliases("carafe container port", "carafe port").build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Container container = call.engine().containers().find(operands.getFirst());
        var ports = new ArrayList<Published>();
        container.attachment().ifPresent(attachment -> ports.addAll(attachment.ports()));
        ports.sort((a, b) -> Integer.compare(a.containerPort(), b.containerPort()));
        String wanted = operands.size() < 2 ? "" : operands.get(1).indexOf('/') < 0 ? operands.get(1) + "/tcp" : operands.get(1);
        boolean found = false;
        for (Published port : ports) {
            String inside = port.containerPort() + "/" + port.protocol();
            if (wanted.isEmpty() || wanted.equals(inside)) {
                String host = (port.host().six() ? "[" + port.host() + "]" : port.host().toString()) + ":" + port.hostPort();
                call.console().out((wanted.isEmpty() ? inside + " -> " : "") + host + "\n");
                found = true;
            }
        }
        if (!found && !wanted.isEmpty()) {
            throw Fault.notFound("port", operands.get(1), "no public port '" + operands.get(1) + "' published for " + operands.getFirst());
        }
        return 0;
    }
}
