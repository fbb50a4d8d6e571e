package dev.carafe.docker;

import dev.carafe.docker.http.HttpServer;
import dev.carafe.engine.Engine;
import java.util.ArrayList;
import java.util.List;

/** Answers Docker's Engine API for an engine, which stays its caller's. */
public final class DockerServer implements AutoCloseable {
    static final String VERSION = "0.1.0";
    /** What clients compare with versions of docker: the one that first had the newest version of the API that is spoken here. */
    static final String AS_DOCKER = "28.3.0+carafe." + VERSION;
    /** Threads of the machine that requests share; some of them wait in the kernel. */
    private static final String CARRIERS = "32";

    private final HttpServer server;

    private DockerServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Listens at those places. Best called before the process has any virtual thread, since these get their carriers then.
     *
     * @throws dev.carafe.base.Fault when a place cannot be had; nothing listens then
     */
    public static DockerServer start(Engine engine, List<ServeAddress> addresses) {
        if (System.getProperty("jdk.virtualThreadScheduler.parallelism") == null) {
            System.setProperty("jdk.virtualThreadScheduler.parallelism", CARRIERS);
        }
        var server = new HttpServer(new Router(routes(engine)));
        try {
            for (ServeAddress address : addresses) {
                server.listen(address.endpoint());
            }
            return new DockerServer(server);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static List<Route> routes(Engine engine) {
        var lives = new Lives();
        var all = new ArrayList<Route>();
        all.addAll(new SystemOperations(engine).routes());
        all.addAll(new ContainerOperations(engine, lives).routes());
        all.addAll(new WaitOperations(engine, lives).routes());
        all.addAll(new StreamOperations(engine, lives).routes());
        all.addAll(new LogOperations(engine).routes());
        all.addAll(new ExecOperations(engine).routes());
        var lists = new ListOperations(engine);
        all.addAll(lists.routes());
        all.addAll(new StatsOperations(engine).routes());
        all.addAll(new FileOperations(engine).routes());
        all.addAll(new EventOperations(engine).routes());
        var images = new ImageOperations(engine);
        all.addAll(images.routes());
        var archives = new ArchiveOperations(engine);
        all.addAll(archives.routes());
        all.addAll(new RegistryOperations(engine, archives).routes());
        all.addAll(new VolumeOperations(engine).routes());
        all.addAll(new NetworkOperations(engine).routes());
        all.addAll(new DiskOperations(engine, lists, images).routes());
        all.addAll(new SwarmOperations().routes());
        return all;
    }

    @Override
    public void close() {
        server.close();
    }
}
