package dev.carafe.cli.surface;

import dev.carafe.base.Fault;
import dev.carafe.engine.Engine;
import dev.carafe.engine.Roots;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Opened;
import dev.carafe.kernel.Sockets;
import dev.carafe.kernel.SystemCall;
import dev.carafe.runtime.Performer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine that stays for a while and serves clients of its own user over a socket. It leaves when nobody came for some time; nothing
 * depends on it.
 */
public final class WarmEngine {
    private static final short POLLIN = 1;
    private static final int STRAGGLERS_MILLIS = 50;
    private static final int REHEARSALS = 40;
    /** After so long without a new command the heap is looked at. */
    private static final int REST_MILLIS = 2000;
    /** What the heap begins with (scripts/build), and a bit. */
    private static final long LARGE_HEAP = 14 << 20;
    /** Between two rehearsals while somebody waits for an answer. */
    private static final int BUSY_MILLIS = 25;
    /** Paths mean the same, and so do namespaces that a container of the engine's may share. */
    public static final List<String> SURROUNDINGS = List.of("root", "ns/mnt", "ns/pid", "ns/net", "ns/user", "ns/ipc", "ns/uts");

    /** What an engine that only plans must share: paths, process ids and users mean the same. */
    public static final List<String> PLANNING = List.of("root", "ns/mnt", "ns/pid", "ns/user");

    private final Engine engine;
    private final Kernel kernel;
    private final Service service;
    private final int idleMillis;
    private final AtomicInteger serving = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(null, task, "serve", 1 << 20);
        thread.setDaemon(true);
        return thread;
    });
    private final Path self;
    private final Path programs = programs();
    private final Map<String, Path> own = new ConcurrentHashMap<>();
    private final FileTime built;
    private volatile boolean leaving;

    /** What runs a command. */
    public interface Service {
        /** @return the exit status */
        int run(Engine engine, Console console);

        /** Whether a request is for this engine: that its roots are the engine's. */
        boolean concerns(Request request, Roots roots);

        /** Another engine, on other roots, with that performer, which it owns. */
        Engine engine(Roots roots, Performer performer);

        /** Links of the client in /proc that must lead where the engine's lead. */
        List<String> surroundings(Request request);
    }

    /** @param idleMillis how long it waits for the next command before it leaves */
    public WarmEngine(Engine engine, Kernel kernel, Service service, int idleMillis) {
        this.engine = engine;
        this.kernel = kernel;
        this.service = service;
        this.idleMillis = idleMillis;
        this.self = Path.of(System.getProperty("java.class.path").split(":")[0]);
        this.built = builtAt();
    }

    private FileTime builtAt() {
        try {
            return Files.getLastModifiedTime(self);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /**
     * Serves until idle. Only one process serves a run root: a second one returns at once.
     *
     * @param ready told once clients can connect
     */
    public void serve(Runnable ready) {
        Path socket = engine.roots().socket();
        try (FileSystem files = new FileSystem(kernel);
                OpenFile lock = files.readOrCreate(engine.roots().run().resolve("engine.lock").toString())) {
            if (!lock.tryLock(Opened.Lock.EXCLUSIVE)) {
                return;
            }
            delete(socket);
            kernel.call(SystemCall.UMASK, 0177);
            try (Fd listener = Sockets.listen(kernel, socket, 128)) {
                kernel.call(SystemCall.UMASK, 022);
                engine.containers().serveNames();
                ready.run();
                threads.execute(this::settle);
                accept(listener, idleMillis);
                engine.containers().leave();
                // From here on new clients start an engine of their own; those that were just connecting are served still.
                delete(socket);
                accept(listener, STRAGGLERS_MILLIS);
            }
            while (serving.get() > 0) {
                Thread.sleep(STRAGGLERS_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What an engine does before anybody needs it: recovers, then rehearses, without which the first commands would pay for Java's compiler.
     * Who does come meanwhile goes first.
     */
    private void settle() {
        engine.recover();
        try (var rehearsal = new Rehearsal(kernel, engine.roots(), service)) {
            for (int turn = 0; turn < REHEARSALS && !leaving; turn++) {
                rehearsal.play();
                pause(serving.get() > 0 ? BUSY_MILLIS : 1);
            }
        } catch (Fault fault) {
            // Who comes is served all the same, more slowly at first, and is told what does not work.
        }
    }

    /**
     * Gives memory back that earlier commands needed and the next one hardly will, such as what a pull went through. Ordinary commands do not
     * let the heap grow, and pay nothing.
     *
     * @return whether there is nothing to give back until the next command; while one is served, it is too early to say
     */
    private boolean shrink() {
        if (serving.get() > 0) {
            return false;
        }
        if (Runtime.getRuntime().totalMemory() > LARGE_HEAP) {
            System.gc();
        }
        return true;
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "remove", "\"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private void accept(Fd listener, int patience) {
        try (Memory poll = kernel.allocate(32)) {
            boolean rested = patience <= REST_MILLIS;
            while (true) {
                int wait = patience <= REST_MILLIS ? patience : rested ? patience - REST_MILLIS : REST_MILLIS;
                poll.bytes().putInt(0, listener.number()).putShort(4, POLLIN).putShort(6, (short) 0)
                        .putLong(16, wait / 1000).putLong(24, wait % 1000 * 1_000_000L);
                long got = kernel.call(SystemCall.PPOLL, poll.address(), 1, poll.address() + 16, 0, 0);
                if (got > 0) {
                    Fd connection = Sockets.accept(kernel, listener);
                    serving.incrementAndGet();
                    threads.execute(() -> serve(connection));
                }
                boolean idle = got == 0 && rested;
                rested = patience <= REST_MILLIS || got == 0 && shrink();
                if (leaving && patience == idleMillis || idle && serving.get() == 0) {
                    return;
                }
            }
        }
    }

    private void serve(Fd connection) {
        try (connection) {
            Sockets.Message begin = Sockets.receive(kernel, connection, 16);
            if (begin.isEnd() || begin.descriptors().size() < 5) {
                return;
            }
            List<Fd> descriptors = begin.descriptors();
            Request request;
            try (Fd file = descriptors.getFirst()) {
                request = Request.read(file.number());
            }
            try (WarmConsole console = new WarmConsole(kernel, connection, request, descriptors.subList(1, descriptors.size()))) {
                if (outdated()) {
                    leaving = true;
                }
                if (leaving || !mayServe(connection, service.surroundings(request)) || !service.concerns(request, engine.roots())) {
                    console.word('N', 0);
                    return;
                }
                console.word('Q', service.run(engine, console));
            }
        } catch (Fault gone) {
            // The client has gone; what it started goes on.
            if (gone.kind() == Fault.Kind.INTERNAL) {
                throw gone;
            }
        } finally {
            serving.decrementAndGet();
        }
    }

    /** Of this process, which never leaves where it is: its threads may, for a moment, but not the first. */
    private Path own(String link) throws IOException {
        Path known = own.get(link);
        if (known == null) {
            known = Files.readSymbolicLink(Path.of("/proc/self/" + link));
            own.put(link, known);
        }
        return known;
    }

    /** The program was built anew: the next client starts an engine of the new one. */
    private boolean outdated() {
        return !built.equals(builtAt());
    }

    /** Where the programs are that this engine serves. */
    private static Path programs() {
        Path programs = Path.of(System.getProperty("carafe.home"), "bin");
        try {
            return programs.toRealPath();
        } catch (IOException e) {
            return programs;
        }
    }

    /** A client of another installation may ask for what this engine does not know. */
    private boolean isOfThisInstallation(int client) {
        try {
            return programs.equals(Files.readSymbolicLink(Path.of("/proc/" + client + "/exe")).getParent());
        } catch (IOException e) {
            return false;
        }
    }

    /** Its own user, in its own root and namespaces: what a container would inherit from its caller must be what it inherits from the engine. */
    private boolean mayServe(Fd connection, List<String> surroundings) {
        Sockets.Peer peer = Sockets.peer(kernel, connection);
        if (peer.uid() != engine.host().uid()) {
            return false;
        }
        if (!isOfThisInstallation(peer.pid())) {
            return false;
        }
        for (String link : surroundings) {
            try {
                if (!Files.readSymbolicLink(Path.of("/proc/" + peer.pid() + "/" + link))
                        .equals(own(link))) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
