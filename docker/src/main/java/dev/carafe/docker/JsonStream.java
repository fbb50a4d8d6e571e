package dev.carafe.docker;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A stream of documents, as docker tells of progress and of events; safe for many threads. */
final class JsonStream implements AutoCloseable {
    private final OutputStream out;

    JsonStream(OutputStream out) {
        this.out = out;
    }

    /** @throws UncheckedIOException when the client has gone */
    void put(JsonElement document) {
        try {
            synchronized (this) {
                out.write((Json.compact(document) + "\r\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line for people. */
    void line(String text) {
        var document = new JsonObject();
        document.addProperty("stream", text);
        put(document);
    }

    void status(String text) {
        var document = new JsonObject();
        document.addProperty("status", text);
        put(document);
    }

    /** What went wrong once the head of the answer had been sent. */
    void error(String message) {
        var detail = new JsonObject();
        detail.addProperty("message", message);
        var document = new JsonObject();
        document.add("errorDetail", detail);
        document.addProperty("error", message);
        put(document);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
