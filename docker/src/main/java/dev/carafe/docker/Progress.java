package dev.carafe.docker;

import com.google.gson.JsonObject;
import dev.carafe.oci.JsonFields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells how a transfer goes, in docker's documents; the answer begins with the first of them, so that what fails before has a status. Safe for many threads. */
final class Progress {
    private static final long PAUSE_NANOS = 100_000_000;
    private static final JsonObject NO_DETAIL = new JsonObject();

    private final Call call;
    private final Map<String, Long> told = new HashMap<>();
    private @Nullable JsonStream out;

    Progress(Call call) {
        this.call = call;
    }

    private JsonStream out() {
        JsonStream open = out;
        if (open == null) {
            try {
                open = call.documents();
                out = open;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return open;
    }

    synchronized void say(String status) {
        out().status(status);
    }

    synchronized void say(String id, String status) {
        told.remove(id);
        out().put(new JsonFields().put("status", status).put("progressDetail", NO_DETAIL).put("id", id).json());
    }

    /** So many bytes of so many; not more often than anybody can see. */
    synchronized void move(String id, String status, long bytes, long of) {
        long now = System.nanoTime();
        Long last = told.get(id);
        if (last != null && now - last < PAUSE_NANOS && bytes < of) {
            return;
        }
        told.put(id, now);
        out().put(new JsonFields().put("status", status).put("progressDetail", new JsonFields().put("current", bytes).put("total", of).json())
                .put("progress", bar(bytes, of)).put("id", id).json());
    }

    private static String bar(long bytes, long of) {
        int full = of <= 0 ? 50 : (int) Math.min(50, 50 * bytes / of);
        return "[" + "=".repeat(full) + (full < 50 ? ">" + " ".repeat(49 - full) : "") + "]  " + bytes + "B/" + of + "B";
    }

    synchronized void aux(JsonObject document) {
        out().put(new JsonFields().put("progressDetail", NO_DETAIL).put("aux", document).json());
    }

    /** True: the client was told, since the answer had begun. */
    synchronized boolean fail(String message) throws IOException {
        JsonStream open = out;
        if (open == null) {
            return false;
        }
        open.error(message);
        open.close();
        return true;
    }

    synchronized void close() throws IOException {
        out().close();
    }
}
