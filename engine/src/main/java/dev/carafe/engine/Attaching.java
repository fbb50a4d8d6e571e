package dev.carafe.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.network.Attachment;
import dev.carafe.network.Endpoint;
import dev.carafe.network.EndpointRequest;
import dev.carafe.network.Network;
import dev.carafe.network.Networks;
import dev.carafe.network.PortHolder;
import dev.carafe.oci.JsonFields;
import dev.carafe.plan.Connections;
import dev.carafe.plan.NetworkOperation.Published;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Connects containers with networks when they start, and tells how they are connected. */
final class Attaching {
    private Attaching() {
    }

    /** Leases what a container needs, where it is on any network. The caller holds its lock, and its run directory is there. */
    static Optional<Attachment> attach(Containers all, ContainerRecord record) {
        List<EndpointRequest> requests = NetworkChoice.requests(record);
        if (requests.isEmpty()) {
            return Optional.empty();
        }
        Attachment attachment = all.networks().attach(record.id(), all.roots.run(record.id()), requests, NetworkChoice.ports(record), all.names().isPresent());
        Neighbourhood.write(all, record, attachment);
        return Optional.of(attachment);
    }

    static Connections connections(Containers all, Attachment attachment) {
        return all.networks().connections(attachment, all.roots.run(attachment.container()));
    }

    /** How a container is, or was last, connected. */
    static Optional<Attachment> known(Containers all, String id) {
        Path run = all.roots.run(id);
        return Files.exists(run.resolve(Attachment.FILE)) ? all.networks().attachment(run) : Optional.empty();
    }

    /** A container that runs and is on no network. */
    static Attachment unattached(String id) {
        return Attachment.none(id);
    }

    /** Takes back what a killed monitor left. */
    static void detachIfLeft(Containers all, String id) {
        Optional<Attachment> attachment = known(all, id);
        if (attachment.isPresent() && all.networks().isAttached(attachment.get())) {
            all.networks().detach(attachment.get());
        }
    }

    /** Says in the run directory of a container whose network another one joins that it is not the only one there. */
    static void share(Containers all, ContainerRecord record) {
        JsonElement mode = record.hostConfig().get("NetworkMode");
        if (mode != null && mode.isJsonPrimitive() && mode.getAsString().startsWith("container:")) {
            Path run = all.roots.run(all.find(mode.getAsString().substring("container:".length())).id());
            if (Files.exists(run.resolve(Attachment.FILE))) {
                StateFile.write(run.resolve(Attachment.SHARED), record.id());
            }
        }
    }

    static List<String> strings(JsonObject in, String field) {
        var list = new ArrayList<String>();
        if (in.get(field) instanceof JsonArray array) {
            array.forEach(e -> list.add(e.getAsString()));
        }
        return list;
    }

    /** A port that the monitor could not reserve is held by somebody, who may be visible. */
    static Fault explained(Fault fault, String name, Optional<Attachment> attachment) {
        if (attachment.isEmpty() || !fault.errno().equals(Optional.of(Errno.EADDRINUSE))) {
            return fault;
        }
        for (Published port : attachment.get().ports()) {
            Optional<String> holder = PortHolder.of(port.protocol(), port.host(), port.hostPort());
            if (holder.isPresent()) {
                return Fault.of(Fault.Kind.CONFLICT, "start", "\"" + name + "\"",
                        "port " + port.hostPort() + "/" + port.protocol() + " on " + port.host() + " is held by " + holder.get()).hint("publish another host port");
            }
        }
        return fault;
    }

    /** Puts into docker's inspect document how the container is connected now. */
    static void show(JsonObject document, Attachment attachment, int pid) {
        JsonObject settings = document.getAsJsonObject("NetworkSettings");
        settings.addProperty("SandboxKey", "/proc/" + pid + "/ns/net");
        settings.addProperty("SandboxID", attachment.container());
        settings.add("Ports", ports(document, attachment));
        JsonObject networks = settings.getAsJsonObject("Networks");
        for (Endpoint endpoint : attachment.endpoints()) {
            JsonObject shown = networks.has(endpoint.network()) ? networks.getAsJsonObject(endpoint.network()) : NetworkChoice.endpoint(EndpointRequest.of(endpoint.network()));
            fill(shown, endpoint);
            shown.addProperty("NetworkID", endpoint.networkId());
            networks.add(endpoint.network(), shown);
            if (endpoint.network().equals(Network.DEFAULT)) {
                fill(settings, endpoint);
            }
        }
    }

    private static void fill(JsonObject shown, Endpoint endpoint) {
        shown.addProperty("EndpointID", endpoint.id());
        shown.addProperty("MacAddress", endpoint.mac().toString());
        endpoint.held(false).ifPresent(held -> {
            shown.addProperty("Gateway", held.gateway().map(Object::toString).orElse(""));
            shown.addProperty("IPAddress", held.address().toString());
            shown.addProperty("IPPrefixLen", held.prefix());
        });
        endpoint.held(true).ifPresent(held -> {
            shown.addProperty("IPv6Gateway", held.gateway().map(Object::toString).orElse(""));
            shown.addProperty("GlobalIPv6Address", held.address().toString());
            shown.addProperty("GlobalIPv6PrefixLen", held.prefix());
        });
    }

    /** A container as docker's network inspect shows it. */
    static Optional<JsonObject> member(Endpoint endpoint, Network network, String name) {
        if (!endpoint.networkId().equals(network.id())) {
            return Optional.empty();
        }
        return Optional.of(new JsonFields().put("Name", name).put("EndpointID", endpoint.id()).put("MacAddress", endpoint.mac().toString())
                .put("IPv4Address", endpoint.held(false).map(held -> held.address() + "/" + held.prefix()).orElse(""))
                .put("IPv6Address", endpoint.held(true).map(held -> held.address() + "/" + held.prefix()).orElse("")).json());
    }

    private static JsonObject ports(JsonObject document, Attachment attachment) {
        var ports = new JsonObject();
        if (document.getAsJsonObject("Config").get("ExposedPorts") instanceof JsonObject exposed) {
            for (Map.Entry<String, JsonElement> entry : exposed.entrySet()) {
                ports.add(entry.getKey(), JsonNull.INSTANCE);
            }
        }
        for (Published port : attachment.ports()) {
            String key = port.containerPort() + "/" + port.protocol();
            if (!(ports.get(key) instanceof JsonArray)) {
                ports.add(key, new JsonArray());
            }
            var binding = new JsonObject();
            binding.addProperty("HostIp", port.host().toString());
            binding.addProperty("HostPort", Integer.toString(port.hostPort()));
            ports.getAsJsonArray(key).add(binding);
        }
        return ports;
    }

    /** Where the places of networks are below those roots; the usual ones have names that a person recognises. */
    static Networks.Places places(Roots roots) {
        boolean usual = roots.root().equals(Roots.DEFAULT_ROOT);
        String mark = Integer.toHexString(roots.root().toString().hashCode());
        return new Networks.Places(roots.networks(), roots.leases(), roots.runs(), usual ? "carafe" : "carafe-" + mark, usual ? "carafe0" : "carafe-" + mark);
    }
}
