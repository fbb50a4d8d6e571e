package dev.carafe.cli.command;

import com.google.gson.JsonArray;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Container;
import dev.carafe.oci.Json;
import dev.carafe.plan.Plan;
import java.util.List;

/** {@code carafe explain}: the plan that started a container, with the time that each operation took. */
final class ExplainCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe explain", "Print the plan that started a container, with the time of each step")
            .operands("[OPTIONS] CONTAINER", 1, 1).options(Option.of(Type.TEXT, "format", "text or json").initially("text")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Container container = call.engine().containers().find(operands.getFirst());
        Plan plan = container.plan();
        List<Long> times = container.times();
        if (values.text("format").equals("json")) {
            JsonArray steps = plan.json();
            for (int k = 0; k < times.size(); k++) {
                steps.get(k).getAsJsonObject().addProperty("nanoseconds", times.get(k));
            }
            call.console().out(Json.pretty(steps, "  ") + "\n");
        } else {
            call.console().out(plan.print(times));
        }
        return 0;
    }
}
