package dev.carafe.cli.command;

import dev.carafe.cli.flag.Help;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The commands that have to do with registries and other places of images. They stand in a table of their own, so that a command that
 * starts a container does not load it.
 */
final class RegistryCommands {
    private RegistryCommands() {
    }

    static Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "pull" -> new PullCommand();
            case "push" -> new PushCommand();
            case "login" -> new LoginCommand();
            case "logout" -> new LogoutCommand();
            case "untag" -> new UntagCommand();
            case "history" -> new HistoryCommand();
            case "copy" -> new ImageCopyCommand();
            case "list-tags" -> new ListTagsCommand();
            case "delete" -> new DeleteCommand();
            case "manifest-digest" -> new ManifestDigestCommand();
            case "sync" -> new SyncCommand();
            case "skopeo" -> new SkopeoCommand();
            case "image exists" -> new ImageExistsCommand();
            case "image tree" -> new ImageTreeCommand();
            case "image prune" -> new ImagePruneCommand();
            case "system check" -> new SystemCheckCommand();
            default -> null;
        });
    }

    /** What the help page says of those of a group; for the first page, those without a group of their own. */
    static List<Help.Entry> entries(String group) {
        return switch (group) {
            case "Images", "image" -> {
                var list = new ArrayList<>(List.of(new Help.Entry("pull", "Fetch images from registries"),
                        new Help.Entry("push", "Bring an image to a registry"),
                        new Help.Entry("untag", "Take names from an image, which stays"),
                        new Help.Entry("history", "Print how an image was made")));
                if (group.equals("image")) {
                    list.add(new Help.Entry("image exists", "Tell by the exit status whether there is such an image"));
                    list.add(new Help.Entry("image tree", "Print the layers of an image"));
                    list.add(new Help.Entry("image prune", "Remove images that are not needed"));
                } else {
                    list.addAll(List.of(new Help.Entry("login", "Log in to a registry"),
                            new Help.Entry("logout", "Forget the credentials for a registry"),
                            new Help.Entry("copy", "Copy an image between any two places"),
                            new Help.Entry("sync", "Copy whole repositories and directories of images"),
                            new Help.Entry("list-tags", "List the tags of a repository in a registry"),
                            new Help.Entry("delete", "Delete an image in a registry"),
                            new Help.Entry("manifest-digest", "Compute the digest of a manifest in a file"),
                            new Help.Entry("skopeo", "Take skopeo's command line")));
                }
                yield list;
            }
            case "System" -> List.of(new Help.Entry("system check", "Verify every blob and image of the store"));
            default -> List.of();
        };
    }
}
