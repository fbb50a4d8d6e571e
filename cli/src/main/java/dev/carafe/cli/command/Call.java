package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.FlagParser;
import dev.carafe.cli.flag.Help;
import dev.carafe.cli.flag.Outcome;
import dev.carafe.cli.run.Caller;
import dev.carafe.cli.surface.Console;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.Engine;
import dev.carafe.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One call of a command: who calls, the words behind the command, and the engine. */
public record Call(Console console, List<String> words, Provider provider) {
    /** What a command works with; the engine is opened by the first who needs it. */
    public interface Provider {
        Engine engine();

        /** An engine for work of many threads: of the same state, but one that makes its calls by itself. */
        default Engine working() {
            return engine();
        }

        /** The plan of a container that is not made; needs no engine. */
        Plan preview(ContainerOptions options);
    }

    Engine engine() {
        return provider.engine();
    }


    /** Prints a help page or a refusal. */
    int stop(Outcome outcome) {
        if (outcome instanceof Outcome.HelpAsked help) {
            console.out(Help.page(help.command(), width()));
            return 0;
        } else if (outcome instanceof Outcome.Refused refused) {
            console.error(refused.text() + "\n");
            return refused.status();
        } else if (outcome instanceof Outcome.Accepted) {
            return 0;
        } else {
            throw new MatchException(String.valueOf(outcome), null);
        }
    }

    private int width() {
        return console.request().columns() > 0 ? console.request().columns() : Help.WIDTH;
    }

    /** Says what went wrong, in one line. */
    void complain(Fault fault) {
        console.error("carafe: " + fault.getMessage() + "\n");
    }

    Path path(String text) {
        return console.request().directory().resolve(text);
    }

    /** What options may refer to on the caller's side. */
    Caller caller() {
        return new Caller(console.request().environment(), console.request().directory(), path -> {
            try {
                return Files.readAllBytes(path);
            } catch (IOException e) {
                throw Fault.notFound("open", path.toString(), reason(path)).cause(e);
            }
        });
    }

    private static String reason(Path path) {
        if (Files.isDirectory(path)) {
            return "is a directory";
        }
        return Files.exists(path) ? "permission denied" : "no such file or directory";
    }

    /** Does something for each operand; one that fails is told and does not keep the others from their turn. */
    int each(List<String> operands, Each action) {
        int status = 0;
        for (String operand : operands) {
            try {
                action.run(operand);
            } catch (Fault fault) {
                complain(fault);
                status = 1;
            }
        }
        return status;
    }

    /** What is done for one operand. */
    interface Each {
        void run(String operand);
    }
}
