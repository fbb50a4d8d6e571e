package dev.carafe.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.template.Template;
import dev.carafe.cli.template.Value;
import dev.carafe.engine.Engine;
import dev.carafe.oci.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code carafe volume inspect} and {@code carafe secret inspect}: everything that may be told of them, as JSON or by a template. */
final class DocumentsCommand implements Command {
    /** Finds one by its name. */
    interface Source {
        JsonObject find(Engine engine, String name);
    }

    private final String kind;
    private final Source source;

    DocumentsCommand(String kind, Source source) {
        this.kind = kind;
        this.source = source;
    }

    @Override
    public CommandSpec spec() {
        String word = kind.toUpperCase(Locale.ROOT);
        return CommandSpec.builder("carafe " + kind + " inspect", "Print everything about " + kind + "s").operands("[OPTIONS] " + word + " [" + word + "...]", 1, CommandSpec.ANY)
                .options(Option.of(Type.TEXT, 'f', "format", "Print by this Go template, or json")).build();
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String format = values.text("format");
        Optional<Template> template = format.isEmpty() || format.equals("json") ? Optional.empty() : Optional.of(Template.parse(format));
        var found = new JsonArray();
        int status = call.each(operands, operand -> {
            JsonObject document = source.find(call.engine(), operand);
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
