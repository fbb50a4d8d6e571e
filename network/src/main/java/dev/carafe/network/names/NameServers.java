package dev.carafe.network.names;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Kernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a process, one for each container. However many there are, one thread reads what they are asked, by turns, and answers what it knows; questions that
 * others have to be asked and connections get one of a limited number of threads that come and go.
 *
 * <p>Not virtual threads: those that wait for one class to be initialised hold the threads that carry them, of which there are as many as processors.
 */
public final class NameServers implements AutoCloseable {
    /** At once, for all containers: descriptors and memory are everybody's. */
    private static final int THREADS = 128;
    private static final int THREAD_SECONDS = 5;
    private static final int STACK = 256 << 10;

    private final Kernel kernel;
    private final Selector selector;
    private final Forwarder forwarder = new Forwarder();
    private final ThreadPoolExecutor threads;
    private final Map<String, NameServer> servers = new ConcurrentHashMap<>();
    /** Keys of servers that have been asked too much, by when they are read again. */
    private final Map<SelectionKey, Long> resting = new ConcurrentHashMap<>();
    private @Nullable Thread loop;
    private volatile boolean closed;

    public NameServers(Kernel kernel) {
        this.kernel = kernel;
        this.threads = new ThreadPoolExecutor(0, THREADS, THREAD_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> daemon(task, "names-apart"));
        // What the JDK opens once, with its first channels, and keeps, would keep the namespace in being that it is opened in: not a container's.
        try (var datagrams = DatagramChannel.open(); var connections = ServerSocketChannel.open(); var connection = SocketChannel.open()) {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        var thread = new Thread(null, task, name, STACK);
        thread.setDaemon(true);
        return thread;
    }

    /** Whether that one is served here. */
    public boolean serves(String container) {
        return servers.containsKey(container);
    }

    /**
     * Serves a network namespace until closed, and keeps it in being for as long.
     *
     * @param namespace the path of it, such as {@code /proc/PID/ns/net}
     * @throws Fault of kind {@code ALREADY_EXISTS} when somebody serves there
     */
    public void open(String container, String namespace, Acquaintance acquaintance) {
        var server = new NameServer(NameSockets.open(kernel, namespace), acquaintance, forwarder, threads);
        if (servers.putIfAbsent(container, server) != null) {
            server.close();
            return;
        }
        try {
            server.sockets().datagrams.configureBlocking(false);
            server.sockets().connections.configureBlocking(false);
            server.sockets().datagrams.register(selector, SelectionKey.OP_READ, server);
            server.sockets().connections.register(selector, SelectionKey.OP_ACCEPT, server);
        } catch (ClosedChannelException gone) {
            close(container);
        } catch (IOException e) {
            close(container);
            throw new UncheckedIOException(e);
        }
        synchronized (this) {
            if (closed) {
                close(container);
            } else if (loop == null) {
                loop = daemon(this::run, "names");
                loop.start();
            }
        }
        selector.wakeup();
    }

    /** Ends the serving of one, and lets go of its namespace. */
    public void close(String container) {
        NameServer server = servers.remove(container);
        if (server != null) {
            server.close();
            // What is registered with a selector is closed once that has looked.
            selector.wakeup();
        }
    }

    private void run() {
        try (selector) {
            while (!closed) {
                selector.select(key -> serve(key), rest());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SelectionKey key) {
        NameServer server = (NameServer) key.attachment();
        try {
            if (key.isAcceptable()) {
                server.accept();
            } else if (key.isReadable()) {
                long until = server.receive();
                if (until != 0) {
                    key.interestOps(0);
                    resting.put(key, until);
                }
            }
        } catch (IOException | java.nio.channels.CancelledKeyException gone) {
            key.cancel();
        }
    }

    /** Lets those go on that have rested. @return milliseconds until the next one may; 0: nobody rests */
    private long rest() {
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        for (Map.Entry<SelectionKey, Long> entry : new ArrayList<>(resting.entrySet())) {
            long left = entry.getValue() - now;
            if (left <= 0 || !entry.getKey().isValid()) {
                resting.remove(entry.getKey());
                if (entry.getKey().isValid()) {
                    entry.getKey().interestOps(SelectionKey.OP_READ);
                }
            } else {
                next = Math.min(next, left);
            }
        }
        return next == Long.MAX_VALUE ? 0 : next / 1_000_000 + 1;
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (String container : new ArrayList<>(servers.keySet())) {
            close(container);
        }
        threads.shutdown();
        selector.wakeup();
    }
}
