package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.FlagParser;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Outcome;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.run.Reading;
import dev.carafe.cli.run.RunFlags;
import dev.carafe.cli.surface.Console;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.Run;
import dev.carafe.engine.StreamOptions;
import dev.carafe.engine.Timeline;
import dev.carafe.oci.Json;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Session;
import dev.carafe.runtime.SessionStreams;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code carafe run}: make a container, start it, and stay with it until it ends or the user lets go. */
final class RunCommand implements Command {
    static final CommandSpec SPEC = CommandSpec.builder(RunFlags.RUN.path(), RunFlags.RUN.summary())
            .operands(RunFlags.RUN.operands(), RunFlags.RUN.atLeast(), RunFlags.RUN.atMost()).options(RunFlags.RUN.options())
            .options(Option.of(Type.SWITCH, "plan", "Print the kernel operations and change nothing (--plan=json for JSON)"),
                    Option.hidden(Type.SWITCH, "plan-json"),
                    Option.of(Type.SWITCH, "timing", "Print how long each stage took, at the end"))
            .stopsAtOperand().build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call) {
        List<String> words = spelled(call.words());
        Outcome outcome = FlagParser.parse(SPEC, words);
        if (!(outcome instanceof Outcome.Accepted accepted)) {
            return call.stop(outcome);
        }
        Reading<ContainerOptions> reading = RunFlags.read(SPEC, words, call.caller());
        if (reading instanceof Reading.Stopped<ContainerOptions> stopped) {
            return call.stop(stopped.why());
        } else if (reading instanceof Reading.Ready<ContainerOptions> ready) {
            return run(call, accepted.values(), ready.options());
        } else {
            throw new MatchException(String.valueOf(reading), null);
        }
    }

    /** A switch that may have a value does not exist in the grammar, so {@code --plan=json} is another switch. */
    private static List<String> spelled(List<String> words) {
        var list = new ArrayList<String>(words);
        list.replaceAll(word -> word.equals("--plan=json") ? "--plan-json" : word.equals("--plan=text") ? "--plan" : word);
        return list;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return run(call);
    }

    private static int run(Call call, Values values, ContainerOptions options) {
        if (values.on("plan") || values.on("plan-json")) {
            Plan plan = call.provider().preview(options);
            call.console().out(values.on("plan-json") ? Json.pretty(plan.json(), "  ") + "\n" : plan.print());
            return 0;
        }
        var timeline = new Timeline();
        // As docker's client, which ends with 1 before it has asked anybody.
        Sessions.requireTerminal(call.console(), options.streams());
        try {
            return run(call, options, timeline);
        } catch (Fault fault) {
            call.complain(fault);
            return Container.exitCode(fault);
        } finally {
            if (values.on("timing")) {
                call.console().error(timeline.print());
            }
        }
    }

    private static int run(Call call, ContainerOptions options, Timeline timeline) {
        Console console = call.console();
        StreamOptions streams = options.streams();
        options.idFile().ifPresent(file -> reserve(call.path(file)));
        Container container = call.engine().containers().create(options, timeline, new Fetching(call, options.quiet()));
        options.idFile().ifPresent(file -> write(call.path(file), container.id()));
        try {
            if (streams.detach()) {
                console.leave(container.start(SessionStreams.NONE, Optional.empty(), timeline), container);
                console.out(container.id() + "\n");
                return 0;
            }
            Session session = Sessions.session(console, streams);
            Sessions.begin(console, streams);
            Run run = container.start(Sessions.streams(console, session), Optional.of(session), timeline);
            Console.Outcome outcome = console.await(run.performance());
            timeline.end("run");
            if (outcome == Console.Outcome.ENDED) {
                int code = run.await();
                timeline.end("clean up");
                return code;
            }
            console.leave(run, container);
            return 0;
        } catch (Fault fault) {
            if (options.removeWhenDone() && !container.status().running()) {
                container.remove(true);
            }
            throw fault;
        }
    }

    /** The file must be new: a script that finds an older one would take that container for its own. */
    static void reserve(Path file) {
        if (Files.exists(file)) {
            throw Fault.of(Fault.Kind.ALREADY_EXISTS, "write", "\"" + file + "\"", "container ID file found")
                    .hint("make sure the other container is not running, or delete the file");
        }
    }

    static void write(Path file, String id) {
        try {
            Files.writeString(file, id, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            reserve(file);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "\"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }
}
