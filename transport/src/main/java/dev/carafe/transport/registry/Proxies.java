package dev.carafe.transport.registry;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which proxy a request goes through, by the variables {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} in either case,
 * as Go reads them. The loopback is never reached through one. A proxy may want a name and a password, which stand in its address.
 */
final class Proxies extends ProxySelector {
    static {
        // Java's client shows no password to a proxy that passes TLS on, unless it is told to before its first use in this process.
        String leftOut = "jdk.http.auth.tunneling.disabledSchemes";
        if (System.getProperty(leftOut) == null) {
            System.setProperty(leftOut, "");
        }
    }

    private final RegistrySettings settings;

    Proxies(RegistrySettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Proxy> select(URI uri) {
        Optional<URI> proxy = proxy(uri);
        return List.of(proxy.isEmpty() ? Proxy.NO_PROXY : new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.get().getHost(), proxy.get().getPort() < 0 ? 80 : proxy.get().getPort())));
    }

    /** What is to be shown to the proxy of a request (RFC 9110 section 11.7.2); empty without a proxy, or one that asks for nothing. */
    Optional<String> authorization(URI uri) {
        return proxy(uri).map(URI::getUserInfo).map(user -> "Basic " + Base64.getEncoder().encodeToString((user.indexOf(':') < 0 ? user + ":" : user).getBytes(StandardCharsets.UTF_8)));
    }

    private Optional<URI> proxy(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        String name = uri.getScheme().equals("https") ? "HTTPS_PROXY" : "HTTP_PROXY";
        String proxy = variable(name);
        if (proxy.isEmpty() || Endpoint.isLoopback(host) || excepted(host, uri.getPort())) {
            return Optional.empty();
        }
        URI at;
        try {
            at = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
        } catch (IllegalArgumentException e) {
            throw Fault.invalid("read variable", name, "no address of a proxy").cause(e);
        }
        if (!at.getScheme().equals("http") || at.getHost() == null) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "read variable", name, "a proxy is spoken to by http alone, not by " + at.getScheme());
        }
        return Optional.of(at);
    }

    private boolean excepted(String host, int port) {
        for (String word : variable("NO_PROXY").toLowerCase(Locale.ROOT).split(",")) {
            String except = word.strip();
            int colon = except.lastIndexOf(':');
            if (colon > 0 && except.indexOf(':') == colon) {
                if (!except.substring(colon + 1).equals(String.valueOf(port))) {
                    continue;
                }
                except = except.substring(0, colon);
            }
            if (except.indexOf('/') > 0 && inNetwork(host, except)) {
                return true;
            }
            String suffix = except.startsWith("*.") ? except.substring(1) : except.startsWith(".") ? except : "." + except;
            if (except.equals("*") || !except.isEmpty() && (host.equals(except) || host.endsWith(suffix))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a host that is an address lies in a network that is written as {@code 10.0.0.0/8}; names are not looked up for that. */
    private static boolean inNetwork(String host, String network) {
        int slash = network.indexOf('/');
        try {
            byte[] address = IpAddress.parse(host.replace("[", "").replace("]", "")).bytes();
            byte[] base = IpAddress.parse(network.substring(0, slash)).bytes();
            int bits = Integer.parseInt(network.substring(slash + 1));
            if (address.length != base.length || bits < 0 || bits > 8 * base.length) {
                return false;
            }
            for (int k = 0; k < bits; k++) {
                if ((address[k / 8] >> 7 - k % 8 & 1) != (base[k / 8] >> 7 - k % 8 & 1)) {
                    return false;
                }
            }
            return true;
        } catch (Fault | NumberFormatException noAddress) {
            return false;
        }
    }

    private String variable(String name) {
        return settings.variable(name).or(() -> settings.variable(name.toLowerCase(Locale.ROOT))).orElse("");
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The request fails, and says so.
    }
}
