package dev.carafe.plan;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/** Everything that is done to the kernel for one container, in order. Prints as text for people and as JSON for programs. */
public record Plan(List<Step> steps) {
    /** A numbered list: actor, operation, why, the source of the rule, the nearest command and what takes it back. */
    public String print() {
        return print(List.of());
    }

    /** As {@link #print()}, with the nanoseconds that each step took; a list that is shorter than the plan says nothing of the rest. */
    public String print(List<Long> times) {
        var text = new StringBuilder();
        Actor last = null;
        int number = 0;
        for (Step step : steps) {
            number++;
            if (step.actor() != last) {
                last = step.actor();
                text.append(switch (last) {
                    case MONITOR -> "monitor\n";
                    case INIT -> "init\n";
                    case MONITOR_AFTER -> "monitor, after the end\n";
                });
            }
            String numeral = Integer.toString(number);
            text.append(" ".repeat(Math.max(0, 4 - numeral.length()))).append(numeral).append("  ").append(step.operation().text());
            if (number <= times.size()) {
                text.append("  (").append(times.get(number - 1) / 1000).append(" us)");
            }
            text.append('\n');
            text.append("        why   ").append(step.why()).append(" [").append(step.source()).append("]\n");
            step.operation().shell().ifPresent(s -> text.append("        shell ").append(s).append('\n'));
            step.operation().inverse().ifPresent(o -> text.append("        undo  ").append(o.text()).append('\n'));
        }
        return text.toString();
    }

    /** The same as a JSON array of objects. */
    public JsonArray json() {
        var array = new JsonArray();
        int number = 0;
        for (Step step : steps) {
            var object = new JsonObject();
            object.addProperty("step", ++number);
            object.addProperty("actor", step.actor().name().toLowerCase(java.util.Locale.ROOT));
            object.addProperty("kind", step.operation().getClass().getSimpleName());
            object.addProperty("operation", step.operation().text());
            object.addProperty("why", step.why());
            object.addProperty("source", step.source());
            step.operation().shell().ifPresent(s -> object.addProperty("shell", s));
            step.operation().inverse().ifPresent(o -> object.addProperty("undo", o.text()));
            array.add(object);
        }
        return array;
    }
}
