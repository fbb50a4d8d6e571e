package dev.carafe.engine;

import java.util.ArrayList;
import java.util.List;
import jdk.jfr.FlightRecorder;

/** The stages of one operation with their durations, in the order in which they happened; always recorded, since it costs next to nothing. */
public final class Timeline {
    /** One stage and how long it took. */
    public record Stage(String name, long nanos) {
    }

    private final List<Stage> stages = new ArrayList<>();
    private long since = System.nanoTime();

    /** The stage of that name ends now; it began when the one before ended. */
    public void end(String name) {
        long now = System.nanoTime();
        stages.add(new Stage(name, now - since));
        // The event's class alone would set up the whole recorder.
        if (FlightRecorder.isInitialized()) {
            StageEvent.record(name, now - since);
        }
        since = now;
    }

    public List<Stage> stages() {
        return List.copyOf(stages);
    }

    /** A line for each stage, in milliseconds, and their sum. */
    public String print() {
        var text = new StringBuilder();
        long sum = 0;
        for (Stage stage : stages) {
            sum += stage.nanos();
            line(text, stage.name(), stage.nanos());
        }
        line(text, "total", sum);
        return text.toString();
    }

    private static void line(StringBuilder text, String name, long nanos) {
        String millis = Long.toString(nanos / 1_000_000);
        String fraction = Long.toString(1_000_000 + nanos % 1_000_000).substring(1, 4);
        text.append(name).append(" ".repeat(Math.max(1, 12 - name.length()))).append(" ".repeat(Math.max(0, 6 - millis.length())))
                .append(millis).append('.').append(fraction).append(" ms\n");
    }
}
