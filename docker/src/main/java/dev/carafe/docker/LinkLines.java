package dev.carafe.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.carafe.engine.Container;
import dev.carafe.engine.Engine;
import java.util.ArrayList;
import java.util.List;

/**
 * Docker's links, {@code CONTAINER[:ALIAS]}: names by which a container finds another one on the same network. Where the other's name on the network is not that
 * already, a line of /etc/hosts says it, with the address that the other has when the container is made.
 */
record LinkLines(Engine engine) {
    /**
     * The lines that are needed, {@code NAME:ADDRESS}.
     *
     * @param named whether containers on that network find each other by name
     */
    List<String> of(List<String> links, String network, boolean named) {
        var lines = new ArrayList<String>();
        for (String link : links) {
            int colon = link.indexOf(':');
            String target = colon < 0 ? link : link.substring(0, colon);
            String alias = colon < 0 ? link : link.substring(colon + 1);
            Container other = Containers.find(engine, target);
            JsonObject networks = other.inspect().getAsJsonObject("NetworkSettings").getAsJsonObject("Networks");
            if (!(networks.get(network) instanceof JsonObject endpoint)) {
                throw ApiFault.invalid("Cannot link to " + target + ", as it is not on network " + network);
            }
            alias = alias.startsWith("/") ? alias.substring(1) : alias;
            if (!named || !knows(other, endpoint, alias)) {
                JsonElement address = endpoint.get("IPAddress");
                if (!other.status().running() || address == null || address.getAsString().isEmpty()) {
                    throw ApiFault.invalid("Cannot link to a non running container: " + target + " AS " + alias);
                }
                lines.add(alias + ":" + address.getAsString());
            }
        }
        return lines;
    }

    private static boolean knows(Container other, JsonObject endpoint, String alias) {
        return other.record().name().equals(alias) || endpoint.get("Aliases") instanceof JsonArray aliases && aliases.contains(new JsonPrimitive(alias));
    }
}
