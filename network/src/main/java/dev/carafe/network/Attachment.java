package dev.carafe.network;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.IpAddress;
import dev.carafe.oci.JsonFields;
import dev.carafe.plan.NetworkOperation.Published;
import java.util.ArrayList;
import java.util.List;

/**
 * How a container is connected for one run: kept in its run directory from before the start, when its leases are taken already.
 *
 * @param served whether its engine answers its questions for names from the first one on, for which the start waits
 * @param namespace the network namespace of the host that it is connected in, as the text of the link {@code /proc/PID/ns/net}
 */
public record Attachment(String container, String namespace, List<Endpoint> endpoints, List<Published> ports, boolean served) {
    /** The file in the run directory of the container. */
    public static final String FILE = "network.json";
    /** The file in the run directory that says that another container uses the namespace too. */
    public static final String SHARED = "network.shared";

    public Attachment {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /** The file in the run directory that its engine locks until it serves names. */
    public static final String NAMES = "names";

    /** With other endpoints and ports. */
    Attachment with(List<Endpoint> others, List<Published> published) {
        return new Attachment(container, namespace, others, published, served);
    }

    /** Whether it is on a network whose containers have names for each other. */
    public boolean hasNeighbours() {
        for (Endpoint endpoint : endpoints) {
            if (!endpoint.network().equals(Network.DEFAULT)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it reaches the world outside by way of any network. */
    public boolean leadsOutside() {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.defaultRoute()) {
                return true;
            }
        }
        return false;
    }

    /** Of a container that runs and is on no network. */
    public static Attachment none(String container) {
        return new Attachment(container, Networks.namespace(), List.of(), List.of(), false);
    }

    JsonObject json() {
        var all = new ArrayList<JsonObject>();
        for (Endpoint endpoint : endpoints) {
            all.add(endpoint.json());
        }
        var published = new ArrayList<JsonObject>();
        for (Published port : ports) {
            published.add(new JsonFields().put("protocol", port.protocol()).put("host", port.host().toString()).put("hostPort", port.hostPort())
                    .put("container", port.container().toString()).put("containerPort", port.containerPort()).json());
        }
        return new JsonFields().put("container", container).put("namespace", namespace).array("endpoints", all).array("ports", published).put("served", served).json();
    }

    static Attachment parse(JsonObject json) {
        var endpoints = new ArrayList<Endpoint>();
        for (JsonElement element : json.getAsJsonArray("endpoints")) {
            endpoints.add(Endpoint.parse(element.getAsJsonObject()));
        }
        var ports = new ArrayList<Published>();
        for (JsonElement element : json.getAsJsonArray("ports")) {
            JsonObject port = element.getAsJsonObject();
            ports.add(new Published(port.get("protocol").getAsString(), IpAddress.parse(port.get("host").getAsString()), port.get("hostPort").getAsInt(),
                    IpAddress.parse(port.get("container").getAsString()), port.get("containerPort").getAsInt()));
        }
        return new Attachment(json.get("container").getAsString(), json.get("namespace").getAsString(), endpoints, ports, json.has("served") && json.get("served").getAsBoolean());
    }
}
