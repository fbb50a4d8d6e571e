package dev.carafe.cli.surface;

import dev.carafe.base.Fault;
import dev.carafe.docker.DockerServer;
import dev.carafe.docker.ServeAddress;
import dev.carafe.engine.Engine;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.SystemCall;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A server of Docker's Engine API, until a signal ends it. */
public final class Serving {
    private Serving() {
    }

    /**
     * Serves; blocks. Containers go on when it ends.
     *
     * @param forerunner the process that had this one become a server, its child, which ends by itself
     */
    public static void serve(Engine engine, Kernel kernel, List<ServeAddress> addresses, long forerunner) {
        try (DockerServer server = DockerServer.start(engine, addresses)) {
            kernel.call(SystemCall.WAIT4, forerunner, 0, 0, 0);
            var over = new CountDownLatch(1);
            var ended = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                over.countDown();
                try {
                    ended.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            System.err.println("carafe: listening on " + String.join(", ", addresses.stream().map(Object::toString).toList()));
            Thread.ofPlatform().daemon().name("recover").start(() -> {
                try {
                    engine.recover();
                } catch (Fault fault) {
                    System.err.println("carafe: " + fault.getMessage());
                }
            });
            over.await();
            server.close();
            engine.containers().leave();
            ended.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
