package dev.carafe.cli.command;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.text.Amount;
import dev.carafe.oci.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lines that each tell of one thing. On a terminal a line changes in its place, with a bar while bytes come; elsewhere each
 * change is a line of its own, and bytes are not told; as JSON, each is an object in the words of docker's API, bytes included.
 * Callers synchronise.
 */
final class ProgressLines {
    private static final int BAR = 30;
    private static final int USUAL_COLUMNS = 80;
    private static final long PAUSE_NANOS = 80_000_000;

    /** How things are told. */
    enum Style {
        /** Not at all. */
        SILENT,
        /** A line for each thing that happens. */
        LINES,
        /** A line for each thing that changes, with a bar that moves. */
        BARS,
        /** An object on a line for each thing that happens, and for the bytes that come. */
        JSON;

        static Option option() {
            return Option.of(Type.TEXT, "progress", "How to tell what happens: auto, plain, tty, json or quiet").initially("auto");
        }

        /** What the caller asks for; without a word, bars on a terminal. */
        static Style of(Call call, Values values, int stream) {
            return switch (values.text("progress")) {
                case "auto" -> values.on("quiet") ? SILENT : of(call, stream);
                case "plain" -> LINES;
                case "tty" -> BARS;
                case "json", "rawjson" -> JSON;
                case "quiet" -> SILENT;
                default -> throw Fault.invalid("read option", "--progress \"" + values.text("progress") + "\"", "expected auto, plain, tty, json or quiet");
            };
        }

        static Style of(Call call, int stream) {
            return call.console().request().isTerminal(stream) ? BARS : LINES;
        }
    }

    private final Consumer<String> out;
    private final Style style;
    private final int columns;
    private final List<String> order = new ArrayList<>();
    private final Map<String, Rate> rates = new HashMap<>();

    /** When bytes were last told of, and how many had come. */
    private static final class Rate {
        private final long began = System.nanoTime();
        private long told;
        private long first = -1;
    }

    ProgressLines(Consumer<String> out, Style style, int columns) {
        this.out = out;
        this.style = style;
        this.columns = columns > 0 ? columns : USUAL_COLUMNS;
    }

    void say(String id, String text) {
        rates.remove(id);
        show(id, text);
    }

    /** Something that is told once, in its own words; as JSON, of the thing with that id. */
    void note(String id, String status, String line) {
        if (style == Style.JSON) {
            var object = new JsonObject();
            object.addProperty("status", status);
            if (!id.isEmpty()) {
                object.addProperty("id", id);
            }
            out.accept(Json.compact(object) + "\n");
        } else if (style != Style.SILENT) {
            out.accept(line + "\n");
        }
    }

    /** So many bytes of so many. */
    void move(String id, String doing, long bytes, long of) {
        if (style != Style.BARS && style != Style.JSON) {
            return;
        }
        Rate rate = rates.computeIfAbsent(id, i -> new Rate());
        long now = System.nanoTime();
        rate.first = rate.first < 0 ? bytes : rate.first;
        if (now - rate.told < PAUSE_NANOS && bytes < of) {
            return;
        }
        rate.told = now;
        if (style == Style.JSON) {
            var detail = new JsonObject();
            detail.addProperty("current", bytes);
            detail.addProperty("total", of);
            var object = new JsonObject();
            object.addProperty("status", doing);
            object.add("progressDetail", detail);
            object.addProperty("id", id);
            out.accept(Json.compact(object) + "\n");
            return;
        }
        int full = of <= 0 ? BAR : (int) (BAR * Math.min(bytes, of) / of);
        double seconds = Math.max(1e-3, (now - rate.began) / 1e9);
        String speed = Amount.size((long) ((bytes - rate.first) / seconds), 3) + "/s";
        String bar = "[" + "=".repeat(full) + (full < BAR ? ">" + " ".repeat(BAR - full - 1) : "") + "]";
        show(id, doing + " " + bar + " " + Amount.size(bytes, 3) + "/" + Amount.size(of, 3) + " " + speed);
    }

    private void show(String id, String text) {
        String line = id + ": " + text;
        if (style != Style.BARS) {
            note(id, text, line);
            return;
        }
        String fitting = line.length() < columns ? line : line.substring(0, columns - 1);
        int at = order.indexOf(id);
        if (at < 0) {
            order.add(id);
            out.accept(fitting + "\n");
        } else {
            int up = order.size() - at;
            out.accept("\u001b[" + up + "A\r\u001b[2K" + fitting + "\r\u001b[" + up + "B");
        }
    }

    /** Later lines come below what is there now. */
    void clear() {
        order.clear();
        rates.clear();
    }
}
