package dev.carafe.docker.http;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Listens, and gives each connection a thread. */
public final class HttpServer implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int SWEEP_MILLIS = 1000;

    private final HttpHandler handler;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<AutoCloseable> listeners = new ArrayList<>();
    private volatile boolean closed;

    public HttpServer(HttpHandler handler) {
        this.handler = handler;
        Thread.ofPlatform().daemon().name("sweep").start(this::sweep);
    }

    /** Begins to listen there; a socket file that nobody listens on any more is replaced. */
    public void listen(Endpoint endpoint) {
        try {
            switch (endpoint) {
                case Endpoint.Unix unix -> listen(unix);
                case Endpoint.Tcp tcp -> listen(tcp);
            }
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "listen on", "\"" + shown(endpoint) + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private static String shown(Endpoint endpoint) {
        return switch (endpoint) {
            case Endpoint.Unix unix -> unix.path().toString();
            case Endpoint.Tcp tcp -> tcp.address().toString();
        };
    }

    private void listen(Endpoint.Unix unix) throws IOException {
        var address = UnixDomainSocketAddress.of(unix.path());
        if (Files.exists(unix.path())) {
            try (SocketChannel probe = SocketChannel.open(address)) {
                throw Fault.of(Fault.Kind.CONFLICT, "listen on", "\"" + unix.path() + "\"", "somebody listens there already");
            } catch (IOException nobody) {
                Files.delete(unix.path());
            }
        }
        // Bound in a directory that nobody else can enter, and shown only with its owner and mode.
        Path hidden = Files.createTempDirectory(unix.path().toAbsolutePath().getParent(), ".carafe");
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            Path draft = hidden.resolve("s");
            channel.bind(UnixDomainSocketAddress.of(draft), BACKLOG);
            if (unix.group().isPresent()) {
                GroupPrincipal group = draft.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(unix.group().get());
                Files.getFileAttributeView(draft, PosixFileAttributeView.class).setGroup(group);
            }
            Files.setAttribute(draft, "unix:mode", unix.mode());
            Files.move(draft, unix.path());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        } finally {
            Files.deleteIfExists(hidden.resolve("s"));
            Files.delete(hidden);
        }
        listeners.add(() -> {
            channel.close();
            Files.deleteIfExists(unix.path());
        });
        accept(() -> new ChannelTransport(channel.accept()));
    }

    private void listen(Endpoint.Tcp tcp) throws IOException {
        if (tcp.tls().isEmpty()) {
            ServerSocketChannel channel = ServerSocketChannel.open();
            channel.bind(tcp.address(), BACKLOG);
            listeners.add(channel);
            accept(() -> new ChannelTransport(channel.accept()));
            return;
        }
        var socket = (SSLServerSocket) tcp.tls().get().context().getServerSocketFactory().createServerSocket();
        socket.setNeedClientAuth(tcp.tls().get().clients());
        socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.bind(tcp.address(), BACKLOG);
        listeners.add(socket);
        accept(() -> new TlsTransport((SSLSocket) socket.accept()));
    }

    private interface Acceptor {
        Transport accept() throws IOException;
    }

    private void accept(Acceptor acceptor) {
        Thread.ofPlatform().name("accept").start(() -> {
            while (!closed) {
                try {
                    var connection = new HttpConnection(acceptor.accept(), handler);
                    connections.add(connection);
                    Thread.ofVirtual().start(() -> {
                        try {
                            connection.run();
                        } finally {
                            connections.remove(connection);
                        }
                    });
                } catch (IOException e) {
                    // Closed; or there are no descriptors left, which time may mend.
                    pause();
                }
            }
        });
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sweep() {
        while (!closed) {
            try {
                Thread.sleep(SWEEP_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            connections.forEach(connection -> connection.closeIfLate(now));
        }
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    @Override
    public void close() {
        closed = true;
        for (AutoCloseable listener : listeners) {
            try {
                listener.close();
            } catch (Exception e) {
                // It is closed all the same.
            }
        }
        connections.forEach(HttpConnection::close);
    }
}
