package dev.carafe.cli.command;

import java.util.List;
import java.util.Optional;

/** The commands about the images here, and their ways to and from registries. */
final class ImageCommands implements CommandTable {
    @Override
    public Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "images" -> new ImagesCommand();
            case "pull" -> new PullCommand();
            case "push" -> new PushCommand();
            case "load" -> new LoadCommand();
            case "save" -> new SaveCommand();
            case "import" -> new ImportCommand();
            case "rmi" -> new RmiCommand();
            case "tag" -> new TagCommand();
            case "untag" -> new UntagCommand();
            case "history" -> new HistoryCommand();
            case "image inspect" -> new InspectCommand("image");
            case "image exists" -> new ImageExistsCommand();
            case "image tree" -> new ImageTreeCommand();
            case "image mount" -> new ImageMountCommand();
            case "image unmount", "image umount" -> new ImageUnmountCommand();
            case "image bootstrap" -> new BootstrapCommand();
            case "image prune" -> new ImagePruneCommand();
            default -> null;
        });
    }

    @Override
    public List<String> names(String group) {
        return group.equals("image") ? List.of("images", "pull", "push", "load", "save", "import", "rmi", "tag", "untag", "history", "image inspect", "image exists", "image tree", "image mount", "image unmount", "image bootstrap",
                "image prune") : List.of();
    }
}
