package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Help;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Outcome;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.surface.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds the command that the first words name, and runs it. Only that one is built, since a cold start pays for every class. */
public final class Commands {
    private static final CommandSpec TOP = CommandSpec.builder("carafe", "A container engine that explains itself").operands("[OPTIONS] COMMAND", 0, CommandSpec.ANY)
            .options(Option.of(Type.TEXT, "root", "Directory for what stays").initially("/var/lib/carafe"),
                    Option.of(Type.TEXT, "run-root", "Directory for what a reboot forgets").initially("/run/carafe"),
                    Option.of(Type.SWITCH, 'v', "version", "Print the version and quit"))
            .stopsAtOperand().build();

    private record Entry(String group, String name, String summary, Supplier<Command> command) {
    }

    /** In the order of the help page; a name with a blank stands in a group of its own. */
    private static List<Entry> entries() {
        return List.of(new Entry("Containers", "run", "Make a container and start it", RunCommand::new),
                new Entry("Containers", "create", "Make a container", CreateCommand::new),
                new Entry("Containers", "start", "Start containers", StartCommand::new),
                new Entry("Containers", "stop", "Stop containers", StopCommand::new),
                new Entry("Containers", "kill", "Send a signal to containers", KillCommand::new),
                new Entry("Containers", "rm", "Remove containers", RmCommand::new),
                new Entry("Containers", "ps", "List containers", PsCommand::new),
                new Entry("Containers", "logs", "Print the output of a container", LogsCommand::new),
                new Entry("Containers", "exec", "Run a command in a running container", ExecCommand::new),
                new Entry("Containers", "attach", "Connect with a running container", AttachCommand::new),
                new Entry("Containers", "wait", "Wait until containers end, and print their exit codes", WaitCommand::new),
                new Entry("Containers", "inspect", "Print everything about containers and images", InspectCommand::new),
                new Entry("Containers", "explain", "Print the plan that started a container, with the time of each step", ExplainCommand::new),
                new Entry("Images", "images", "List images", ImagesCommand::new),
                new Entry("Images", "load", "Load images from an archive or a layout", LoadCommand::new),
                new Entry("Images", "save", "Save images to an archive", SaveCommand::new),
                new Entry("Images", "import", "Make an image from the tar of a file system", ImportCommand::new),
                new Entry("Images", "rmi", "Remove images", RmiCommand::new),
                new Entry("Images", "tag", "Give an image another name", TagCommand::new),
                new Entry("System", "info", "Print what this engine is and where", InfoCommand::new),
                new Entry("System", "version", "Print versions", VersionCommand::new),
                new Entry("System", "system df", "Print what is kept on disk", SystemDfCommand::new),
                new Entry("System", "system prune", "Remove what is not used", SystemPruneCommand::new));
    }

    /** Which group of the help page a first word of two stands for. */
    private static String group(String word) {
        return switch (word) {
            case "container" -> "Containers";
            case "image" -> "Images";
            case "volume" -> "Volumes";
            case "network" -> "Networks";
            default -> "";
        };
    }

    private Commands() {
    }

    /** Runs the command line behind the global options. */
    public static int run(Console console, List<String> words, Call.Provider provider) {
        if (words.isEmpty() || words.getFirst().equals("--help") || words.getFirst().equals("-h") || words.getFirst().equals("help")) {
            console.out(help());
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
        if (first.equals("system") && (words.size() == 1 || words.get(1).equals("--help") || words.get(1).equals("-h"))) {
            console.out(systemHelp());
            return 0;
        } else if (first.equals("system")) {
            name = words.get(1).equals("info") ? "info" : first + " " + words.get(1);
            used = 2;
        } else if (!group(first).isEmpty()) {
            List<Help.Entry> members = members(group(first));
            if (words.size() == 1 || words.get(1).equals("--help") || words.get(1).equals("-h") || words.get(1).equals("help")) {
                console.out(LifeCommands.page(first, members, Help.WIDTH).orElseThrow());
                return 0;
            }
            Optional<String> known = LifeCommands.named(first, words.get(1), members);
            if (known.isEmpty()) {
                console.error("carafe: unknown command: carafe " + first + " " + words.get(1) + "\n\nUsage:  carafe " + first + "\n\nRun 'carafe " + first
                        + " --help' for more information\n");
                return 1;
            }
            name = known.get();
            used = 2;
        }
        Optional<Command> command = find(name);
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

    private static Optional<Command> find(String name) {
        for (Entry entry : entries()) {
            if (entry.name().equals(name)) {
                return Optional.of(entry.command().get());
            }
        }
        return LifeCommands.find(name);
    }

    private static List<Help.Entry> members(String group) {
        var list = new ArrayList<Help.Entry>();
        for (Entry entry : entries()) {
            if (entry.group().equals(group)) {
                list.add(new Help.Entry(entry.name(), entry.summary()));
            }
        }
        return list;
    }

    private static String systemHelp() {
        var list = new ArrayList<Help.Entry>();
        for (Help.Entry entry : members("System")) {
            if (!entry.name().equals("version")) {
                list.add(new Help.Entry(entry.name().substring(entry.name().indexOf(' ') + 1), entry.summary()));
            }
        }
        return Help.page(CommandSpec.builder("carafe system", "Commands about the engine").operands("COMMAND", 0, CommandSpec.ANY).build(),
                List.of(new Help.Group("Commands", list)), Help.WIDTH);
    }

    private static String help() {
        var groups = new ArrayList<Help.Group>();
        for (String title : List.of("Containers", "Images", "Volumes", "Networks", "System")) {
            List<Help.Entry> list = members(title);
            list.addAll(LifeCommands.entries(title));
            if (!list.isEmpty()) {
                groups.add(new Help.Group(title, list));
            }
        }
        return Help.page(TOP, groups, Help.WIDTH);
    }
}
