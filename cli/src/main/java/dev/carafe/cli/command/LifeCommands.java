package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Help;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The commands that nobody waits for by the millisecond, and the longer spellings by which docker and podman group all commands. Looked at
 * only when a word is none of the first table, so that {@code run} does not pay for it.
 */
final class LifeCommands {
    /** What the first word of a longer spelling may be, each with the group of the help page that it stands for. */
    private static final List<String> GROUPS = List.of("container", "image", "volume", "network");

    private LifeCommands() {
    }

    /** The command of that name; names of groups are two words. */
    static Optional<Command> find(String name) {
        return Optional.ofNullable(switch (name) {
            case "pause" -> new PauseCommand();
            case "unpause" -> new UnpauseCommand();
            case "rename" -> new RenameCommand();
            case "restart" -> new RestartCommand();
            case "update" -> new UpdateCommand();
            case "top" -> new TopCommand();
            case "cp" -> new CopyCommand();
            case "diff" -> new DiffCommand();
            case "commit" -> new CommitCommand();
            case "export" -> new ExportCommand();
            case "stats" -> new StatsCommand();
            case "events", "system events" -> new EventsCommand();
            case "system keep" -> new KeepCommand();
            case "why-exited" -> new WhyExitedCommand();
            case "container exists" -> new ExistsCommand("container");
            case "container prune" -> new ContainerPruneCommand();
            case "container inspect" -> new InspectCommand("container");
            case "image inspect" -> new InspectCommand("image");
            case "volume create" -> new VolumeCreateCommand();
            case "volume ls", "volume list" -> new VolumeListCommand();
            case "volume inspect" -> new VolumeInspectCommand();
            case "volume rm", "volume remove" -> new VolumeRemoveCommand();
            case "volume prune" -> new VolumePruneCommand();
            case "volume exists" -> new ExistsCommand("volume");
            default -> RegistryCommands.find(name).orElse(null);
        }).or(() -> NetworkCommands.find(name));
    }

    /** The page of a group. */
    static Optional<String> page(String group, List<Help.Entry> first, int width) {
        if (!GROUPS.contains(group)) {
            return Optional.empty();
        }
        var commands = new ArrayList<Help.Entry>();
        first.forEach(entry -> commands.add(new Help.Entry(longer(group, entry.name()), entry.summary())));
        entries(group).forEach(entry -> commands.add(new Help.Entry(entry.name().substring(entry.name().indexOf(' ') + 1), entry.summary())));
        commands.sort((a, b) -> a.name().compareTo(b.name()));
        CommandSpec spec = CommandSpec.builder("carafe " + group, "Commands about " + group + "s").operands("COMMAND", 0, CommandSpec.ANY).build();
        return Optional.of(Help.page(spec, List.of(new Help.Group("Commands", commands)), width));
    }

    private static String longer(String group, String name) {
        return switch (name) {
            case "ps", "images" -> "ls";
            case "rmi" -> "rm";
            default -> name;
        };
    }

    /** What the help page says of those of a group; for the first page, those without a group of their own. */
    static List<Help.Entry> entries(String group) {
        return switch (group) {
            case "Containers", "container" -> {
                var list = new ArrayList<>(List.of(new Help.Entry("pause", "Make the processes of containers stand still"),
                        new Help.Entry("unpause", "Let the processes of paused containers go on"),
                        new Help.Entry("rename", "Give a container another name"),
                        new Help.Entry("restart", "Stop containers and start them again"),
                        new Help.Entry("update", "Give containers other limits"),
                        new Help.Entry("top", "Show the processes of a container"),
                        new Help.Entry("port", "Print where the ports of a container are published"),
                        new Help.Entry("cp", "Copy files between a container and the host"),
                        new Help.Entry("diff", "Show what a container changed upon its image"),
                        new Help.Entry("commit", "Make an image of a container"),
                        new Help.Entry("export", "Write a container's file system as an archive"),
                        new Help.Entry("stats", "Show what containers use"),
                        new Help.Entry("why-exited", "Tell why containers ended")));
                if (group.equals("container")) {
                    list.add(new Help.Entry("container exists", "Tell by the exit status whether there is such a container"));
                    list.add(new Help.Entry("container prune", "Remove all containers that do not run"));
                }
                yield list;
            }
            case "System" -> List.of(new Help.Entry("events", "Show what happens to containers and volumes"));
            case "Volumes", "volume" -> List.of(new Help.Entry("volume create", "Make a volume"),
                    new Help.Entry("volume ls", "List volumes"),
                    new Help.Entry("volume inspect", "Print everything about volumes"),
                    new Help.Entry("volume rm", "Remove volumes"),
                    new Help.Entry("volume prune", "Remove volumes that no container uses"),
                    new Help.Entry("volume exists", "Tell by the exit status whether there is such a volume"));
            case "Networks", "network" -> NetworkCommands.entries();
            default -> RegistryCommands.entries(group);
        };
    }

    /** The name in the tables of what a longer spelling means; empty when there is no such command in that group. */
    static Optional<String> named(String group, String word, List<Help.Entry> first) {
        String name = switch (group + " " + word) {
            case "container ls", "container list", "container ps" -> "ps";
            case "container remove" -> "rm";
            case "image ls", "image list" -> "images";
            case "image rm", "image remove" -> "rmi";
            case "container images", "image ps" -> "";
            default -> word;
        };
        if (find(group + " " + word).isPresent()) {
            return Optional.of(group + " " + word);
        }
        boolean known = first.stream().anyMatch(entry -> entry.name().equals(name)) || entries(group).stream().anyMatch(entry -> entry.name().equals(name));
        return known ? Optional.of(name) : Optional.empty();
    }
}
