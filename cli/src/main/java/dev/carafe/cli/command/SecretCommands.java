package dev.carafe.cli.command;

import java.util.List;
import java.util.Optional;

/** The commands about secrets. */
final class SecretCommands implements CommandTable {
    @Override
    public Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "secret create" -> new SecretCreateCommand();
            case "secret ls", "secret list" -> new SecretListCommand();
            case "secret inspect" -> InspectForm.ofSecrets();
            case "secret rm", "secret remove" -> new SecretRemoveCommand();
            case "secret exists" -> new ExistsCommand("secret");
            default -> null;
        });
    }

    @Override
    public List<String> names(String group) {
        return group.equals("secret") ? List.of("secret create", "secret ls", "secret inspect", "secret rm", "secret exists") : List.of();
    }
}
