package dev.carafe.cli.command;

import java.util.List;
import java.util.Optional;

/** The commands about lists of manifests. */
final class ManifestCommands implements CommandTable {
    @Override
    public Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "manifest create" -> new ManifestCreateCommand();
            case "manifest add" -> new ManifestAddCommand();
            case "manifest annotate" -> new ManifestAnnotateCommand();
            case "manifest inspect" -> new ManifestInspectCommand();
            case "manifest push" -> new ManifestPushCommand();
            case "manifest remove" -> new ManifestRemoveCommand();
            case "manifest rm" -> new ManifestRmCommand();
            case "manifest exists" -> new ManifestExistsCommand();
            default -> null;
        });
    }

    @Override
    public List<String> names(String group) {
        return group.equals("manifest") ? List.of("manifest create", "manifest add", "manifest annotate", "manifest inspect", "manifest push", "manifest remove", "manifest rm",
                "manifest exists") : List.of();
    }
}
