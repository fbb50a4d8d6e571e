package dev.carafe.runtime.oci;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.CgroupOperation;
import dev.carafe.plan.Cgroups;
import dev.carafe.runtime.ControlGroup;
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
    private final ControlGroup group;

    /** @param path below the mount points, absolute; "/" is the whole machine's and no group of a container */
    public ControlGroups(Kernel kernel, Cgroups host, String path) {
        this.host = host;
        this.path = path;
        this.group = new ControlGroup(kernel, host, path);
    }

    /** The container's directory in the hierarchy of that controller, wherever that is, if it exists. */
    Optional<Path> directory(String controller) {
        return group.directory(controller).flatMap(d -> existing(host.withController(controller).map(Cgroups.V1::mountpoint)
                .orElseGet(() -> host.v2().orElseThrow().mountpoint())));
    }

    /** Whether that controller is one of version 1 here. */
    boolean isV1(String controller) {
        return group.isV1(controller);
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

    /**
     * Refuses groups that no container can begin in: where processes stand still, its own would too, and where others are, limits, signals and the removal of
     * one would be those of all (runtime-spec config-linux.md#control-groups).
     */
    void mustBeFit(String id) {
        if (directories().isEmpty()) {
            return;
        }
        if (frozen()) {
            throw Fault.of(Fault.Kind.CONFLICT, "create", "container \"" + id + "\"", "container's cgroup unexpectedly frozen").hint("cgroup \"" + path + "\"");
        }
        List<Integer> others = processes();
        if (!others.isEmpty()) {
            throw Fault.of(Fault.Kind.CONFLICT, "create", "container \"" + id + "\"", "container's cgroup is not empty: " + others.size() + " process(es) found")
                    .hint("cgroup \"" + path + "\"");
        }
    }

    /** The processes of the container and of groups that it made below its own, in the order of their numbers. */
    public List<Integer> processes() {
        return directories().isEmpty() ? List.of() : group.processes();
    }

    public boolean frozen() {
        return directory("freezer").isPresent() && group.frozen();
    }

    /** Stops every process where it is; see {@link ControlGroup#freeze}. */
    public void freeze() {
        if (directory("freezer").isEmpty()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "pause", "the container", "it has no group that can be frozen")
                    .hint("give it a linux.cgroupsPath, on a host with the freezer controller or cgroup version 2");
        }
        group.freeze();
    }

    /** Lets all processes go on. */
    public void thaw() {
        group.thaw();
    }

    /** Sets limits; see {@link ControlGroup#write}. */
    void write(List<CgroupOperation.Write> limits) {
        group.write(limits);
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

    /**
     * Sends a signal to every process. None that forks meanwhile is missed: the group is killed as a whole where the kernel can (version 2, Linux
     * 5.14), else it is frozen first where there is a freezer.
     */
    public void signal(Kernel kernel, int signal) {
        Optional<Path> whole = unified().map(d -> d.resolve("cgroup.kill")).filter(Files::exists);
        if (signal == SIGKILL && whole.isPresent() && !lines(whole.get().resolveSibling("cgroup.procs")).isEmpty()) {
            group.write(List.of(new CgroupOperation.Write(whole.get().getParent().toString(), "cgroup.kill", "1")));
        }
        List<Integer> pids = processes();
        if (pids.isEmpty()) {
            return;
        }
        boolean stopped = false;
        boolean already = frozen();
        try {
            if (!already && directory("freezer").isPresent()) {
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
