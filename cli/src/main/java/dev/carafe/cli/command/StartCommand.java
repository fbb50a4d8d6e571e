package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.surface.Console;
import dev.carafe.engine.Container;
import dev.carafe.engine.DetachKeys;
import dev.carafe.engine.Run;
import dev.carafe.engine.StreamOptions;
import dev.carafe.engine.Timeline;
import dev.carafe.plan.Session;
import dev.carafe.runtime.SessionStreams;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code carafe start}: start containers, and with {@code -a} or {@code -i} stay with one. */
final class StartCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe start", "Start containers")
            .operands("[OPTIONS] CONTAINER [CONTAINER...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.SWITCH, 'a', "attach", "Attach to its output, and hand signals on"),
                    Option.of(Type.SWITCH, 'i', "interactive", "Attach to its standard input as well"),
                    Option.of(Type.TEXT, "detach-keys", "Keys that let go of a terminal, such as ctrl-p,ctrl-q"),
                    Option.of(Type.SWITCH, "sig-proxy", "Hand signals on to the container's process").initially("true"),
                    Option.absent("checkpoint", "containers have no checkpoints"), Option.absent("checkpoint-dir", "containers have no checkpoints"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        boolean interactive = values.on("interactive");
        if (!values.on("attach") && !interactive) {
            return call.each(operands, operand -> {
                Container container = call.engine().containers().find(operand);
                if (!container.status().running()) {
                    call.console().leave(container.start(SessionStreams.NONE, Optional.empty(), new Timeline()), container);
                }
                call.console().out(operand + "\n");
            });
        }
        if (operands.size() > 1) {
            throw Fault.invalid("start", "containers", "only one can be attached to at once");
        }
        return attached(call, values, call.engine().containers().find(operands.getFirst()), interactive);
    }

    private static int attached(Call call, Values values, Container container, boolean interactive) {
        Console console = call.console();
        StreamOptions streams = new StreamOptions(Set.of(), interactive && container.record().openStdin(), container.record().terminal(), false,
                values.given("detach-keys") ? DetachKeys.parse(values.text("detach-keys")) : DetachKeys.USUAL, values.on("sig-proxy"));
        Sessions.requireTerminal(console, streams);
        Session session = Sessions.session(console, streams);
        Sessions.begin(console, streams);
        Run run = container.start(Sessions.streams(console, session), Optional.of(session), new Timeline());
        if (console.await(run.performance()) == Console.Outcome.ENDED) {
            return run.await();
        }
        console.leave(run, container);
        return 0;
    }
}
