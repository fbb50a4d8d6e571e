package dev.carafe.cli.command;

import java.util.List;
import java.util.Optional;

/** The commands about registries and the other places of images. */
final class RegistryCommands implements CommandTable {
    @Override
    public Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "login" -> new LoginCommand();
            case "logout" -> new LogoutCommand();
            case "copy" -> new ImageCopyCommand();
            case "sync" -> new SyncCommand();
            case "list-tags" -> new ListTagsCommand();
            case "delete" -> new DeleteCommand();
            case "manifest-digest" -> new ManifestDigestCommand();
            case "skopeo" -> new SkopeoCommand();
            default -> null;
        });
    }

    @Override
    public List<String> names(String group) {
        return group.equals("registry") ? List.of("login", "logout", "copy", "sync", "list-tags", "delete", "manifest-digest", "skopeo") : List.of();
    }
}
