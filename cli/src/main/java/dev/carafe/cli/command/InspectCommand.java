package dev.carafe.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.template.Template;
import dev.carafe.cli.template.Value;
import dev.carafe.engine.Container;
import dev.carafe.oci.Json;
import dev.carafe.transport.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code carafe inspect}: everything about containers and images, as JSON or by a template. */
final class InspectCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe inspect", "Print everything about containers and images")
            .operands("[OPTIONS] NAME|ID [NAME|ID...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.TEXT, 'f', "format", "Print by this Go template, or json"),
                    Option.of(Type.SWITCH, 's', "size", "Measure what containers have written"),
                    Option.of(Type.TEXT, "type", "Look only among these: container or image"))
            .build();

    /** Fields of docker's documents whose values are maps: a key that is not there is nothing. */
    private static final Set<String> MAPS = Set.of("Labels", "Volumes", "ExposedPorts", "Networks", "Ports", "PortBindings", "Sysctls", "Tmpfs", "Annotations",
            "StorageOpt", "Data", "Options");
    /** Fields that docker leaves out of a document where there is nothing to say; scripts ask for them all the same. */
    private static final Set<String> ABSENT = Set.of("Health", "Healthcheck", "SizeRw", "SizeRootFs", "StopSignal", "StopTimeout", "Shell", "ExposedPorts",
            "OnBuild", "ArgsEscaped", "NetworkDisabled", "MacAddress", "Annotations", "Mounts", "Tmpfs", "Sysctls", "StorageOpt", "Init", "Name", "Driver",
            "Identity", "Variant", "OsVersion", "Author", "Comment", "Created", "DockerVersion", "Labels", "Volumes", "Descriptor", "ImageManifestDescriptor");

    /** What it looks among unless that is said: container, image, or, when empty, both. */
    private final String usual;

    InspectCommand() {
        this("");
    }

    InspectCommand(String usual) {
        this.usual = usual;
    }

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    /** An operand that carries a transport is skopeo's. */
    @Override
    public int run(Call call) {
        for (String word : call.words()) {
            if (Place.is(word)) {
                return new RemoteInspect().run(call);
            }
        }
        return Command.super.run(call);
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String type = values.given("type") ? values.text("type") : usual;
        if (!type.isEmpty() && !type.equals("container") && !type.equals("image")) {
            throw Fault.invalid("inspect", "type \"" + type + "\"", "expected container or image");
        }
        String format = values.text("format");
        Optional<Template> template = format.isEmpty() || format.equals("json") ? Optional.empty() : Optional.of(Template.parse(format));
        var found = new ArrayList<JsonObject>();
        int status = call.each(operands, operand -> {
            JsonObject document = document(call, operand, type, values.on("size"));
            if (template.isPresent()) {
                call.console().out(template.get().apply(Value.document(document, MAPS, ABSENT)) + "\n");
            } else {
                found.add(document);
            }
        });
        if (template.isEmpty()) {
            var array = new JsonArray();
            found.forEach(array::add);
            call.console().out((format.equals("json") ? Json.compact(array) : Json.pretty(array, "    ")) + "\n");
        }
        return status;
    }

    private static JsonObject document(Call call, String name, String type, boolean size) {
        if (!type.equals("image")) {
            try {
                return container(call, call.engine().containers().find(name), size);
            } catch (Fault missing) {
                if (missing.kind() != Fault.Kind.NOT_FOUND || type.equals("container")) {
                    throw missing;
                }
            }
        }
        try {
            return call.engine().images().inspect(name);
        } catch (Fault missing) {
            if (missing.kind() != Fault.Kind.NOT_FOUND || type.equals("image")) {
                throw missing;
            }
            throw Fault.notFound("find", "\"" + name + "\"", "no such container or image").hint("carafe ps -a and carafe images list them");
        }
    }

    private static JsonObject container(Call call, Container container, boolean size) {
        JsonObject document = container.inspect();
        if (size) {
            long written = container.bytesWritten();
            document.addProperty("SizeRw", written);
            document.addProperty("SizeRootFs", written + call.engine().imageBytes(container));
        }
        return document;
    }
}
