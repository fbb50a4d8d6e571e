package dev.carafe.docker;

import dev.carafe.base.Fault;
import dev.carafe.docker.http.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a server listens, in dockerd's words: {@code unix:///run/docker.sock}, {@code tcp://127.0.0.1:2375}. */
public final class ServeAddress {
    private static final int SOCKET_MODE = 0660;
    private static final int PORT = 2375;
    private static final int TLS_PORT = 2376;

    private final Endpoint endpoint;

    private ServeAddress(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public String toString() {
        return switch (endpoint) {
            case Endpoint.Unix unix -> "unix://" + unix.path();
            case Endpoint.Tcp tcp -> "tcp://" + tcp.address().getAddress().getHostAddress() + ":" + tcp.address().getPort() + (tcp.tls().isPresent() ? " (TLS)" : "");
        };
    }

    /**
     * @param group whom a socket belongs to beside the superuser
     * @param tls how connections over TCP are kept from others; absent: they are not
     * @throws Fault of kind {@code INVALID}
     */
    public static ServeAddress parse(String text, Optional<String> group, Optional<TlsFiles> tls) {
        if (text.startsWith("unix://")) {
            Path path = Path.of(text.substring("unix://".length()));
            if (!path.isAbsolute()) {
                throw Fault.invalid("listen on", "\"" + text + "\"", "the path of a socket must be absolute");
            }
            return new ServeAddress(new Endpoint.Unix(path, group, SOCKET_MODE));
        }
        if (!text.startsWith("tcp://")) {
            throw Fault.invalid("listen on", "\"" + text + "\"", "expected unix://PATH or tcp://ADDRESS:PORT");
        }
        String rest = text.substring("tcp://".length());
        int colon = rest.lastIndexOf(':');
        boolean port = colon >= 0 && rest.indexOf(']', colon) < 0;
        String host = port ? rest.substring(0, colon) : rest;
        try {
            int number = port && colon + 1 < rest.length() ? Integer.parseInt(rest.substring(colon + 1)) : tls.isPresent() ? TLS_PORT : PORT;
            InetAddress address = host.isEmpty() ? InetAddress.getByAddress(new byte[4]) : InetAddress.getByName(host);
            return new ServeAddress(new Endpoint.Tcp(new InetSocketAddress(address, number), tls.map(TlsFiles::open)));
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw Fault.invalid("listen on", "\"" + text + "\"", "no address and port").cause(e);
        }
    }
}
