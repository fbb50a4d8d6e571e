package dev.carafe.cli.run;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Help;
import dev.carafe.cli.flag.Outcome;

/** What came of reading the words behind a command, as the command's own record. */
public sealed interface Reading<T> {
    /** The command may run. */
    record Ready<T>(T options) implements Reading<T> {}

    /** There is a help page or a refusal to print. */
    record Stopped<T>(Outcome why) implements Reading<T> {}

    /** A refusal that was found after the options had been read, with the exit status that docker's client has for it. */
    static <T> Stopped<T> refused(CommandSpec command, Fault offence, int status) {
        String program = command.path().substring(0, command.path().indexOf(' '));
        return new Stopped<>(new Outcome.Refused(program + ": " + offence.getMessage() + ".\n" + Help.see(command), status));
    }
}
