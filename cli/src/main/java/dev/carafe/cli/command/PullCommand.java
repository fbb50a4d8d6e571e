package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.PullOptions;
import dev.carafe.oci.Reference;
import java.util.List;
import java.util.Optional;

/** {@code carafe pull}: fetch images from registries. */
final class PullCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe pull", "Fetch images from registries").operands("[OPTIONS] NAME[:TAG|@DIGEST] [NAME...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.SWITCH, 'a', "all-tags", "Fetch every tag of the repository"),
                    Option.of(Type.SWITCH, "all-platforms", "Fetch what an index has for every platform"),
                    Option.of(Type.TEXT, "platform", "Platform to choose from an index: OS/ARCH[/VARIANT]"),
                    ProgressLines.Style.option(), Option.of(Type.SWITCH, 'q', "quiet", "Print only the names that were fetched"))
            .options(RegistryFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        var options = PullOptions.of(RegistryFlags.settings(call, values)).withPlatform(Optional.of(values.text("platform")).filter(p -> !p.isEmpty())).withEvery(values.on("all-platforms"));
        var style = ProgressLines.Style.of(call, values, 1);
        var pulling = new Pulling(call, options, style, call.console()::out);
        return call.each(operands, operand -> {
            if (!values.on("all-tags")) {
                String named = pulling.pull(operand).reference().toString();
                if (style != ProgressLines.Style.JSON) {
                    call.console().out(named + "\n");
                }
                return;
            }
            Reference repository = Reference.parse(operand);
            if (repository.tag().isPresent() || repository.digest().isPresent()) {
                throw Fault.invalid("pull", "\"" + operand + "\"", "tag can't be used with --all-tags/-a");
            }
            for (String tag : call.engine().images().remoteTags(operand, options.settings())) {
                pulling.pull(repository.name() + ":" + tag);
            }
            if (style != ProgressLines.Style.JSON) {
                call.console().out(repository.name() + "\n");
            }
        });
    }
}
