package dev.carafe.docker;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.docker.http.Exchange;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One call of an operation.
 *
 * @param version of the API, as the path says; the newest where it says none
 * @param places what stands in the places of the route's path, in their order
 */
record Call(Exchange exchange, ApiVersion version, List<String> places, Query query) {
    static final String JSON = "application/json";
    private static final int LARGEST_BODY = 16 << 20;

    /** What stands in the first place: a name or an id. */
    String name() {
        return places.getFirst();
    }

    /** The body as a JSON object; an empty one where there is no body. */
    Body body() throws IOException {
        if (!exchange.request().hasBody()) {
            return new Body(new JsonObject());
        }
        String type = exchange.request().headers().get("content-type").orElse("");
        int semicolon = type.indexOf(';');
        if (!(semicolon < 0 ? type : type.substring(0, semicolon)).strip().equalsIgnoreCase(JSON)) {
            throw ApiFault.invalid("unsupported Content-Type header (" + type + "): must be 'application/json'");
        }
        byte[] bytes = exchange.request().body().readNBytes(LARGEST_BODY + 1);
        if (bytes.length > LARGEST_BODY) {
            throw new ApiFault(413, "the request's body is larger than " + LARGEST_BODY + " bytes");
        }
        if (bytes.length == 0) {
            return new Body(new JsonObject());
        }
        try {
            JsonElement tree = Json.parse("body", bytes);
            return new Body(tree.isJsonNull() ? new JsonObject() : tree.getAsJsonObject());
        } catch (Fault | IllegalStateException bad) {
            throw ApiFault.invalid("invalid JSON: " + bad.getMessage());
        }
    }

    void json(int status, JsonElement document) throws IOException {
        exchange.answer(status, JSON, (Json.compact(document) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void json(JsonElement document) throws IOException {
        json(200, document);
    }

    /** Nothing more than that it is done. */
    void done() throws IOException {
        exchange.empty(204);
    }

    /** Documents one after the other, each as soon as it is there. */
    JsonStream documents() throws IOException {
        return new JsonStream(exchange.stream(200, JSON));
    }

    OutputStream stream(String type) throws IOException {
        return exchange.stream(200, type);
    }
}
