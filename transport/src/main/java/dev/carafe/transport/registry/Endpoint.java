package dev.carafe.transport.registry;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A place where the API of a registry is asked for.
 *
 * @param domain the registry in references, for which credentials are looked up
 * @param authority host and port that are connected to
 * @param schemes in the order in which they are tried: {@code https} or {@code http}, or both
 * @param path what stands before the repository, for a mirror below another path: {@code /v2} mostly
 * @param verify whether certificates are checked
 * @param certificates directories with {@code *.crt}, {@code *.cert} and {@code *.key}
 * @param headers sent with every request
 */
record Endpoint(String domain, String authority, List<String> schemes, String path, boolean verify, List<Path> certificates, Map<String, String> headers) {
    Endpoint {
        schemes = List.copyOf(schemes);
        certificates = List.copyOf(certificates);
        headers = Map.copyOf(headers);
    }

    /** Whether the host is this machine itself: {@code localhost}, 127.0.0.0/8 or ::1. */
    static boolean isLoopback(String authority) {
        String host = host(authority);
        return host.equals("localhost") || host.endsWith(".localhost") || host.equals("[::1]") || host.startsWith("127.") && isAddress(host);
    }

    private static boolean isAddress(String host) {
        for (int i = 0; i < host.length(); i++) {
            if ((host.charAt(i) < '0' || host.charAt(i) > '9') && host.charAt(i) != '.') {
                return false;
            }
        }
        return true;
    }

    static String host(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon < 0 || authority.endsWith("]") ? authority : authority.substring(0, colon);
    }
}
