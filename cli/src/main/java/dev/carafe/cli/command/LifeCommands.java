package dev.carafe.cli.command;

import java.util.List;
import java.util.Optional;

/** The commands about containers that nobody waits for by the millisecond. */
final class LifeCommands implements CommandTable {
    @Override
    public Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "pause" -> new PauseCommand();
            case "unpause" -> new UnpauseCommand();
            case "rename" -> new RenameCommand();
            case "restart" -> new RestartCommand();
            case "update" -> new UpdateCommand();
            case "top" -> new TopCommand();
            case "port" -> new PortCommand();
            case "cp" -> new CopyCommand();
            case "diff" -> new DiffCommand();
            case "commit" -> new CommitCommand();
            case "export" -> new ExportCommand();
            case "stats" -> new StatsCommand();
            case "why-exited" -> new WhyExitedCommand();
            case "healthcheck run" -> new HealthRunCommand();
            case "container exists" -> new ExistsCommand("container");
            case "container prune" -> new ContainerPruneCommand();
            case "container inspect" -> new InspectCommand("container");
            default -> null;
        });
    }

    @Override
    public List<String> names(String group) {
        if (group.equals("healthcheck")) {
            return List.of("healthcheck run");
        }
        return group.equals("container") ? List.of("pause", "unpause", "rename", "restart", "update", "top", "port", "cp", "diff", "commit", "export", "stats", "why-exited",
                "container exists", "container prune") : List.of();
    }
}
