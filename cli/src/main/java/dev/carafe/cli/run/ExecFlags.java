package dev.carafe.cli.run;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.FlagParser;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Outcome;
import dev.carafe.cli.flag.Setter;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.ExecOptions;
import dev.carafe.engine.StreamOptions;
import java.util.List;

/** The words behind {@code exec} as a container's name and {@link ExecOptions}. */
public final class ExecFlags implements Setter {
    /** The table of {@code carafe exec}. */
    public static final CommandSpec EXEC = Tables.EXEC;

    private ExecFlags() {}

    /**
     * What {@code exec} is asked to do.
     *
     * @param container its name, or its id or a part of it
     * @param options what to run in it
     */
    public record Request(String container, ExecOptions options) {}

    /** Reads the words behind the command. */
    public static Reading<Request> read(List<String> words, Caller caller) {
        Outcome outcome = FlagParser.parse(EXEC, words, new ExecFlags());
        if (!(outcome instanceof Outcome.Accepted accepted)) {
            return new Reading.Stopped<>(outcome);
        }
        try {
            return new Reading.Ready<>(request(accepted.values(), accepted.operands(), caller));
        } catch (Fault offence) {
            return Reading.refused(EXEC, offence, Outcome.BAD_OPERANDS);
        }
    }

    @Override
    public void set(Option option, String value) {
        if (option.target().equals("env")) {
            Specifications.checkVariable(value);
        }
    }

    private static Request request(Values values, List<String> operands, Caller caller) {
        var streams = StreamOptions.NONE.interactive(values.on("interactive")).tty(values.on("tty")).detach(values.on("detach"))
                .detachKeys(RunFlags.detachKeys(values));
        var options = ExecOptions.of(operands.subList(1, operands.size())).environment(Variables.read(values, caller))
                .privileged(values.on("privileged")).streams(streams);
        if (RunFlags.has(values, "user")) {
            options = options.user(values.text("user"));
        }
        if (RunFlags.has(values, "workdir")) {
            options = options.workingDirectory(RunFlags.absolute(values.text("workdir")));
        }
        return new Request(operands.getFirst(), options);
    }
}
