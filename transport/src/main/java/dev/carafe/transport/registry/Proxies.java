package dev.carafe.transport.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * Which proxy a request goes through, by the variables {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} in either case,
 * as Go reads them. The loopback is never reached through one.
 */
final class Proxies extends ProxySelector {
    private final RegistrySettings settings;

    Proxies(RegistrySettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Proxy> select(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        String proxy = variable(uri.getScheme().equals("https") ? "HTTPS_PROXY" : "HTTP_PROXY");
        if (proxy.isEmpty() || Endpoint.isLoopback(host) || excepted(host, uri.getPort())) {
            return List.of(Proxy.NO_PROXY);
        }
        URI at = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
        return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(at.getHost(), at.getPort() < 0 ? 80 : at.getPort())));
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
            String suffix = except.startsWith("*.") ? except.substring(1) : except.startsWith(".") ? except : "." + except;
            if (except.equals("*") || !except.isEmpty() && (host.equals(except) || host.endsWith(suffix))) {
                return true;
            }
        }
        return false;
    }

    private String variable(String name) {
        return settings.variable(name).or(() -> settings.variable(name.toLowerCase(Locale.ROOT))).orElse("");
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The request fails, and says so.
    }
}
