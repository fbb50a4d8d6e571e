package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.FlagParser;
import dev.carafe.cli.flag.Outcome;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** A command: its table, and what it does. */
interface Command {
    CommandSpec spec();

    /** Does it; the exit status. */
    int run(Call call, Values values, List<String> operands);

    /** Reads the words, and does it or prints why not. */
    default int run(Call call) {
        Outcome outcome = FlagParser.parse(spec(), call.words());
        return outcome instanceof Outcome.Accepted accepted ? run(call, accepted.values(), accepted.operands()) : call.stop(outcome);
    }
}
