package dev.carafe.engine;

import dev.carafe.network.Attachment;
import dev.carafe.network.Endpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files by which a container resolves names without asking anybody, or whom to ask: hosts(5), resolv.conf(5). */
final class HostsFile {
    /** Stands for an address of the host in {@code --add-host}. */
    static final String HOST_GATEWAY = "host-gateway";
    private static final Path HOST_RESOLVER = Path.of("/etc/resolv.conf");
    /** Where the host's own servers stand when /etc/resolv.conf names a local one only. */
    private static final Path REAL_RESOLVER = Path.of("/run/systemd/resolve/resolv.conf");

    private HostsFile() {
    }

    /** @param gateway the host's address, which {@code host-gateway} stands for */
    static String hosts(List<String> extra, Optional<String> gateway, List<String> own) {
        var text = new StringBuilder("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nff00::\tip6-mcastprefix\n"
                + "ff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n");
        for (String line : extra) {
            int colon = line.indexOf(':');
            String address = line.substring(colon + 1);
            if (address.equals(HOST_GATEWAY)) {
                address = gateway.orElse("127.0.0.1");
            }
            text.append(address).append('\t').append(line, 0, colon).append('\n');
        }
        own.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /** The container's own addresses with its names. */
    static List<String> own(Attachment attachment, String hostname, Optional<String> domainname) {
        var lines = new ArrayList<String>();
        for (Endpoint endpoint : attachment.endpoints()) {
            for (Endpoint.Held held : endpoint.addresses()) {
                lines.add(held.address() + "\t" + domainname.filter(d -> !d.isEmpty()).map(d -> hostname + "." + d + " ").orElse("") + hostname);
            }
        }
        return lines;
    }

    /** The first gateway: the host, as the container sees it. */
    static Optional<String> gateway(Attachment attachment) {
        for (Endpoint endpoint : attachment.endpoints()) {
            for (Endpoint.Held held : endpoint.addresses()) {
                if (held.gateway().isPresent()) {
                    return Optional.of(held.gateway().get().toString());
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The host's, with what its user said in place of it.
     *
     * @param own whether the container has a network of its own, from which the host's loopback cannot be reached
     */
    static String resolver(NetworkOptions.Resolver wanted, boolean own) {
        String host = StateFile.read(HOST_RESOLVER).orElse("");
        List<String> servers = wanted.servers().isEmpty() ? words(host, "nameserver") : wanted.servers();
        boolean local = own && wanted.servers().isEmpty();
        if (local && !servers.isEmpty() && servers.stream().allMatch(HostsFile::isLocal)) {
            servers = StateFile.read(REAL_RESOLVER).map(text -> words(text, "nameserver")).orElse(List.of());
        }
        var text = new StringBuilder();
        for (String server : servers) {
            if (!local || !isLocal(server)) {
                text.append("nameserver ").append(server).append('\n');
            }
        }
        List<String> search = wanted.search().isEmpty() ? words(host, "search") : wanted.search().equals(List.of(".")) ? List.of() : wanted.search();
        if (!search.isEmpty()) {
            text.append("search ").append(String.join(" ", search)).append('\n');
        }
        List<String> options = wanted.options().isEmpty() ? words(host, "options") : wanted.options();
        if (!options.isEmpty()) {
            text.append("options ").append(String.join(" ", options)).append('\n');
        }
        return text.toString();
    }

    private static boolean isLocal(String server) {
        return server.startsWith("127.") || server.equals("::1");
    }

    private static List<String> words(String text, String keyword) {
        var words = new ArrayList<String>();
        for (String line : text.split("\n")) {
            String[] parts = line.trim().split("[ \t]+");
            if (parts[0].equals(keyword)) {
                if (!keyword.equals("nameserver")) {
                    words.clear();
                }
                words.addAll(List.of(parts).subList(1, keyword.equals("nameserver") ? Math.min(2, parts.length) : parts.length));
            }
        }
        return words;
    }
}
