package dev.carafe.engine;

import com.google.gson.JsonElement;
import dev.carafe.network.Attachment;
import dev.carafe.network.Endpoint;
import dev.carafe.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Keeps the hosts files of containers, by which those of one user-defined network find each other: by name, alias and short id (hosts(5)). Who comes or goes is
 * written into the files of all others on its networks; one writer at a time.
 */
final class Neighbourhood {
    private Neighbourhood() {
    }

    /** Writes the container's own file, and has its neighbours know it. */
    static void write(Containers all, ContainerRecord record, Attachment attachment) {
        all.networks().whileNaming(() -> {
            writeOwn(all, record, attachment);
            tellNeighbours(all, attachment);
        });
    }

    /** A container has ended: its neighbours forget it. */
    static void leave(Containers all, String id) {
        Optional<Attachment> attachment = Attaching.known(all, id);
        if (attachment.isPresent() && attachment.get().endpoints().stream().anyMatch(endpoint -> !endpoint.network().equals(Network.DEFAULT))) {
            all.networks().whileNaming(() -> tellNeighbours(all, attachment.get()));
        }
    }

    /** Those of other networks than the usual one, whose containers have no names for each other. */
    static void tellNeighbours(Containers all, Attachment attachment) {
        var told = new TreeSet<String>();
        for (Endpoint endpoint : attachment.endpoints()) {
            if (!endpoint.network().equals(Network.DEFAULT)) {
                told.addAll(all.networks().holders(endpoint.networkId()).values());
            }
        }
        told.remove(attachment.container());
        for (String id : told) {
            Optional<ContainerRecord> record = all.store.record(id);
            Optional<Attachment> known = Attaching.known(all, id);
            if (record.isPresent() && known.isPresent()) {
                writeOwn(all, record.get(), known.get());
            }
        }
    }

    private static void writeOwn(Containers all, ContainerRecord record, Attachment attachment) {
        String hostname = record.config().get("Hostname").getAsString();
        JsonElement domain = record.config().get("Domainname");
        List<String> lines = new ArrayList<>(HostsFile.own(attachment, hostname,
                Optional.ofNullable(domain).filter(JsonElement::isJsonPrimitive).map(JsonElement::getAsString)));
        for (Endpoint endpoint : attachment.endpoints()) {
            if (!endpoint.network().equals(Network.DEFAULT)) {
                for (String id : new TreeSet<>(all.networks().holders(endpoint.networkId()).values())) {
                    lines.addAll(neighbour(all, id, endpoint.networkId()));
                }
            }
        }
        Path file = all.roots.container(record.id()).resolve("hosts");
        try {
            // The file is bound into the container, so it stays the same one.
            Files.writeString(file, HostsFile.hosts(Attaching.strings(record.hostConfig(), "ExtraHosts"), HostsFile.gateway(attachment), lines));
        } catch (IOException e) {
            throw StateFile.fault("write", file, e);
        }
    }

    private static List<String> neighbour(Containers all, String id, String network) {
        var lines = new ArrayList<String>();
        Optional<ContainerRecord> record = all.store.record(id);
        Optional<Attachment> known = record.isEmpty() ? Optional.empty() : Attaching.known(all, id);
        if (known.isPresent()) {
            for (Endpoint endpoint : known.get().endpoints()) {
                if (endpoint.networkId().equals(network)) {
                    String names = record.get().name() + (endpoint.aliases().isEmpty() ? "" : " " + String.join(" ", endpoint.aliases())) + " " + id.substring(0, 12);
                    endpoint.addresses().forEach(held -> lines.add(held.address() + "\t" + names));
                }
            }
        }
        return lines;
    }
}
