package dev.carafe.bench;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One mounted hierarchy of control groups; cgroups(7).
 *
 * @param root where it is mounted
 * @param version 1 or 2
 * @param controllers of version 1, such as {@code cpuacct}; of version 2 none are named here
 */
public record Hierarchy(Path root, int version, List<String> controllers) {
    public Hierarchy {
        controllers = List.copyOf(controllers);
    }

    /** Those of a mount table; proc_pid_mountinfo(5). */
    public static List<Hierarchy> parse(List<String> mountinfo) {
        var found = new ArrayList<Hierarchy>();
        for (String line : mountinfo) {
            String[] halves = line.split(" - ", 2);
            String[] first = halves[0].split(" ");
            String[] second = halves.length == 2 ? halves[1].split(" ") : new String[0];
            if (second.length < 3 || first.length < 5 || !first[3].equals("/")) {
                continue;
            }
            if (second[0].equals("cgroup")) {
                found.add(new Hierarchy(Path.of(first[4]), 1, List.of(second[2].split(","))));
            } else if (second[0].equals("cgroup2")) {
                found.add(new Hierarchy(Path.of(first[4]), 2, List.of()));
            }
        }
        return found;
    }

    /** Those that are mounted here. */
    public static List<Hierarchy> mounted() {
        try {
            return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"/proc/self/mountinfo\"", "no mount table").cause(e);
        }
    }

    /** The one that accounts processor time: {@code cpuacct} of version 1 before version 2. */
    public static Hierarchy accounting(List<Hierarchy> mounted) {
        Optional<Hierarchy> first = mounted.stream().filter(each -> each.controllers.contains("cpuacct")).findFirst();
        return first.or(() -> mounted.stream().filter(each -> each.version == 2).findFirst())
                .orElseThrow(() -> Fault.of(Fault.Kind.UNSUPPORTED, "account processor time", "",
                        "neither cpuacct nor version 2 of control groups is mounted"));
    }

    /** Makes a group in which others can be made. */
    public void make(String group) throws IOException {
        Path directory = Files.createDirectories(root.resolve(group));
        if (version == 2) {
            for (Path each = directory; each.startsWith(root); each = each.getParent()) {
                enable(each);
            }
        }
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
            Path inherited = root.resolve(file);
            if (version == 1 && controllers.contains("cpuset")) {
                Files.writeString(directory.resolve(file), Files.readString(inherited));
            }
        }
    }

    private static void enable(Path group) throws IOException {
        for (String controller : Files.readString(group.resolve("cgroup.controllers")).strip().split(" ")) {
            try {
                Files.writeString(group.resolve("cgroup.subtree_control"), "+" + controller);
            } catch (IOException e) {
                // A controller that cannot be handed down is one that no engine can use here either.
                continue;
            }
        }
    }

    /** Removes a group and those below it, which hold no process any more. */
    public void remove(String group) throws IOException {
        Path directory = root.resolve(group);
        if (Files.isDirectory(directory)) {
            removeTree(directory);
        }
    }

    private static void removeTree(Path directory) throws IOException {
        for (Path each : CpuGroup.children(directory)) {
            removeTree(each);
        }
        Files.deleteIfExists(directory);
    }
}
