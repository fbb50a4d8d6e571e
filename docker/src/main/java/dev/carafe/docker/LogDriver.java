package dev.carafe.docker;

import com.google.gson.JsonObject;

/** The engine's own way of keeping output goes by the name of dockerd's, since clients read logs only of drivers that they know. */
final class LogDriver {
    static final String SHOWN = "json-file";
    private static final String OWN = "carafe";

    private LogDriver() {
    }

    /** A container's document, in docker's words. */
    static JsonObject shown(JsonObject document) {
        if (document.getAsJsonObject("HostConfig").get("LogConfig") instanceof JsonObject log && log.get("Type").getAsString().equals(OWN)) {
            log.addProperty("Type", SHOWN);
        }
        return document;
    }
}
