package dev.carafe.runtime.oci;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.Cgroups;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The groups of one container in every hierarchy of the host: who is in them, freezing, killing, removing (cgroups(7), the kernel's
 * cgroup-v1 freezer-subsystem and cgroup-v2 documents). Version 1, version 2 and both together are all the same to the caller.
 */
public final class ControlGroups {
    private static final int SIGKILL = 9;
    private static final int ATTEMPTS = 400;
    private static final int PAUSE_MILLIS = 5;

    private final Cgroups host;
    private final String path;

    /** @param path below the mount points, absolute; "/" is the whole machine's and no group of a container */
    public ControlGroups(Cgroups host, String path) {
        this.host = host;
        this.path = path;
    }

    /** The container's directory in the hierarchy of that controller, wherever that is, if it exists. */
    Optional<Path> directory(String controller) {
        Optional<Cgroups.V1> v1 = host.withController(controller);
        if (v1.isPresent()) {
            return existing(v1.get().mountpoint());
        }
        return host.unifiedHas(controller) ? unified() : Optional.empty();
    }

    /** Whether that controller is one of version 1 here. */
    boolean isV1(String controller) {
        return host.withController(controller).isPresent();
    }

    Optional<Path> unified() {
        return host.v2().isEmpty() ? Optional.empty() : existing(host.v2().get().mountpoint());
    }

    private Optional<Path> existing(String mountpoint) {
        Path directory = Path.of(mountpoint + path);
        if (directory.normalize().equals(Path.of(mountpoint))) {
            return Optional.empty();
        }
        return Files.isDirectory(directory) ? Optional.of(directory) : Optional.empty();
    }

    /** All directories that there are. */
    private List<Path> directories() {
        var list = new ArrayList<Path>();
        for (Cgroups.V1 hierarchy : host.v1()) {
            existing(hierarchy.mountpoint()).ifPresent(list::add);
        }
        unified().ifPresent(list::add);
        return list;
    }

    /** Where its processes are counted: one hierarchy tells of all. */
    private Optional<Path> members() {
        for (String controller : new String[] {"pids", "freezer", "memory", "cpu"}) {
            Optional<Path> directory = directory(controller);
            if (directory.isPresent()) {
                return directory;
            }
        }
        List<Path> all = directories();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /** The processes of the container and of groups that it made below its own, in the order of their numbers. */
    public List<Integer> processes() {
        var pids = new TreeSet<Integer>();
        members().ifPresent(directory -> collect(directory, pids));
        return List.copyOf(pids);
    }

    private static void collect(Path directory, TreeSet<Integer> pids) {
        for (String line : lines(directory.resolve("cgroup.procs"))) {
            int pid = Integer.parseInt(line);
            if (pid > 0) {
                pids.add(pid);
            }
        }
        for (Path below : below(directory)) {
            collect(below, pids);
        }
    }

    private static List<Path> below(Path directory) {
        var list = new ArrayList<Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    list.add(entry);
                }
            }
        } catch (IOException gone) {
            return List.of();
        }
        return list;
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException gone) {
            return List.of();
        }
    }

    static Optional<String> value(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    static void write(Path file, String value) {
        try {
            Files.writeString(file, value);
        } catch (IOException e) {
            throw StateRoot.fault("write \"" + value + "\" to", file, e);
        }
    }

    /** The file that freezes: {@code freezer.state} in version 1, {@code cgroup.freeze} in version 2. */
    private Optional<Path> freezer() {
        Optional<Cgroups.V1> v1 = host.withController("freezer");
        Optional<Path> file = v1.isPresent() ? existing(v1.get().mountpoint()).map(d -> d.resolve("freezer.state"))
                : unified().map(d -> d.resolve("cgroup.freeze"));
        return file.filter(Files::exists);
    }

    public boolean frozen() {
        Optional<Path> file = freezer();
        if (file.isEmpty()) {
            return false;
        }
        String state = value(file.get()).orElse("");
        return state.equals("FROZEN") || state.equals("FREEZING") || state.equals("1");
    }

    /**
     * Stops every process where it is. Blocks until all stand still, two seconds at most.
     *
     * @throws Fault of kind {@code UNSUPPORTED} where the host has no freezer, {@code TIMEOUT} when a process does not stop; it is thawed then
     */
    public void freeze() {
        Path file = freezer().orElseThrow(ControlGroups::noFreezer);
        boolean v1 = file.endsWith("freezer.state");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            write(file, v1 ? "FROZEN" : "1");
            boolean still = v1 ? value(file).orElse("").equals("FROZEN")
                    : lines(file.resolveSibling("cgroup.events")).contains("frozen 1");
            if (still) {
                return;
            }
            if (v1 && attempt % 50 == 49) {
                // A process that forks while it is being frozen can escape for ever; it is let go and caught again.
                write(file, "THAWED");
            }
            pause();
        }
        thaw();
        throw Fault.of(Fault.Kind.TIMEOUT, "freeze", "\"" + file.getParent() + "\"", "a process does not stop");
    }

    /** Lets all processes go on. */
    public void thaw() {
        Path file = freezer().orElseThrow(ControlGroups::noFreezer);
        write(file, file.endsWith("freezer.state") ? "THAWED" : "0");
    }

    private static Fault noFreezer() {
        return Fault.of(Fault.Kind.UNSUPPORTED, "pause", "the container", "it has no group that can be frozen")
                .hint("give it a linux.cgroupsPath, on a host with the freezer controller or cgroup version 2");
    }

    /**
     * Sends a signal to every process. None that forks meanwhile is missed: the group is killed as a whole where the kernel can (version 2, Linux
     * 5.14), else it is frozen first where there is a freezer.
     */
    public void signal(Kernel kernel, int signal) {
        Optional<Path> whole = unified().map(d -> d.resolve("cgroup.kill")).filter(Files::exists);
        if (signal == SIGKILL && whole.isPresent() && !lines(whole.get().resolveSibling("cgroup.procs")).isEmpty()) {
            write(whole.get(), "1");
        }
        List<Integer> pids = processes();
        if (pids.isEmpty()) {
            return;
        }
        boolean stopped = false;
        boolean already = frozen();
        try {
            if (!already && freezer().isPresent()) {
                freeze();
                stopped = true;
            }
        } catch (Fault busy) {
            // Those that are found are told all the same.
            stopped = false;
        }
        for (int pid : processes()) {
            kernel.call(SystemCall.KILL, pid, signal);
        }
        // A signal of version 1 takes effect only when its process goes on.
        if (stopped || already && signal == SIGKILL) {
            thaw();
        }
    }

    /** Kills whoever is left and removes the groups with those below. Doing it twice does no harm. */
    public void remove(Kernel kernel) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<String> left = Optional.empty();
            List<Path> directories = directories();
            for (Path directory : directories.reversed()) {
                if (!removeTree(kernel, directory)) {
                    left = Optional.of(directory.toString());
                }
            }
            if (left.isEmpty()) {
                return;
            }
            if (attempt == ATTEMPTS - 1) {
                throw Fault.of(Errno.EBUSY, "remove cgroup", "\"" + left.get() + "\"");
            }
            signal(kernel, SIGKILL);
            pause();
        }
    }

    private static boolean removeTree(Kernel kernel, Path directory) {
        boolean done = true;
        for (Path below : below(directory)) {
            done &= removeTree(kernel, below);
        }
        try {
            Files.delete(directory);
            return done;
        } catch (NoSuchFileException gone) {
            return done;
        } catch (IOException busy) {
            return false;
        }
    }

    static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
