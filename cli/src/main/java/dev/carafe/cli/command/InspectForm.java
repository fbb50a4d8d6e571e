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

/** A command that prints the documents of things of one kind, as JSON or by a template: {@code carafe network inspect}, {@code carafe volume inspect}, {@code carafe secret inspect}. */
final class InspectForm implements Command {
    private final CommandSpec spec;
    private final Source source;

    /** Where a document is found. */
    interface Source {
        JsonObject document(Call call, String operand);
    }

    /** @param kind of thing, such as {@code network} */
    InspectForm(String kind, Source source) {
        String operand = kind.toUpperCase(java.util.Locale.ROOT);
        this.spec = CommandSpec.builder("carafe " + kind + " inspect", "Print everything about " + kind + "s")
                .operands("[OPTIONS] " + operand + " [" + operand + "...]", 1, CommandSpec.ANY)
                .options(Option.of(Type.TEXT, 'f', "format", "Print by this Go template, or json")).build();
        this.source = source;
    }

    static InspectForm ofNetworks() {
        return new InspectForm("network", (call, operand) -> call.engine().containers().inspect(call.engine().networks().find(operand)));
    }

    static InspectForm ofVolumes() {
        return new InspectForm("volume", (call, operand) -> call.engine().volumes().find(operand).json());
    }

    static InspectForm ofSecrets() {
        return new InspectForm("secret", (call, operand) -> call.engine().secrets().find(operand).json());
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String format = values.text("format");
        Optional<Template> template = format.isEmpty() || format.equals("json") ? Optional.empty() : Optional.of(Template.parse(format));
        var found = new JsonArray();
        int status = call.each(operands, operand -> {
            JsonObject document = source.document(call, operand);
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
