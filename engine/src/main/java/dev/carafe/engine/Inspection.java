package dev.carafe.engine;

import com.google.gson.JsonObject;

final class Inspection {
    static JsonObject of(Containers all, Container container) {
        var json = container.record().json();
        return json;
    }
}
