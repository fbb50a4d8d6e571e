package dev.carafe.cli.command;

import dev.carafe.cli.text.Amount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lines that each tell of one thing. On a terminal a line changes in its place, with a bar while bytes come; elsewhere each
 * change is a line of its own, and bytes are not told. Callers synchronise.
 */
final class ProgressLines {
    private static final int BAR = 30;
    private static final int USUAL_COLUMNS = 80;
    private static final long PAUSE_NANOS = 80_000_000;

    private final Consumer<String> out;
    private final boolean moves;
    private final int columns;
    private final List<String> order = new ArrayList<>();
    private final Map<String, Rate> rates = new HashMap<>();

    /** When bytes were last told of, and how many had come. */
    private static final class Rate {
        private final long began = System.nanoTime();
        private long told;
        private long first = -1;
    }

    ProgressLines(Consumer<String> out, boolean moves, int columns) {
        this.out = out;
        this.moves = moves;
        this.columns = columns > 0 ? columns : USUAL_COLUMNS;
    }

    void say(String id, String text) {
        rates.remove(id);
        show(id, text);
    }

    /** So many bytes of so many. */
    void move(String id, String doing, long bytes, long of) {
        if (!moves) {
            return;
        }
        Rate rate = rates.computeIfAbsent(id, i -> new Rate());
        long now = System.nanoTime();
        rate.first = rate.first < 0 ? bytes : rate.first;
        if (now - rate.told < PAUSE_NANOS && bytes < of) {
            return;
        }
        rate.told = now;
        int full = of <= 0 ? BAR : (int) (BAR * Math.min(bytes, of) / of);
        double seconds = Math.max(1e-3, (now - rate.began) / 1e9);
        String speed = Amount.size((long) ((bytes - rate.first) / seconds), 3) + "/s";
        String bar = "[" + "=".repeat(full) + (full < BAR ? ">" + " ".repeat(BAR - full - 1) : "") + "]";
        show(id, doing + " " + bar + " " + Amount.size(bytes, 3) + "/" + Amount.size(of, 3) + " " + speed);
    }

    private void show(String id, String text) {
        String line = id + ": " + text;
        if (!moves) {
            out.accept(line + "\n");
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
