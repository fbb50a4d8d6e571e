package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.run.ExecFlags;
import dev.carafe.cli.run.Reading;
import dev.carafe.cli.surface.Console;
import dev.carafe.engine.Container;
import dev.carafe.engine.Run;
import dev.carafe.engine.StreamOptions;
import dev.carafe.plan.Session;
import dev.carafe.runtime.SessionStreams;
import java.util.List;
import java.util.Optional;

/** {@code carafe exec}: one more process in a running container. */
final class ExecCommand implements Command {
    @Override
    public CommandSpec spec() {
        return ExecFlags.EXEC;
    }

    @Override
    public int run(Call call) {
        return switch (ExecFlags.read(call.words(), call.caller())) {
            case Reading.Stopped<ExecFlags.Request> stopped -> call.stop(stopped.why());
            case Reading.Ready<ExecFlags.Request> ready -> exec(call, ready.options());
        };
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return run(call);
    }

    private static int exec(Call call, ExecFlags.Request request) {
        Console console = call.console();
        StreamOptions streams = request.options().streams();
        try {
            Sessions.requireTerminal(console, streams);
            Container container = call.engine().containers().find(request.container());
            if (streams.detach()) {
                console.leave(container.exec(request.options(), SessionStreams.NONE, Optional.empty()), container);
                return 0;
            }
            return attached(call, container, request);
        } catch (Fault fault) {
            call.complain(fault);
            return 1;
        }
    }

    private static int attached(Call call, Container container, ExecFlags.Request request) {
        Console console = call.console();
        StreamOptions streams = request.options().streams();
        Session session = Sessions.session(console, streams);
        Sessions.begin(console, streams);
        Run run;
        try {
            run = container.exec(request.options(), Sessions.streams(console, session), Optional.of(session));
        } catch (Fault fault) {
            call.complain(fault);
            return status(container, fault);
        }
        Console.Outcome outcome = console.await(run.performance());
        if (outcome == Console.Outcome.ENDED) {
            return run.await();
        }
        console.leave(run, container);
        return outcome == Console.Outcome.DETACHED ? Sessions.escaped(console) : 0;
    }

    /** As docker's: 127 for a program that is not there, 126 for what else keeps it from starting, 1 where there is nothing that could start it now. */
    private static int status(Container container, Fault fault) {
        if (!container.status().running() || container.status().isPaused()) {
            return 1;
        }
        return fault.operation().equals("execute") ? Container.exitCode(fault) : 126;
    }
}
