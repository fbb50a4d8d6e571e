package dev.carafe.cli.command;

import java.util.List;
import java.util.Optional;

/** The commands about networks. */
final class NetworkCommands implements CommandTable {
    @Override
    public Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "network create" -> new NetworkCreateCommand();
            case "network ls", "network list" -> new NetworkLsCommand();
            case "network inspect" -> InspectForm.ofNetworks();
            case "network rm", "network remove" -> new NetworkRmCommand();
            case "network connect" -> new NetworkConnectCommand();
            case "network disconnect" -> new NetworkDisconnectCommand();
            case "network prune" -> new NetworkPruneCommand();
            case "network explain" -> new NetworkExplainCommand();
            default -> null;
        });
    }

    @Override
    public List<String> names(String group) {
        return group.equals("network") ? List.of("network create", "network ls", "network inspect", "network rm", "network connect", "network disconnect", "network prune",
                "network explain") : List.of();
    }
}
