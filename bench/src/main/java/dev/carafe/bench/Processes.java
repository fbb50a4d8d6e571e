package dev.carafe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The processes of one peer and their memory.
 *
 * @param all in no order
 */
public record Processes(List<View> all) {
    /**
     * One process.
     *
     * @param contained whether it is in a container's PID namespace rather than the host's
     * @param pssKib its share of memory: what it shares with n processes counts as an nth; proc_pid_smaps(5), {@code Pss}
     */
    public record View(long pid, long parent, boolean contained, long pssKib) {}

    /**
     * What the peer's own processes hold.
     *
     * @param monitors how many processes are a container's parent
     * @param monitorKib of them together
     * @param residentKib of the engine's other processes: daemons, a warm engine, what it keeps in store
     */
    public record Memory(int monitors, long monitorKib, long residentKib) {}

    public Processes {
        all = List.copyOf(all);
    }

    /** Those in the group now, without the shell that measures. */
    public static Processes of(CpuGroup group, Shell shell) throws IOException {
        Path host = namespace("self");
        var views = new ArrayList<View>();
        for (long pid : group.processes()) {
            if (pid == shell.pid()) {
                continue;
            }
            try {
                Path directory = Path.of("/proc", Long.toString(pid));
                String stat = Files.readString(directory.resolve("stat"));
                long parent = Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[1]);
                views.add(new View(pid, parent, !namespace(Long.toString(pid)).equals(host),
                        pss(Files.readAllLines(directory.resolve("smaps_rollup")))));
            } catch (IOException e) {
                // It has ended meanwhile.
                continue;
            }
        }
        return new Processes(views);
    }

    private static Path namespace(String pid) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", pid, "ns/pid"));
    }

    static long pss(List<String> rollup) {
        for (String line : rollup) {
            if (line.startsWith("Pss:")) {
                return Long.parseLong(line.substring(4, line.length() - 2).strip());
            }
        }
        return 0;
    }

    /** Splits the processes on the host's side into monitors and the rest. */
    public Memory memory() {
        Set<Long> parents = new HashSet<>();
        for (View each : all) {
            if (each.contained) {
                parents.add(each.parent);
            }
        }
        int monitors = 0;
        long monitorKib = 0;
        long residentKib = 0;
        for (View each : all) {
            if (!each.contained && parents.contains(each.pid)) {
                monitors++;
                monitorKib += each.pssKib;
            } else if (!each.contained) {
                residentKib += each.pssKib;
            }
        }
        return new Memory(monitors, monitorKib, residentKib);
    }
}
