package dev.carafe.runtime.command;

import java.util.List;

/** One command of the runtime. */
interface Command {
    /** Its words after its name, for the help page. */
    String usage();

    List<Option> options();

    /** After how many operands the rest is not this command's to read; negative: never. */
    default int stopsAt() {
        return -1;
    }

    /**
     * Does it.
     *
     * @return the exit status
     * @throws dev.carafe.base.Fault what went wrong, which the caller of this tells
     */
    int run(Invocation call, Options options);

    /** The exit status of a call that went wrong. */
    default int failure() {
        return 1;
    }
}
