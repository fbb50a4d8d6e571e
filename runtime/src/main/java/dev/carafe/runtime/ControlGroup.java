package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.CgroupOperation;
import dev.carafe.plan.Cgroups;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The control group of a container that runs: frozen and thawed, given other limits, its counters read. It is one directory in
 * each hierarchy of the host (cgroups(7), the kernel's cgroup-v1 and cgroup-v2 documents).
 */
public final class ControlGroup {
    private static final int SLICE_MILLIS = 2;
    /** A task that waits for a disk cannot freeze before that answers. */
    private static final int PATIENCE_MILLIS = 10_000;

    private final Kernel kernel;
    private final Cgroups host;
    private final String path;

    /** @param path of the group below each mount point, beginning with a slash */
    public ControlGroup(Kernel kernel, Cgroups host, String path) {
        this.kernel = kernel;
        this.host = host;
        this.path = path;
    }

    /** Its directory where that controller is; empty when the host has no such controller. */
    public Optional<Path> directory(String controller) {
        Optional<Cgroups.V1> hierarchy = host.withController(controller);
        if (hierarchy.isPresent()) {
            return Optional.of(Path.of(hierarchy.get().mountpoint() + path));
        }
        // In version 2, freezing is a part of every group and no controller.
        boolean unified = host.unifiedHas(controller) || controller.equals("freezer") && host.v2().isPresent();
        return unified ? Optional.of(unified()) : Optional.empty();
    }

    /** Whether that controller is in a hierarchy of version 1. */
    public boolean isV1(String controller) {
        return host.withController(controller).isPresent();
    }

    private Path unified() {
        return Path.of(host.v2().orElseThrow().mountpoint() + path);
    }

    private Path freezer() {
        return directory("freezer").orElseThrow(() -> Fault.of(Fault.Kind.UNSUPPORTED, "freeze", "cgroup \"" + path + "\"",
                "this host has no freezer cgroup controller"));
    }

    /** Whether all its processes stand still, or are about to. */
    public boolean frozen() {
        return directory("freezer").map(directory -> isV1("freezer") ? !read(directory.resolve("freezer.state")).orElse("THAWED").startsWith("THAWED")
                : read(directory.resolve("cgroup.freeze")).orElse("0").startsWith("1")).orElse(false);
    }

    /**
     * Stops all its processes where they are. Blocks until they stand.
     *
     * @throws Fault TIMEOUT when one does not; then all go on
     */
    public void freeze() {
        Path directory = freezer();
        boolean v1 = isV1("freezer");
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        do {
            // Said again each time: version 1 gives up on a task that was not ready (freezer-subsystem.rst).
            write(directory.resolve(v1 ? "freezer.state" : "cgroup.freeze"), v1 ? "FROZEN" : "1");
            boolean still = v1 ? read(directory.resolve("freezer.state")).orElse("").startsWith("FROZEN")
                    : read(directory.resolve("cgroup.events")).orElse("").contains("frozen 1");
            if (still) {
                return;
            }
            pause();
        } while (System.nanoTime() - deadline < 0);
        thaw();
        throw Fault.of(Fault.Kind.TIMEOUT, "freeze", "cgroup \"" + path + "\"", "a process does not stand still after " + PATIENCE_MILLIS / 1000 + " s");
    }

    /** Lets its processes go on. */
    public void thaw() {
        boolean v1 = isV1("freezer");
        write(freezer().resolve(v1 ? "freezer.state" : "cgroup.freeze"), v1 ? "THAWED" : "0");
    }

    private static void pause() {
        try {
            Thread.sleep(SLICE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Sets values, in an order that the kernel accepts: in version 1 the limit of memory may never be above that of memory and swap together, so
     * which of the two comes first depends on what holds now.
     */
    public void write(List<CgroupOperation.Write> writes) {
        var refused = new ArrayList<CgroupOperation.Write>();
        for (CgroupOperation.Write write : writes) {
            try {
                write(Path.of(write.directory(), write.file()), write.value());
            } catch (Fault fault) {
                if (!fault.errno().equals(Optional.of(Errno.EINVAL))) {
                    throw fault;
                }
                refused.add(write);
            }
        }
        for (CgroupOperation.Write write : refused) {
            write(Path.of(write.directory(), write.file()), write.value());
        }
    }

    /** In one call, since each write to such a file is an order of its own. */
    private void write(Path file, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        String shown = "\"" + file + "\"";
        try (Memory name = kernel.string(file.toString());
                Memory content = kernel.allocate(bytes.length)) {
            content.bytes().put(0, bytes);
            int fd = (int) Kernel.check(kernel.call(SystemCall.OPENAT, Flags.AT_FDCWD, name.address(), Flags.O_WRONLY | Flags.O_CLOEXEC, 0), "open", shown);
            try {
                Kernel.check(kernel.call(SystemCall.WRITE, fd, content.address(), bytes.length), "write", "\"" + value + "\" to " + shown);
            } finally {
                kernel.call(SystemCall.CLOSE, fd);
            }
        }
    }

    /** The content of one of its files where that controller is; empty when there is none. */
    public Optional<String> read(String controller, String file) {
        return directory(controller).flatMap(directory -> read(directory.resolve(file)));
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** The ids, as the host counts them, of all its processes and of those in groups below it. */
    public List<Integer> processes() {
        Optional<Path> top = Stream.of("pids", "freezer", "memory").map(this::directory).flatMap(Optional::stream).findFirst();
        if (top.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> groups = Files.walk(top.get())) {
            return groups.filter(path -> path.endsWith("cgroup.procs")).flatMap(path -> read(path).orElse("").lines()).map(Integer::valueOf)
                    .sorted().toList();
        } catch (IOException | java.io.UncheckedIOException gone) {
            return List.of();
        }
    }
}
