package dev.carafe.engine;

import dev.carafe.network.Attachment;
import dev.carafe.network.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The file by which a container resolves names without asking anybody: hosts(5). */
final class HostsFile {
    /** Stands for an address of the host in {@code --add-host}. */
    static final String HOST_GATEWAY = "host-gateway";

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
}
