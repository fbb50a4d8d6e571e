package dev.carafe.runtime.oci;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.plan.Planner;
import dev.carafe.runtime.Execution;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import dev.carafe.runtime.systemd.ScopeName;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A scope of systemd's while its container is being made. systemd starts none without a process and removes one that has none left; so a process of ours stands
 * in it until the container's own has come, which is born into the group. When this closes, or the process that holds it dies, that one ends.
 */
final class Scope implements AutoCloseable {
    private static final int O_RDWR_CLOEXEC = 2 | 02000000;

    private final Fd held;
    private final Performer.Performance placeholder;
    private final String path;

    private Scope(Fd held, Performer.Performance placeholder, String path) {
        this.held = held;
        this.placeholder = placeholder;
        this.path = path;
    }

    /** Starts it. */
    static Scope start(OciRuntime runtime, ScopeName name, String id, Path directory, Optional<Resources> resources) {
        Path fifo = directory.resolve("scope");
        runtime.makeFifo(fifo);
        Fd held;
        try (Memory file = runtime.kernel.string(fifo.toString())) {
            held = new Fd(runtime.kernel, (int) Kernel.check(runtime.kernel.call(SystemCall.OPENAT, -100, file.address(), O_RDWR_CLOEXEC, 0), "open", "\"" + fifo + "\""));
        }
        try {
            Path program = directory.resolve("scope.plan");
            Performer.Performance placeholder = runtime.launcher().begin(Planner.placeholder(fifo.toString()), program, SessionStreams.NONE);
            try {
                if (!placeholder.awaitStart()) {
                    throw Fault.of(Fault.Kind.UNAVAILABLE, "start", "scope \"" + name.unit() + "\"", "the process that is to stand in it has ended");
                }
                int process = Execution.read(program).orElseThrow().monitor();
                return new Scope(held, placeholder, runtime.scopes().start(name, id, process, resources));
            } catch (RuntimeException e) {
                placeholder.close();
                throw e;
            }
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
    }

    /** Its group below the mount points. */
    String path() {
        return path;
    }

    @Override
    public void close() {
        held.close();
        placeholder.close();
    }
}
