package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.ImageMounts;
import java.util.List;

/** {@code carafe image mount}, of podman: images as directories of this host, to be read only. */
final class ImageMountCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe image mount", "Mount images to look at their files").operands("[IMAGE...]", 0, CommandSpec.ANY).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        ImageMounts mounts = call.engine().imageMounts();
        if (operands.isEmpty()) {
            mounts.list().forEach(each -> call.console().out(each.id().abbreviated() + " " + each.path() + "\n"));
            return 0;
        }
        return call.each(operands, operand -> call.console().out(mounts.mount(operand) + "\n"));
    }
}
