package dev.carafe.cli.command;

import dev.carafe.cli.flag.Help;
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
        return switch (name) {
            case "pull" -> Optional.of(new PullCommand());
            case "push" -> Optional.of(new PushCommand());
            case "login" -> Optional.of(new LoginCommand());
            case "logout" -> Optional.of(new LogoutCommand());
            default -> Optional.empty();
        };
    }

    /** What the help page says of those of a group; for the first page, those without a group of their own. */
    static List<Help.Entry> entries(String group) {
        if (!group.equals("Images") && !group.equals("image")) {
            return List.of();
        }
        return List.of(new Help.Entry("pull", "Fetch images from registries"),
                new Help.Entry("push", "Bring an image to a registry"),
                new Help.Entry("login", "Log in to a registry"),
                new Help.Entry("logout", "Forget the credentials for a registry"));
    }
}
