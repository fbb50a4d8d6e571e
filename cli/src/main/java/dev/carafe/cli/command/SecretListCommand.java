package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.list.Filters;
import dev.carafe.cli.list.SecretList;
import dev.carafe.cli.list.View;
import dev.carafe.engine.Secret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** {@code carafe secret ls}: list secrets. */
final class SecretListCommand implements Command {
    private static final List<String> FILTERS = List.of("id", "name");
    private static final CommandSpec SPEC = CommandSpec.builder("carafe secret ls", "List secrets").aliases("carafe secret ls, carafe secret list").operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.FILTER, 'f', "filter", "Show those that fit (id, name)"),
                    Option.of(Type.TEXT, "format", "Print by this Go template, or table, or json"),
                    Option.of(Type.SWITCH, 'n', "noheading", "Leave the first line of a table out"),
                    Option.of(Type.SWITCH, 'q', "quiet", "Print only ids"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Filters filters = Filters.parse(values.list("filter"), FILTERS);
        var rows = new ArrayList<Secret>();
        for (Secret secret : call.engine().secrets().list()) {
            boolean fits = (filters.of("id").isEmpty() || filters.of("id").stream().anyMatch(secret.id()::startsWith))
                    && (filters.of("name").isEmpty() || filters.of("name").stream().anyMatch(secret.name()::contains));
            if (fits) {
                rows.add(secret);
            }
        }
        call.console().out(SecretList.print(rows, new View(values.text("format"), values.on("quiet"), true, false), !values.on("noheading"), Instant.now()));
        return 0;
    }
}
