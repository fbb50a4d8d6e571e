package dev.carafe.network;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.oci.JsonFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a container got on one network.
 *
 * @param id 64 hexadecimal digits, new at each start
 * @param device the name of its device in the container
 * @param link the name of the bridge's port on the host; empty where there is none
 * @param wire what of the host it is connected with
 */
public record Endpoint(String id, String networkId, String network, String device, String link, MacAddress mac, List<Held> addresses, List<String> aliases,
        boolean defaultRoute, Wire wire) {
    public Endpoint {
        addresses = List.copyOf(addresses);
        aliases = List.copyOf(aliases);
    }

    /** An address, the length of its subnet's prefix, and its gateway. */
    public record Held(IpAddress address, int prefix, Optional<IpAddress> gateway) {
    }

    /**
     * What of the host an endpoint is connected with.
     *
     * @param name of the bridge, or of the device that is shared
     * @param index its number
     * @param isolated whether endpoints do not reach each other
     * @param shared whether it is a device that is shared, and not a bridge
     */
    public record Wire(String name, int index, int mtu, boolean isolated, boolean shared) {
    }

    public Optional<Held> held(boolean six) {
        for (Held held : addresses) {
            if (held.address().six() == six) {
                return Optional.of(held);
            }
        }
        return Optional.empty();
    }

    JsonObject json() {
        var list = new ArrayList<JsonObject>();
        for (Held held : addresses) {
            list.add(new JsonFields().put("address", held.address().toString()).put("prefix", held.prefix())
                    .optional("gateway", held.gateway().map(IpAddress::toString)).json());
        }
        return new JsonFields().put("id", id).put("networkId", networkId).put("network", network).put("device", device).put("link", link).put("mac", mac.toString())
                .array("addresses", list).array("aliases", aliases).put("defaultRoute", defaultRoute)
                .put("wire", new JsonFields().put("name", wire.name).put("index", wire.index).put("mtu", wire.mtu).put("isolated", wire.isolated)
                        .put("shared", wire.shared).json()).json();
    }

    static Endpoint parse(JsonObject json) {
        var addresses = new ArrayList<Held>();
        for (JsonElement element : json.getAsJsonArray("addresses")) {
            JsonObject held = element.getAsJsonObject();
            addresses.add(new Held(IpAddress.parse(held.get("address").getAsString()), held.get("prefix").getAsInt(),
                    held.has("gateway") ? Optional.of(IpAddress.parse(held.get("gateway").getAsString())) : Optional.empty()));
        }
        var aliases = new ArrayList<String>();
        json.getAsJsonArray("aliases").forEach(alias -> aliases.add(alias.getAsString()));
        JsonObject wire = json.getAsJsonObject("wire");
        return new Endpoint(json.get("id").getAsString(), json.get("networkId").getAsString(), json.get("network").getAsString(), json.get("device").getAsString(),
                json.get("link").getAsString(), MacAddress.parse(json.get("mac").getAsString()), addresses, aliases, json.get("defaultRoute").getAsBoolean(),
                new Wire(wire.get("name").getAsString(), wire.get("index").getAsInt(), wire.get("mtu").getAsInt(), wire.get("isolated").getAsBoolean(),
                        wire.get("shared").getAsBoolean()));
    }
}
