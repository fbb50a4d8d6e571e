package dev.carafe.plan;

import java.util.ArrayList;
import java.util.List;

/** A plan while it is being written: three lists, since monitor and init act at the same time. */
final class Steps {
    private final List<Step> monitor = new ArrayList<>();
    private final List<Step> init = new ArrayList<>();
    private final List<Step> after = new ArrayList<>();

    void monitor(Operation operation, String why, String source) {
        monitor.add(new Step(Actor.MONITOR, operation, why, source));
    }

    void init(Operation operation, String why, String source) {
        init.add(new Step(Actor.INIT, operation, why, source));
    }

    void after(Operation operation, String why, String source) {
        after.add(new Step(Actor.MONITOR_AFTER, operation, why, source));
    }

    Plan plan() {
        var all = new ArrayList<Step>(monitor.size() + init.size() + after.size());
        all.addAll(monitor);
        all.addAll(after);
        all.addAll(init);
        return new Plan(List.copyOf(all));
    }
}
