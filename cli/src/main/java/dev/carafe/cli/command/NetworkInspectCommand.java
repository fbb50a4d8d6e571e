package dev.carafe.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.template.Template;
import dev.carafe.cli.template.Value;
import dev.carafe.oci.Json;
import java.util.List;
import java.util.Optional;

/** {@code carafe network inspect}: everything about networks, as JSON or by a template. */
final class NetworkInspectCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe network inspect", "Print everything about networks")
            .operands("[OPTIONS] NETWORK [NETWORK...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.TEXT, 'f', "format", "Print by this Go template, or json")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String format = values.text("format");
        Optional<Template> template = format.isEmpty() || format.equals("json") ? Optional.empty() : Optional.of(Template.parse(format));
        var found = new JsonArray();
        int status = call.each(operands, operand -> {
            JsonObject document = call.engine().containers().inspect(call.engine().networks().find(operand));
            if (template.isPresent()) {
                call.console().out(template.get().apply(Value.of(document)) + "\n");
            } else {
                found.add(document);
            }
        });
        if (template.isEmpty()) {
            call.console().out((format.equals("json") ? Json.compact(found) : Json.pretty(found, "    ")) + "\n");
        }
        return status;
    }
}
