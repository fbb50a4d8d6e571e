package dev.carafe.cli.surface;

import dev.carafe.plan.Cgroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What an engine does that was started on behalf of a container runtime's caller: it shall hold nothing of it. Session, directory and descriptors are
 * new already; the control groups are left here, since conmon's and a shim's are removed while the engine still lives, and count what is in them.
 */
public final class Detachment {
    private Detachment() {
    }

    /** Moves this process and its performer to the top of every hierarchy. Where that is not permitted, they stay. */
    public static void leaveCaller(Cgroups host) {
        long[] processes = {ProcessHandle.current().pid(), ProcessHandle.current().parent().orElseThrow().pid()};
        for (Cgroups.V1 hierarchy : host.v1()) {
            leave(hierarchy.mountpoint(), ":" + String.join(",", hierarchy.controllers()) + ":/", processes);
        }
        host.v2().ifPresent(v2 -> leave(v2.mountpoint(), "0::/", processes));
        write(Path.of("/proc/self/oom_score_adj"), "0");
        write(Path.of("/proc/" + processes[1] + "/oom_score_adj"), "0");
    }

    /** A move takes a lock against all forks of the machine, so one that changes nothing is spared (proc_pid_cgroup(5)). */
    private static void leave(String mountpoint, String top, long[] processes) {
        try {
            List<String> own = Files.readAllLines(Path.of("/proc/self/cgroup"));
            if (own.stream().anyMatch(line -> line.endsWith(top))) {
                return;
            }
        } catch (IOException e) {
            return;
        }
        for (long process : processes) {
            write(Path.of(mountpoint, "cgroup.procs"), Long.toString(process));
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException refused) {
            // Without the right to do so, all stays as it was: that is not worth refusing to serve.
        }
    }
}
