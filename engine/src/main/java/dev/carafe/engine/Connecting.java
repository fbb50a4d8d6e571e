package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.kernel.LockFile;
import dev.carafe.network.Attachment;
import dev.carafe.network.Endpoint;
import dev.carafe.network.EndpointRequest;
import dev.carafe.network.Network;
import java.util.List;
import java.util.Optional;

/** Connects containers that exist with further networks, and disconnects them: in their record, and at once where they run. */
final class Connecting {
    private Connecting() {
    }

    static void connect(Containers all, Container container, EndpointRequest request) {
        Network network = all.networks().find(request.network());
        try (LockFile lock = all.lock(container.id())) {
            ContainerRecord record = record(all, container);
            JsonObject document = record.document().deepCopy();
            JsonObject networks = networks(document);
            if (networks.has("host") || record.hostConfig().get("NetworkMode").getAsString().contains(":")) {
                throw Fault.of(Fault.Kind.CONFLICT, "connect", "\"" + record.name() + "\"", "container sharing network namespace with another container or host cannot be"
                        + " connected to any other network");
            }
            if (networks.has(network.name())) {
                throw Fault.of(Fault.Kind.CONFLICT, "connect", "\"" + record.name() + "\"", "it is on network \"" + network.name() + "\" already");
            }
            networks.remove("none");
            var named = new EndpointRequest(network.name(), request.four(), request.six(), request.mac(), request.aliases(), request.priority());
            networks.add(network.name(), NetworkChoice.endpoint(named));
            if (container.status().running()) {
                Attachment before = Attaching.known(all, record.id()).orElseGet(() -> Attaching.unattached(record.id()));
                Attachment after = all.networks().connect(before, all.roots.run(record.id()), container.status().pid(), named);
                Neighbourhood.write(all, record, after);
                Neighbourhood.askNeighbours(all, record, before, after);
                if (after.hasNeighbours()) {
                    all.names().ifPresent(names -> names.serve(record.id(), container.status().pid()));
                }
            }
            all.store.replace(ContainerRecord.parse(document));
        }
    }

    static void disconnect(Containers all, Container container, String text, boolean force) {
        try (LockFile lock = all.lock(container.id())) {
            ContainerRecord record = record(all, container);
            JsonObject document = record.document().deepCopy();
            JsonObject networks = networks(document);
            String name = networks.has(text) ? text : all.networks().find(text).name();
            if (!networks.has(name)) {
                if (force) {
                    return;
                }
                throw Fault.of(Fault.Kind.CONFLICT, "disconnect", "\"" + record.name() + "\"", "it is not on network \"" + name + "\"");
            }
            if (name.equals("host")) {
                throw Fault.of(Fault.Kind.CONFLICT, "disconnect", "\"" + record.name() + "\"", "container cannot be disconnected from host network");
            }
            Optional<Attachment> attachment = container.status().running() ? Attaching.known(all, record.id()) : Optional.empty();
            if (attachment.isPresent()) {
                for (Endpoint endpoint : List.copyOf(attachment.get().endpoints())) {
                    if (endpoint.network().equals(name)) {
                        Attachment after = all.networks().disconnect(attachment.get(), all.roots.run(record.id()), endpoint);
                        Neighbourhood.write(all, record, after);
                        Neighbourhood.askNeighbours(all, record, attachment.get(), after);
                        all.networks().whileNaming(() -> {
                            Neighbourhood.changed(all, attachment.get());
                            Neighbourhood.tellNeighbours(all, attachment.get());
                        });
                    }
                }
            }
            networks.remove(name);
            if (networks.isEmpty()) {
                networks.add("none", NetworkChoice.endpoint(EndpointRequest.of("")));
            }
            all.store.replace(ContainerRecord.parse(document));
        }
    }

    private static ContainerRecord record(Containers all, Container container) {
        return all.store.record(container.id()).orElseThrow(() -> Fault.notFound("find container", "\"" + container.record().name() + "\"", "it was removed meanwhile"));
    }

    private static JsonObject networks(JsonObject document) {
        return document.getAsJsonObject("NetworkSettings").getAsJsonObject("Networks");
    }
}
