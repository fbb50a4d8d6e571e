package dev.carafe.cli.command;

import java.util.List;
import java.util.Optional;

/** The commands about volumes. */
final class VolumeCommands implements CommandTable {
    @Override
    public Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "volume create" -> new VolumeCreateCommand();
            case "volume ls", "volume list" -> new VolumeListCommand();
            case "volume inspect" -> InspectForm.ofVolumes();
            case "volume rm", "volume remove" -> new VolumeRemoveCommand();
            case "volume prune" -> new VolumePruneCommand();
            case "volume export" -> new VolumeExportCommand();
            case "volume import" -> new VolumeImportCommand();
            case "volume mount" -> new VolumeMountCommand(true);
            case "volume unmount", "volume umount" -> new VolumeMountCommand(false);
            case "volume exists" -> new ExistsCommand("volume");
            default -> null;
        });
    }

    @Override
    public List<String> names(String group) {
        return group.equals("volume") ? List.of("volume create", "volume ls", "volume inspect", "volume rm", "volume prune", "volume export", "volume import",
                "volume mount", "volume unmount", "volume exists") : List.of();
    }
}
