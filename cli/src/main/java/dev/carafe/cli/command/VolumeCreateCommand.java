package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.VolumeOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code carafe volume create}: make a volume. */
final class VolumeCreateCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe volume create", "Make a volume").operands("[OPTIONS] [VOLUME]", 0, 1)
            .options(Option.of(Type.TEXT, 'd', "driver", "Volume driver").initially("local"),
                    Option.of(Type.LIST, "label", "Word for people and tools"),
                    Option.of(Type.TEXT, "name", "").placeholder("string"),
                    Option.of(Type.LIST, 'o', "opt", "Option for the driver (type=, device=, o=)").placeholder("map"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        if (values.given("name") && !operands.isEmpty()) {
            throw Fault.invalid("create volume", "\"" + operands.getFirst() + "\"", "conflicting options: cannot specify a volume-name through both --name and a positional arg");
        }
        Optional<String> name = (operands.isEmpty() ? values.textIfGiven("name") : Optional.of(operands.getFirst())).filter(text -> !text.isEmpty());
        call.console().out(call.engine().volumes().create(new VolumeOptions(name, values.text("driver"), map(values.list("opt")), map(values.list("label"))))
                .name() + "\n");
        return 0;
    }

    private static Map<String, String> map(List<String> words) {
        var map = new LinkedHashMap<String, String>();
        for (String word : words) {
            int equals = word.indexOf('=');
            map.put(equals < 0 ? word : word.substring(0, equals), equals < 0 ? "" : word.substring(equals + 1));
        }
        return map;
    }
}
