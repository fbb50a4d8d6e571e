package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code carafe secret create}: keep a secret, from a file, from standard input or from a variable. */
final class SecretCreateCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe secret create", "Keep a secret").operands("[OPTIONS] NAME FILE|-", 2, 2)
            .options(Option.of(Type.TEXT, 'd', "driver", "Secret driver").initially("file"),
                    Option.of(Type.SWITCH, "env", "Read it from the variable of that name"),
                    Option.of(Type.LIST, 'l', "label", "Word for people and tools"))
            .build();
    /** More than the most that is taken. */
    private static final int ENOUGH = 1 << 20;

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        if (!values.text("driver").equals("file")) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "create secret", "\"" + operands.getFirst() + "\"", "there is no secret driver \"" + values.text("driver") + "\"")
                    .hint("the only driver is file");
        }
        var labels = new LinkedHashMap<String, String>();
        for (String label : values.list("label")) {
            int equals = label.indexOf('=');
            labels.put(equals < 0 ? label : label.substring(0, equals), equals < 0 ? "" : label.substring(equals + 1));
        }
        byte[] data = data(call, operands.getLast(), values.on("env"));
        call.console().out(call.engine().secrets().create(operands.getFirst(), data, labels).id() + "\n");
        return 0;
    }

    private static byte[] data(Call call, String source, boolean variable) {
        if (variable) {
            for (Map.Entry<String, String> entry : call.caller().environment().entrySet()) {
                if (entry.getKey().equals(source)) {
                    return entry.getValue().getBytes(StandardCharsets.UTF_8);
                }
            }
            throw Fault.notFound("create secret", "\"" + source + "\"", "environment variable " + source + " is not set");
        }
        if (!source.equals("-")) {
            return call.caller().files().read(call.path(source));
        }
        try {
            return call.console().in().readNBytes(ENOUGH);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "standard input", String.valueOf(e.getMessage())).cause(e);
        }
    }
}
