package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.list.UsageList;
import dev.carafe.cli.list.View;
import dev.carafe.engine.Container;
import dev.carafe.engine.ResourceUsage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code carafe stats}: what containers use, once or as it goes. */
final class StatsCommand implements Command {
    private static final int MILLIS = 1000;
    private static final CommandSpec SPEC = CommandSpec.builder("carafe stats", "Show what containers use").aliases("carafe container stats")
            .operands("[OPTIONS] [CONTAINER...]", 0, CommandSpec.ANY)
            .options(Option.of(Type.SWITCH, 'a', "all", "Show those that do not run as well"),
                    Option.of(Type.TEXT, "format", "Print by this Go template, or table, or json"),
                    Option.of(Type.SWITCH, "no-stream", "Print once, after a second"),
                    Option.of(Type.SWITCH, "no-trunc", "Cut nothing short"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        var view = new View(values.text("format"), false, values.on("no-trunc"), false);
        Map<String, ResourceUsage> before = new HashMap<>();
        containers(call, values, operands).forEach((asked, container) -> before.put(container.id(), container.usage()));
        while (true) {
            try {
                Thread.sleep(MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 1;
            }
            if (call.console().gone()) {
                return 0;
            }
            var uses = new ArrayList<UsageList.Use>();
            Map<String, Container> containers;
            try {
                containers = containers(call, values, operands);
            } catch (Fault removed) {
                // Whoever streams is told when what they asked for is gone.
                if (values.on("no-stream")) {
                    throw removed;
                }
                call.complain(removed);
                return 1;
            }
            containers.forEach((asked, container) -> {
                ResourceUsage now = container.usage();
                ResourceUsage last = before.put(container.id(), now);
                uses.add(new UsageList.Use(asked, container.id(), container.record().name(), now, last == null ? 0 : now.cpuPercent(last)));
            });
            String table = UsageList.print(uses, view);
            if (values.on("no-stream")) {
                call.console().out(table);
                return 0;
            }
            // Written over what is there: each line to its end, then whatever was below.
            call.console().out("\033[H" + table.replace("\n", " \033[K\n") + "\033[J");
        }
    }

    /** By the word that each was asked for, or its id. */
    private static Map<String, Container> containers(Call call, Values values, List<String> operands) {
        var found = new LinkedHashMap<String, Container>();
        for (String operand : operands) {
            found.put(operand, call.engine().containers().find(operand));
        }
        if (operands.isEmpty()) {
            for (Container container : call.engine().containers().list()) {
                if (values.on("all") || container.status().running()) {
                    found.put(container.id(), container);
                }
            }
        }
        return found;
    }
}
