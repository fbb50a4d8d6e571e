package dev.carafe.docker;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.docker.http.Exchange;
import dev.carafe.docker.http.HttpHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the operation for a request, and tells in docker's form what went wrong. */
final class Router implements HttpHandler {
    private final Map<String, List<Route>> routes = new HashMap<>();

    Router(List<Route> all) {
        // Words before places, so that /images/json is not the image "json".
        all.forEach(route -> routes.computeIfAbsent(route.method(), m -> new ArrayList<>()).add(route));
        routes.values().forEach(list -> list.sort((a, b) -> places(a) - places(b)));
    }

    private static int places(Route route) {
        int places = 0;
        for (String part : route.parts()) {
            places += part.equals("**") ? 100 : part.equals("*") ? 1 : 0;
        }
        return places;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        exchange.header("Api-Version", ApiVersion.NEWEST.toString()).header("Docker-Experimental", "false").header("Ostype", "linux")
                .header("Server", "Carafe/" + DockerServer.VERSION + " (linux)");
        try {
            call(exchange);
        } catch (ApiFault refusal) {
            refuse(exchange, refusal.status(), refusal.getMessage());
        } catch (Fault fault) {
            refuse(exchange, ApiFault.status(fault), fault.getMessage());
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        } catch (RuntimeException | StackOverflowError flaw) {
            refuse(exchange, 500, "internal error: " + flaw);
        }
    }

    private void call(Exchange exchange) throws IOException {
        String path = exchange.request().path();
        List<String> parts = new ArrayList<>(List.of(path.substring(1).split("/", -1)));
        ApiVersion version = ApiVersion.NEWEST;
        if (parts.getFirst().matches("v[0-9.]+")) {
            version = ApiVersion.parse(parts.removeFirst().substring(1));
        }
        for (String method : exchange.request().method().equals("HEAD") ? List.of("HEAD", "GET") : List.of(exchange.request().method())) {
            for (Route route : routes.getOrDefault(method, List.of())) {
                Optional<List<String>> places = route.match(parts);
                if (places.isPresent()) {
                    List<String> decoded = places.get().stream().map(place -> Query.decode(place, false)).toList();
                    route.operation().answer(new Call(exchange, version, decoded, Query.parse(exchange.request().query())));
                    return;
                }
            }
        }
        throw isKnown(parts) ? new ApiFault(405, "method not allowed") : ApiFault.notFound("page not found");
    }

    private boolean isKnown(List<String> parts) {
        return routes.values().stream().flatMap(List::stream).anyMatch(route -> route.match(parts).isPresent());
    }

    private static void refuse(Exchange exchange, int status, String message) throws IOException {
        if (exchange.isAnswered()) {
            // The head has gone; an end that comes too early tells the client.
            return;
        }
        var document = new JsonObject();
        document.addProperty("message", message);
        exchange.answer(status, Call.JSON, (dev.carafe.oci.Json.compact(document) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
