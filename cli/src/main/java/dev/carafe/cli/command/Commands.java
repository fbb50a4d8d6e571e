package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Help;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Outcome;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.surface.Console;
import java.util.List;
import java.util.Optional;

/** Finds the command that the first words name, and runs it. Only that one is built, since a cold start pays for every class. */
public final class Commands {
    private static final CommandSpec TOP = CommandSpec.builder("carafe", "A container engine that explains itself").operands("[OPTIONS] COMMAND", 0, CommandSpec.ANY)
            .options(Option.of(Type.TEXT, "root", "Directory for what stays").initially("/var/lib/carafe"),
                    Option.of(Type.TEXT, "run-root", "Directory for what a reboot forgets").initially("/run/carafe"),
                    Option.of(Type.SWITCH, 'v', "version", "Print the version and quit"))
            .stopsAtOperand().build();

    private Commands() {
    }

    /** Runs the command line behind the global options. */
    public static int run(Console console, List<String> words, Call.Provider provider) {
        if (words.isEmpty() || words.getFirst().equals("--help") || words.getFirst().equals("-h") || words.getFirst().equals("help")) {
            console.out(CommandTables.firstPage(TOP, Help.WIDTH));
            return 0;
        }
        if (words.getFirst().equals("--version") || words.getFirst().equals("-v")) {
            console.out("Carafe version " + VersionCommand.VERSION + "\n");
            return 0;
        }
        String first = words.getFirst();
        if (first.startsWith("-")) {
            console.error("unknown flag: " + first + "\nSee 'carafe --help'.\n");
            return Outcome.BAD_OPTION;
        }
        String name = first;
        int used = 1;
        if (CommandTables.isGroup(first)) {
            if (words.size() == 1 || words.get(1).equals("--help") || words.get(1).equals("-h") || words.get(1).equals("help")) {
                console.out(CommandTables.page(first, Help.WIDTH));
                return 0;
            }
            Optional<String> known = CommandTables.named(first, words.get(1));
            if (known.isEmpty()) {
                console.error("carafe: unknown command: carafe " + first + " " + words.get(1) + "\n\nUsage:  carafe " + first + "\n\nRun 'carafe " + first
                        + " --help' for more information\n");
                return 1;
            }
            name = known.get();
            used = 2;
        }
        Optional<Command> command = CommandTables.find(name);
        if (command.isEmpty()) {
            console.error("carafe: '" + String.join(" ", words.subList(0, used)) + "' is not a carafe command.\nSee 'carafe --help'\n");
            return 1;
        }
        List<String> rest = words.subList(used, words.size());
        Call call = new Call(console, rest, provider);
        try {
            return command.get().run(call);
        } catch (Fault fault) {
            call.complain(fault);
            return 1;
        }
    }
}
