package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.plan.Cgroups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What a container may leave behind on the host, and whether it has: processes, mounts, control groups, files of the run
 * directory. Taken before a test, compared after it.
 */
final class Leftovers {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final String marker;
    private final Path runDirectory;
    private final List<Path> groups;
    private final List<String> mounts;

    /**
     * @param marker a text that stands in the command line or the environment of every process of the test
     * @param cgroup the container's group, as in {@code linux.cgroupsPath}
     */
    Leftovers(String marker, Path runDirectory, Cgroups cgroups, String cgroup) {
        this.marker = marker;
        this.runDirectory = runDirectory;
        this.groups = groups(cgroups, cgroup);
        this.mounts = mounts();
    }

    static List<Path> groups(Cgroups cgroups, String cgroup) {
        var list = new ArrayList<Path>();
        cgroups.v1().forEach(v1 -> list.add(Path.of(v1.mountpoint() + cgroup)));
        cgroups.v2().ifPresent(v2 -> list.add(Path.of(v2.mountpoint() + cgroup)));
        return list;
    }

    private static List<String> mounts() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processes of the test by number, zombies left out; the performer itself is none. */
    List<String> processes() {
        return processes(marker);
    }

    static List<String> processes(String marker) {
        var found = new ArrayList<String>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                String command = read(process.resolve("cmdline"));
                if ((command.contains(marker) || read(process.resolve("environ")).contains(marker)) && !isOwn(process)) {
                    found.add(process.getFileName() + " " + command.replace('\0', ' '));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** This process or its performer. */
    private static boolean isOwn(Path process) {
        long own = ProcessHandle.current().pid();
        return Long.parseLong(process.getFileName().toString()) == own || parent(process) == own;
    }

    private static long parent(Path process) {
        String stat = read(process.resolve("stat"));
        return stat.isEmpty() ? 0 : Long.parseLong(stat.substring(stat.lastIndexOf(')') + 4).split(" ")[0]);
    }

    /** A process may end while it is looked at. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** Waits until no process of the test is left; fails when one stays for long. */
    void awaitNoProcess(String when) {
        if (!await(() -> processes().isEmpty())) {
            assertThat(processes()).as("processes left %s", when).isEmpty();
        }
    }

    /** Waits for something that is bound to happen; false when it does not for long. */
    static boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.onSpinWait();
            LockSupport.parkNanos(500_000);
        }
        return true;
    }

    List<Path> groupsLeft() {
        return groups.stream().filter(Files::exists).toList();
    }

    /** No process, mount, control group or socket. */
    void assertNone(String when) {
        awaitNoProcess(when);
        assertThat(groupsLeft()).as("cgroups left %s", when).isEmpty();
        assertNoMountOrSocket(when);
    }

    void assertNoMountOrSocket(String when) {
        assertNoMount(when);
        assertThat(runDirectory.resolve("attach")).as("socket left %s", when).doesNotExist();
    }

    void assertNoMount(String when) {
        assertThat(mounts().stream().filter(line -> !mounts.contains(line)).filter(line -> line.contains(marker)).toList())
                .as("mounts left %s", when).isEmpty();
    }

    /** Takes back what the engine would recover after its monitor was killed. */
    void removeGroups() {
        for (Path group : groups) {
            // A group is busy for a moment after its last process has gone.
            assertThat(await(() -> removed(group))).as("%s is removed", group).isTrue();
        }
        runDirectory.resolve("attach").toFile().delete();
    }

    private static boolean removed(Path group) {
        try {
            Files.delete(group);
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
