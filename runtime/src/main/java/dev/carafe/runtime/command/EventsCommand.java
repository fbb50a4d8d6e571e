package dev.carafe.runtime.command;

import com.google.gson.JsonObject;
import dev.carafe.base.Durations;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.State;
import dev.carafe.runtime.oci.OciContainer;
import java.time.Duration;
import java.util.List;

/** events: what the container's groups count, once or again and again, and that memory ran out. */
final class EventsCommand implements Command {
    private static final long SLICE_MILLIS = 100;

    @Override
    public String usage() {
        return "events [options] <container-id>";
    }

    @Override
    public List<Option> options() {
        return List.of(Option.value("interval", ' ', "time between two prints, 5s when absent"), Option.flag("stats", ' ', "print once and end"));
    }

    @Override
    public int run(Invocation call, Options options) {
        Invocation.expect("events", options, 1, 1);
        Duration interval = Durations.parse(options.value("interval").orElse("5s"));
        if (interval.isZero() || interval.isNegative()) {
            throw Fault.invalid("use", "--interval", "duration interval must be greater than 0");
        }
        OciContainer container = call.container(options.operands().getFirst());
        if (container.status() == State.Status.STOPPED) {
            throw Fault.of(Fault.Kind.CONFLICT, "watch", "container \"" + container.id() + "\"", "container with id " + container.id() + " is not running");
        }
        if (options.flag("stats")) {
            print(call, container, "stats");
            return 0;
        }
        long killed = container.outOfMemoryKills();
        long next = System.nanoTime() + interval.toNanos();
        while (container.status() != State.Status.STOPPED) {
            pause(Math.min(SLICE_MILLIS, interval.toMillis() + 1));
            long now = container.outOfMemoryKills();
            for (; killed < now; killed++) {
                print(call, container, "oom");
            }
            if (System.nanoTime() - next >= 0) {
                print(call, container, "stats");
                next += interval.toNanos();
            }
        }
        return 0;
    }

    private static void print(Invocation call, OciContainer container, String type) {
        var event = new JsonObject();
        event.addProperty("type", type);
        event.addProperty("id", container.id());
        if (type.equals("stats")) {
            event.add("data", container.stats());
        }
        call.caller().out(Json.compact(event) + "\n");
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(Fault.Kind.CANCELLED, "watch", "container", "interrupted");
        }
    }
}
