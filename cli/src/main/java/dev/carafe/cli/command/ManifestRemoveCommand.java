package dev.carafe.cli.command;

import dev.carafe.base.Digest;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe manifest remove}: takes a manifest out of a list. */
final class ManifestRemoveCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe manifest remove", "Take a manifest out of a list").operands("LIST DIGEST|IMAGE", 2, 2).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Digest digest = call.engine().images().lists().remove(operands.getFirst(), operands.get(1));
        call.console().out(digest.hex() + "\n");
        return 0;
    }
}
