package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.PullListener;
import dev.carafe.engine.PullOptions;
import dev.carafe.engine.StoreCheck;
import dev.carafe.transport.registry.RegistrySettings;
import java.util.List;

/** {@code carafe system check}: read everything in the store of images and say what is wrong. */
final class SystemCheckCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe system check", "Verify every blob and image of the store").operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.SWITCH, "repair", "Fetch damaged and missing blobs again where their image names a registry, and remove the rest"),
                    Option.of(Type.SWITCH, 'q', "quick", "Compare sizes, not digests"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        RegistrySettings settings = RegistrySettings.of(call.console().request().environment());
        StoreCheck check = call.engine().images().check(values.on("quick"));
        StoreCheck.Report report = check.run();
        report.faults().forEach(line -> call.console().out(line + "\n"));
        if (!report.faults().isEmpty() && values.on("repair")) {
            check.repair(report, name -> call.engine().images().pull(name, PullOptions.of(settings), PullListener.SILENT)).forEach(line -> call.console().out(line + "\n"));
            report = check.run();
            report.faults().forEach(line -> call.console().out(line + "\n"));
        }
        call.console().out(report.blobs() + " blobs, " + report.images() + " images, " + (report.faults().isEmpty() ? "all whole" : report.faults().size() + " faults") + "\n");
        return report.faults().isEmpty() ? 0 : 1;
    }
}
