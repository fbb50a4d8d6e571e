package dev.carafe.engine;

import com.google.gson.JsonElement;
import dev.carafe.network.Attachment;
import dev.carafe.network.Endpoint;
import dev.carafe.network.Network;
import java.io.IOException;
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
            changed(all, attachment);
            writeOwn(all, record, attachment);
            tellNeighbours(all, attachment);
        });
    }

    /** A container has ended: its neighbours forget it. */
    static void leave(Containers all, String id) {
        Optional<Attachment> attachment = Attaching.known(all, id);
        if (attachment.isPresent() && attachment.get().endpoints().stream().anyMatch(endpoint -> !endpoint.network().equals(Network.DEFAULT))) {
            all.networks().whileNaming(() -> {
                changed(all, attachment.get());
                tellNeighbours(all, attachment.get());
            });
        }
    }

    /** Somebody with that attachment has come or gone. */
    static void changed(Containers all, Attachment attachment) {
        if (attachment.hasNeighbours()) {
            all.networks().namesChanged();
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
                for (Acquaintances.Member member : all.acquaintances.on(endpoint.networkId())) {
                    String names = String.join(" ", member.called());
                    member.held().forEach(address -> lines.add(address + "\t" + names));
                }
            }
        }
        // The file is bound into the container, so it stays the same one.
        write(all.roots.container(record.id()).resolve("hosts"),
                HostsFile.hosts(Attaching.strings(record.hostConfig(), "ExtraHosts"), HostsFile.gateway(attachment), lines));
    }

    private static void write(Path file, String text) {
        try {
            StateFile.overwrite(file, text);
        } catch (IOException e) {
            throw StateFile.fault("write", file, e);
        }
    }

    /** Has a container that gets its first neighbours, or loses its last ones, ask the servers that it should; a file that somebody has changed stays as it is. */
    static void askNeighbours(Containers all, ContainerRecord record, Attachment before, Attachment after) {
        if (before.hasNeighbours() != after.hasNeighbours()) {
            Path file = all.roots.container(record.id()).resolve("resolv.conf");
            NetworkOptions.Resolver wanted = ResolverFile.wanted(record);
            if (StateFile.read(file).equals(Optional.of(ResolverFile.text(wanted, true, before.hasNeighbours())))) {
                write(file, ResolverFile.text(wanted, true, after.hasNeighbours()));
            }
        }
    }

    /** A container has another name. */
    static void renamed(Containers all, ContainerRecord record) {
        Optional<Attachment> attachment = Attaching.known(all, record.id());
        if (attachment.isPresent() && attachment.get().hasNeighbours()) {
            write(all, record, attachment.get());
        }
    }
}
