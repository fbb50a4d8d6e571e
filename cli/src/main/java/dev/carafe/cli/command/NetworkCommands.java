package dev.carafe.cli.command;

import dev.carafe.cli.flag.Help;
import java.util.List;
import java.util.Optional;

/** The commands about networks. */
final class NetworkCommands {
    private NetworkCommands() {
    }

    static Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "network create" -> new NetworkCreateCommand();
            case "network ls", "network list" -> new NetworkLsCommand();
            case "network inspect" -> new NetworkInspectCommand();
            case "network rm", "network remove" -> new NetworkRmCommand();
            case "network connect" -> new NetworkConnectCommand();
            case "network disconnect" -> new NetworkDisconnectCommand();
            case "network prune" -> new NetworkPruneCommand();
            case "network explain" -> new NetworkExplainCommand();
            case "port" -> new PortCommand();
            default -> null;
        });
    }

    static List<Help.Entry> entries() {
        return List.of(new Help.Entry("network create", "Make a network"), new Help.Entry("network ls", "List networks"),
                new Help.Entry("network inspect", "Print everything about networks"), new Help.Entry("network rm", "Remove networks"),
                new Help.Entry("network connect", "Connect a container with a network"), new Help.Entry("network disconnect", "Disconnect a container from a network"),
                new Help.Entry("network prune", "Remove all networks that no container is on"),
                new Help.Entry("network explain", "Tell what networks have put on this host, and why"));
    }
}
