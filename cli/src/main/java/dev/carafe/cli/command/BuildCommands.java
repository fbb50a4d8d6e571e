package dev.carafe.cli.command;

import java.util.List;
import java.util.Optional;

/** The commands that build images. */
final class BuildCommands implements CommandTable {
    @Override
    public Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "build", "bud", "image build", "builder build" -> new BuildCommand();
            case "builder prune" -> new BuilderPruneCommand();
            default -> null;
        });
    }

    @Override
    public List<String> names(String group) {
        return group.equals("builder") ? List.of("build", "builder prune") : List.of();
    }
}
