package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Opened;
import dev.carafe.network.Attachment;
import dev.carafe.network.names.NameServers;
import dev.carafe.runtime.Execution;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The servers of names of this engine: one for each running container that has neighbours. A container that starts waits until its own is there; those of an engine
 * that was killed are served by the next one.
 *
 * <p>A server keeps its container's network namespace in being, so it is closed in the moment in which init ends.
 */
final class NameService implements AutoCloseable {
    /** A start that has not come to its program by then has other cares. */
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final int STACK = 256 << 10;
    private static final int SLICE_NANOS = 200_000;

    private final Containers all;
    private final ProcessEnds ends;
    private final NameServers servers;

    NameService(Containers all, Kernel kernel) {
        this.all = all;
        this.servers = new NameServers(kernel);
        this.ends = new ProcessEnds(kernel);
    }

    /** Serves those that run already. */
    void adopt() {
        for (Container container : all.list()) {
            ContainerStatus status = container.status();
            Optional<Attachment> attachment = status.running() ? Attaching.known(all, container.id()) : Optional.empty();
            if (attachment.isPresent() && attachment.get().hasNeighbours()) {
                serve(container.id(), status.pid());
            }
        }
    }

    /** Serves one that runs; nothing happens where it is served already, by this engine or another. */
    void serve(String id, int pid) {
        if (servers.serves(id)) {
            return;
        }
        try {
            servers.open(id, "/proc/" + pid + "/ns/net", new KnownNames(all, id));
            ends.watch(pid, () -> servers.close(id));
        } catch (Fault fault) {
            // Another engine serves it, it has just ended, or this kernel has no tables with owners: its hosts file has the names.
        }
    }

    /** Serves one that is about to start, as soon as its namespace is there; its start waits for that. To be called before its program is performed. */
    void serveAtStart(String id) {
        OpenFile lock = all.files.readOrCreate(all.roots.run(id).resolve(Attachment.NAMES).toString());
        lock.lock(Opened.Lock.EXCLUSIVE);
        var thread = new Thread(null, () -> {
            try (lock) {
                int init = awaitInit(all.roots.plan(id));
                if (init > 0) {
                    serve(id, init);
                }
            }
        }, "names-start", STACK);
        thread.setDaemon(true);
        thread.start();
    }

    /** Blocks until the container's init is there; 0: it will not be. */
    private static int awaitInit(Path program) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() - end < 0) {
            Optional<Execution> execution = Execution.read(program);
            if (execution.isPresent()) {
                if (execution.get().init() > 0) {
                    return execution.get().init();
                }
                if (execution.get().failure().isPresent() || execution.get().stage() == Execution.Stage.EXITED) {
                    return 0;
                }
            }
            try {
                Thread.sleep(0, SLICE_NANOS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 0;
            }
        }
        return 0;
    }

    @Override
    public void close() {
        ends.close();
        servers.close();
    }
}
