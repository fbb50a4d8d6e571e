package dev.carafe.cli.flag;

import java.util.List;

/** What came of reading a command line. */
public sealed interface Outcome {
    /** The exit status of a command line with an option that is unknown or has a bad value (docker's, for every command). */
    int BAD_OPTION = 125;
    /** The exit status of a command line with too few or too many operands. */
    int BAD_OPERANDS = 1;

    /** All is well; the command may run. */
    record Accepted(Values values, List<String> operands) implements Outcome {
        public Accepted {
            operands = List.copyOf(operands);
        }
    }

    /** The user asked for the help page: print it on standard output and exit with 0. */
    record HelpAsked(CommandSpec command) implements Outcome {}

    /** Print the text on standard error, with a line feed behind it, and exit with the status. */
    record Refused(String text, int status) implements Outcome {}
}
