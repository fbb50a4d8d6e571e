package dev.carafe.runtime.command;

import dev.carafe.base.Fault;
import java.util.List;

/** checkpoint and restore, which this runtime refuses: engines ask by these names, and by the features document, whether it can. */
final class CheckpointCommand implements Command {
    private final String name;

    CheckpointCommand(String name) {
        this.name = name;
    }

    @Override
    public String usage() {
        return name + " <container-id>: refused, since this runtime does not save the memory of containers";
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    /** Whatever is asked for in detail, the answer is the same. */
    @Override
    public int stopsAt() {
        return 0;
    }

    @Override
    public int run(Invocation call, Options options) {
        throw Fault.of(Fault.Kind.UNSUPPORTED, name, options.operands().isEmpty() ? "container" : "container \"" + options.operands().getLast() + "\"",
                "this runtime does not save the memory of containers").hint("use runc with criu for this container");
    }
}
