package dev.carafe.cli.command;

import java.util.List;
import java.util.Optional;

/** The commands that somebody waits for by the millisecond; the first table that is looked at. */
final class StartCommands implements CommandTable {
    @Override
    public Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "run" -> new RunCommand();
            case "create" -> new CreateCommand();
            case "start" -> new StartCommand();
            case "stop" -> new StopCommand();
            case "kill" -> new KillCommand();
            case "rm" -> new RmCommand();
            case "ps" -> new PsCommand();
            case "logs" -> new LogsCommand();
            case "exec" -> new ExecCommand();
            case "attach" -> new AttachCommand();
            case "wait" -> new WaitCommand();
            case "inspect" -> new InspectCommand();
            case "explain" -> new ExplainCommand();
            default -> null;
        });
    }

    @Override
    public List<String> names(String group) {
        return group.equals("container") ? List.of("run", "create", "start", "stop", "kill", "rm", "ps", "logs", "exec", "attach", "wait", "inspect", "explain") : List.of();
    }
}
