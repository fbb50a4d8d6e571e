package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.surface.Console;
import dev.carafe.engine.Container;
import dev.carafe.engine.DetachKeys;
import dev.carafe.engine.StreamOptions;
import dev.carafe.plan.Session;
import java.util.List;
import java.util.Set;

/** {@code carafe attach}: connect with a container that runs already. */
final class AttachCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe attach", "Connect with a running container")
            .operands("[OPTIONS] CONTAINER", 1, 1)
            .options(Option.of(Type.TEXT, "detach-keys", "Keys that let go of a terminal, such as ctrl-p,ctrl-q"),
                    Option.of(Type.SWITCH, "no-stdin", "Do not attach to its standard input"),
                    Option.of(Type.SWITCH, "sig-proxy", "Hand signals on to the container's process").initially("true"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Console console = call.console();
        Container container = call.engine().containers().find(operands.getFirst());
        StreamOptions streams = new StreamOptions(Set.of(), container.record().openStdin() && !values.on("no-stdin"), container.record().terminal(),
                false, values.given("detach-keys") ? DetachKeys.parse(values.text("detach-keys")) : DetachKeys.USUAL, values.on("sig-proxy"));
        Sessions.requireTerminal(console, streams);
        Session session = Sessions.session(console, streams);
        Sessions.begin(console, streams);
        container.attach(Sessions.streams(console, session), session.detachKeys());
        Console.Outcome outcome = console.awaitSession(() -> container.status().running());
        return outcome == Console.Outcome.ENDED ? container.await() : outcome == Console.Outcome.DETACHED ? Sessions.escaped(console) : 0;
    }
}
