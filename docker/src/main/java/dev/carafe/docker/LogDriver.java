package dev.carafe.docker;

import com.google.gson.JsonObject;
import java.util.Optional;

/**
 * The engine's own way of keeping output goes by the name of dockerd's: clients read logs only of drivers that they know, and bounds are said alike
 * ({@code max-size}, {@code max-file}).
 */
final class LogDriver {
    static final String SHOWN = "json-file";
    private static final String OWN = "carafe";

    private LogDriver() {
    }

    /** What a client asked for, in the engine's words. */
    static Optional<String> wanted(Optional<String> type) {
        return type.map(name -> name.equals(SHOWN) ? OWN : name);
    }

    /** A container's document, in docker's words. */
    static JsonObject shown(JsonObject document) {
        if (document.getAsJsonObject("HostConfig").get("LogConfig") instanceof JsonObject log && log.get("Type").getAsString().equals(OWN)) {
            log.addProperty("Type", SHOWN);
        }
        return document;
    }
}
