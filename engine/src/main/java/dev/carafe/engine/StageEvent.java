package dev.carafe.engine;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A stage of the timeline as an event of the JDK's flight recorder. */
@Name("dev.carafe.Stage")
@Label("Carafe Stage")
@Category("Carafe")
@StackTrace(false)
final class StageEvent extends Event {
    @Label("Stage")
    String stage = "";
    @Label("Nanoseconds")
    long nanos;

    static void record(String stage, long nanos) {
        var event = new StageEvent();
        event.stage = stage;
        event.nanos = nanos;
        event.commit();
    }
}
