package dev.carafe.runtime.command;

import java.util.List;
import java.util.Optional;

/** The commands by name; only the one that is called is made. */
final class Commands {
    static final List<String> NAMES = List.of("checkpoint", "create", "delete", "events", "exec", "features", "kill", "list", "pause", "ps", "restore", "resume", "run",
            "spec", "start", "state", "update");

    private Commands() {
    }

    static Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "create" -> new StartingCommand(false);
            case "run" -> new StartingCommand(true);
            case "start" -> new SimpleCommands.Start();
            case "state" -> new SimpleCommands.Show();
            case "kill" -> new SimpleCommands.Kill();
            case "delete" -> new SimpleCommands.Delete();
            case "pause" -> new SimpleCommands.Pause();
            case "resume" -> new SimpleCommands.Resume();
            case "exec" -> new ExecCommand();
            case "list" -> new ListingCommands.Containers();
            case "ps" -> new ListingCommands.Processes();
            case "checkpoint" -> new CheckpointCommand();
            case "restore" -> new RestoreCommand();
            case "update" -> new UpdateCommand();
            case "events" -> new EventsCommand();
            case "spec" -> new SpecCommand();
            case "features" -> new FeaturesCommand();
            default -> null;
        });
    }
}
