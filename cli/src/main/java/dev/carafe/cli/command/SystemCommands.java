package dev.carafe.cli.command;

import java.util.List;
import java.util.Optional;

/** The commands about the engine. */
final class SystemCommands implements CommandTable {
    @Override
    public Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "info" -> new InfoCommand();
            case "version" -> new VersionCommand();
            case "events" -> new EventsCommand();
            case "serve" -> new ServeCommand();
            case "system df" -> new SystemDfCommand();
            case "system prune" -> new SystemPruneCommand();
            case "system check" -> new SystemCheckCommand();
            case "system enable" -> new SystemEnableCommand(true);
            case "system disable" -> new SystemEnableCommand(false);
            case "system keep" -> new KeepCommand();
            default -> null;
        });
    }

    @Override
    public List<String> names(String group) {
        return group.equals("system")
                ? List.of("info", "version", "events", "serve", "system df", "system prune", "system check", "system enable", "system disable", "system keep") : List.of();
    }
}
