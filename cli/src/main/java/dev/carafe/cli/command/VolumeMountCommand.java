package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.List;

/** {@code carafe volume mount} and {@code volume unmount}, of podman: a volume's file system on the host, for as long as somebody wants it. */
final class VolumeMountCommand implements Command {
    private final boolean mounts;

    VolumeMountCommand(boolean mounts) {
        this.mounts = mounts;
    }

    @Override
    public CommandSpec spec() {
        return mounts ? CommandSpec.builder("carafe volume mount", "Mount volumes, and print where they are").operands("VOLUME [VOLUME...]", 1, CommandSpec.ANY).build()
                : CommandSpec.builder("carafe volume unmount", "Unmount volumes that were mounted by hand").aliases("carafe volume unmount, carafe volume umount")
                        .operands("VOLUME [VOLUME...]", 1, CommandSpec.ANY).build();
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        return call.each(operands, operand -> {
            if (mounts) {
                call.console().out(call.engine().volumes().mount(operand) + "\n");
            } else {
                call.engine().volumes().unmount(operand);
                call.console().out(operand + "\n");
            }
        });
    }
}
