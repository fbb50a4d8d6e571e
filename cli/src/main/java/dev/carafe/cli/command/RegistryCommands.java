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
            case "registry catalog" -> new CatalogCommand();
            case "registry referrers" -> new ReferrersCommand();
            case "registry delete-blob" -> new DeleteBlobCommand();
            default -> null;
        });
    }

    @Override
    public List<String> names(String group) {
        return group.equals("registry") ? List.of("login", "logout", "copy", "sync", "list-tags", "delete", "manifest-digest", "skopeo",
                "registry catalog", "registry referrers", "registry delete-blob") : List.of();
    }
}
