package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.run.Reading;
import dev.carafe.cli.run.RunFlags;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerOptions;
import java.util.List;

/** {@code carafe create}: make a container and leave it. */
final class CreateCommand implements Command {
    @Override
    public CommandSpec spec() {
        return RunFlags.CREATE;
    }

    @Override
    public int run(Call call) {
        return switch (RunFlags.read(RunFlags.CREATE, call.words(), call.caller())) {
            case Reading.Stopped<ContainerOptions> stopped -> call.stop(stopped.why());
            case Reading.Ready<ContainerOptions> ready -> create(call, ready.options());
        };
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return run(call);
    }

    private static int create(Call call, ContainerOptions options) {
        try {
            options.idFile().ifPresent(file -> RunCommand.reserve(call.path(file)));
            Container container = call.engine().containers().create(options);
            options.idFile().ifPresent(file -> RunCommand.write(call.path(file), container.id()));
            call.console().out(container.id() + "\n");
            return 0;
        } catch (Fault fault) {
            call.complain(fault);
            return 1;
        }
    }
}
