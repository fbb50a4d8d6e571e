package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.base.IpAddress;
import dev.carafe.network.names.Acquaintance.Upstream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The file by which a container knows whom to ask for names: resolv.conf(5). */
final class ResolverFile {
    /** Where the engine's own server is, on networks whose containers have names. */
    static final String OWN_SERVER = "127.0.0.11";
    private static final Path HOST_RESOLVER = Path.of("/etc/resolv.conf");
    /** Where the host's own servers stand when /etc/resolv.conf names a local one only. */
    private static final Path REAL_RESOLVER = Path.of("/run/systemd/resolve/resolv.conf");

    private ResolverFile() {
    }

    /** What a container's user has said of it. */
    static NetworkOptions.Resolver wanted(ContainerRecord record) {
        JsonObject config = record.hostConfig();
        return new NetworkOptions.Resolver(Attaching.strings(config, "Dns"), Attaching.strings(config, "DnsSearch"), Attaching.strings(config, "DnsOptions"));
    }

    /**
     * The host's, with what its user said in place of it.
     *
     * @param own whether the container has a network of its own, from which the host's loopback cannot be reached
     * @param neighbours whether it is on a network whose containers have names: then the engine's server comes first, and the others answer while there is none
     */
    static String text(NetworkOptions.Resolver wanted, boolean own, boolean neighbours) {
        String host = StateFile.read(HOST_RESOLVER).orElse("");
        List<String> servers = wanted.servers().isEmpty() ? words(host, "nameserver") : wanted.servers();
        boolean local = own && wanted.servers().isEmpty();
        if (local && !servers.isEmpty() && servers.stream().allMatch(ResolverFile::isLocal)) {
            servers = StateFile.read(REAL_RESOLVER).map(text -> words(text, "nameserver")).orElse(List.of());
        }
        var text = new StringBuilder();
        if (neighbours) {
            text.append("nameserver ").append(OWN_SERVER).append('\n');
        }
        for (String server : servers) {
            if (!local || !isLocal(server)) {
                text.append("nameserver ").append(server).append('\n');
            }
        }
        List<String> search = wanted.search().isEmpty() ? words(host, "search") : wanted.search().equals(List.of(".")) ? List.of() : wanted.search();
        if (!search.isEmpty()) {
            text.append("search ").append(String.join(" ", search)).append('\n');
        }
        var options = new ArrayList<>(wanted.options().isEmpty() ? words(host, "options") : wanted.options());
        if (neighbours && options.stream().noneMatch(option -> option.startsWith("ndots:"))) {
            // A neighbour's name has no dot, and is asked for as it is before the domains to search are tried.
            options.add("ndots:0");
        }
        if (!options.isEmpty()) {
            text.append("options ").append(String.join(" ", options)).append('\n');
        }
        return text.toString();
    }

    /** Whom the engine asks on behalf of a container: the servers that its user named, from where it is itself, else those of the host. */
    static Upstream upstream(NetworkOptions.Resolver wanted) {
        boolean named = !wanted.servers().isEmpty();
        var servers = new ArrayList<IpAddress>();
        for (String server : named ? wanted.servers() : words(StateFile.read(HOST_RESOLVER).orElse(""), "nameserver")) {
            // A server on one link only (fe80::1%eth0) is not among them.
            IpAddress.tryParse(server).filter(address -> !address.toString().equals(OWN_SERVER)).ifPresent(servers::add);
        }
        return new Upstream(servers, named);
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
