package dev.carafe.cli.command;

import com.google.gson.JsonObject;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.template.Template;
import dev.carafe.cli.template.Value;
import dev.carafe.oci.Json;
import java.util.List;
import java.util.Set;

/** {@code carafe version}: versions of the client and of the engine, which are one program. */
final class VersionCommand implements Command {
    static final String VERSION = "0.1.0";
    private static final CommandSpec SPEC = CommandSpec.builder("carafe version", "Print versions").operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.TEXT, 'f', "format", "Print by this Go template, or json")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        var one = new JsonObject();
        one.addProperty("Version", VERSION);
        one.addProperty("Os", "linux");
        one.addProperty("Arch", call.engine().host().architecture());
        one.addProperty("KernelVersion", call.engine().host().kernel().toString());
        one.addProperty("JavaVersion", System.getProperty("java.version"));
        var json = new JsonObject();
        json.add("Client", one);
        json.add("Server", one.deepCopy());
        String format = values.text("format");
        if (format.equals("json")) {
            call.console().out(Json.compact(json) + "\n");
        } else if (!format.isEmpty()) {
            call.console().out(Template.parse(format).apply(Value.document(json, Set.of(), Set.of())) + "\n");
        } else {
            call.console().out("Carafe " + VERSION + "\n OS/Arch:  linux/" + call.engine().host().architecture() + "\n Kernel:   "
                    + call.engine().host().kernel() + "\n Java:     " + System.getProperty("java.version") + "\n");
        }
        return 0;
    }
}
