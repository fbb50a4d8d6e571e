package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.surface.ClientProcess;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code carafe serve}: Docker's Engine API. The client that the user has started becomes the server, so that it has the process id that a supervisor knows,
 * and gets its signals.
 */
final class ServeCommand implements Command {
    @Override
    public CommandSpec spec() {
        return ServeFlags.SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        // What is wrong with the words is told before anything becomes anything.
        for (String host : values.list("host")) {
            if (!host.startsWith("unix://") && !host.startsWith("tcp://")) {
                throw Fault.invalid("listen on", "\"" + host + "\"", "expected unix://PATH or tcp://ADDRESS:PORT");
            }
        }
        var words = new ArrayList<String>(List.of("--serve", Long.toString(ProcessHandle.current().pid())));
        words.addAll(call.console().request().arguments());
        ClientProcess.become(call.console(), words);
        return 0;
    }
}
