package dev.carafe.docker;

import com.google.gson.JsonArray;
import java.util.ArrayList;
import java.util.List;

/** What belongs to a swarm, answered as by a dockerd that is part of none; and plugins, of which there are none. */
final class SwarmOperations {
    static final String NO_SWARM = "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.";

    List<Route> routes() {
        var all = new ArrayList<Route>();
        for (String path : List.of("/swarm", "/swarm/unlockkey", "/services", "/services/*", "/services/*/logs", "/nodes", "/nodes/*", "/tasks", "/tasks/*", "/tasks/*/logs",
                "/secrets", "/secrets/*", "/configs", "/configs/*")) {
            all.add(Route.of("GET", path, SwarmOperations::noSwarm));
        }
        for (String path : List.of("/swarm/update", "/services/create", "/services/*/update", "/nodes/*/update", "/secrets/create", "/secrets/*/update", "/configs/create",
                "/configs/*/update")) {
            all.add(Route.of("POST", path, SwarmOperations::noSwarm));
        }
        for (String path : List.of("/services/*", "/nodes/*", "/secrets/*", "/configs/*")) {
            all.add(Route.of("DELETE", path, SwarmOperations::noSwarm));
        }
        for (String path : List.of("/swarm/init", "/swarm/join", "/swarm/unlock")) {
            all.add(Route.of("POST", path, call -> {
                throw ApiFault.unsupported("this engine does not form swarms");
            }));
        }
        all.add(Route.of("POST", "/swarm/leave", call -> {
            throw new ApiFault(503, "This node is not part of a swarm");
        }));
        all.add(Route.of("GET", "/plugins", call -> call.json(new JsonArray())));
        all.add(Route.of("GET", "/plugins/*/json", SwarmOperations::noPlugin));
        all.add(Route.of("DELETE", "/plugins/**", SwarmOperations::noPlugin));
        for (String verb : List.of("enable", "disable", "upgrade", "set", "push")) {
            all.add(Route.of("POST", "/plugins/**/" + verb, SwarmOperations::noPlugin));
        }
        for (String path : List.of("/plugins/pull", "/plugins/create")) {
            all.add(Route.of("POST", path, SwarmOperations::noPlugins));
        }
        all.add(Route.of("GET", "/plugins/privileges", SwarmOperations::noPlugins));
        return all;
    }

    private static void noSwarm(Call call) {
        throw new ApiFault(503, NO_SWARM);
    }

    private static void noPlugin(Call call) {
        throw ApiFault.notFound("plugin \"" + call.name() + "\" not found");
    }

    private static void noPlugins(Call call) {
        throw ApiFault.unsupported("this engine has no plugins");
    }
}
