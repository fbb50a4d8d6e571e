package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Help;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All tables of commands, the help pages that they make, and the longer spellings by which docker and podman group all commands. */
final class CommandTables {
    /**
     * A first word that others follow.
     *
     * @param title of its commands on the first help page
     * @param apart whether commands of two words stand on its own page only: the first page has enough of those of one
     */
    private record Group(String word, String title, String summary, boolean apart) {
    }

    private static final int TABLES = 10;

    private CommandTables() {
    }

    private static List<Group> groups() {
        return List.of(new Group("container", "Containers", "Commands about containers", true), new Group("image", "Images", "Commands about images", true),
                new Group("manifest", "Manifests", "Commands about lists of manifests: images for several platforms", false),
                new Group("registry", "Registries", "Commands about registries and the other places of images", false),
                new Group("builder", "Builds", "Commands about builds", false),
                new Group("volume", "Volumes", "Commands about volumes", false), new Group("network", "Networks", "Commands about networks", false),
                new Group("secret", "Secrets", "Commands about secrets", false), new Group("healthcheck", "Health", "Commands about health checks", false),
                new Group("system", "System", "Commands about the engine", false));
    }

    /** One after the other, as somebody asks for them: those behind the one that has the name are not loaded. */
    private static CommandTable table(int number) {
        return switch (number) {
            case 0 -> new StartCommands();
            case 1 -> new LifeCommands();
            case 2 -> new ImageCommands();
            case 3 -> new RegistryCommands();
            case 4 -> new VolumeCommands();
            case 5 -> new NetworkCommands();
            case 6 -> new SystemCommands();
            case 7 -> new ManifestCommands();
            case 8 -> new SecretCommands();
            case 9 -> new BuildCommands();
            default -> throw new IndexOutOfBoundsException(number);
        };
    }

    /** The command of that name; names of groups are two words. */
    static Optional<Command> find(String name) {
        for (int k = 0; k < TABLES; k++) {
            Optional<Command> found = table(k).find(name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static List<String> names(String group) {
        var names = new ArrayList<String>();
        for (int k = 0; k < TABLES; k++) {
            names.addAll(table(k).names(group));
        }
        return names;
    }

    static boolean isGroup(String word) {
        return switch (word) {
            case "container", "image", "manifest", "registry", "builder", "volume", "network", "secret", "healthcheck", "system" -> true;
            default -> false;
        };
    }

    /** The name in the tables of what a longer spelling means; empty when there is no such command in that group. */
    static Optional<String> named(String group, String word) {
        String whole = group + " " + word;
        if (find(whole).isPresent()) {
            return Optional.of(whole);
        }
        String name = switch (whole) {
            case "container ls", "container list", "container ps" -> "ps";
            case "container remove" -> "rm";
            case "image ls", "image list" -> "images";
            case "image rm", "image remove" -> "rmi";
            case "image images" -> "";
            default -> word;
        };
        return names(group).contains(name) ? Optional.of(name) : Optional.empty();
    }

    /** The page of a group. */
    static String page(String word, int width) {
        Group group = groups().stream().filter(each -> each.word().equals(word)).findFirst().orElseThrow();
        var commands = new ArrayList<Help.Entry>();
        for (String name : names(word)) {
            commands.add(new Help.Entry(longer(name), summary(name)));
        }
        commands.sort((a, b) -> a.name().compareTo(b.name()));
        CommandSpec spec = CommandSpec.builder("carafe " + word, group.summary()).operands("COMMAND", 0, CommandSpec.ANY).build();
        return Help.page(spec, List.of(new Help.Group("Commands", commands)), width);
    }

    private static String longer(String name) {
        return switch (name) {
            case "ps", "images" -> "ls";
            case "rmi" -> "rm";
            default -> name.substring(name.indexOf(' ') + 1);
        };
    }

    private static String summary(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException(name)).spec().summary();
    }

    /** The first page. */
    static String firstPage(CommandSpec top, int width) {
        var all = new ArrayList<Help.Group>();
        for (Group group : groups()) {
            var commands = new ArrayList<Help.Entry>();
            for (String name : names(group.word())) {
                if (!group.apart() || name.indexOf(' ') < 0) {
                    commands.add(new Help.Entry(name, summary(name)));
                }
            }
            all.add(new Help.Group(group.title(), commands));
        }
        return Help.page(top, all, width);
    }
}
