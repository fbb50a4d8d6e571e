package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.run.Reading;
import dev.carafe.cli.run.RunFlags;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.Timeline;
import java.util.List;

/** {@code carafe create}: make a container and leave it. */
final class CreateCommand implements Command {
    @Override
    public CommandSpec spec() {
        return RunFlags.CREATE;
    }

    @Override
    public int run(Call call) {
        Reading<ContainerOptions> reading = RunFlags.read(RunFlags.CREATE, call.words(), call.caller());
        if (reading instanceof Reading.Stopped<ContainerOptions> stopped) {
            return call.stop(stopped.why());
        } else if (reading instanceof Reading.Ready<ContainerOptions> ready) {
            return create(call, ready.options());
        } else {
            throw new MatchException(String.valueOf(reading), null);
        }
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return run(call);
    }

    private static int create(Call call, ContainerOptions options) {
        try {
            options.idFile().ifPresent(file -> RunCommand.reserve(call.path(file)));
            Container container = call.engine().containers().create(options, new Timeline(), new Fetching(call, options.quiet()));
            options.idFile().ifPresent(file -> RunCommand.write(call.path(file), container.id()));
            call.console().out(container.id() + "\n");
            return 0;
        } catch (Fault fault) {
            call.complain(fault);
            return 1;
        }
    }
}
