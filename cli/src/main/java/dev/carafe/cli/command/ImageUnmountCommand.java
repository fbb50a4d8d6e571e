package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.ImageMounts;
import java.util.List;

/** {@code carafe image unmount}, of podman. */
final class ImageUnmountCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe image unmount", "Take the mounts of images away").operands("[OPTIONS] [IMAGE...]", 0, CommandSpec.ANY)
            .options(Option.of(Type.SWITCH, 'a', "all", "All that are mounted"), Option.of(Type.SWITCH, 'f', "force", "Also while somebody is in them")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        ImageMounts mounts = call.engine().imageMounts();
        if (values.on("all") != operands.isEmpty()) {
            throw Fault.invalid("image unmount", "", "expected images, or --all");
        }
        if (values.on("all")) {
            mounts.unmountAll(values.on("force")).forEach(id -> call.console().out(id.hex() + "\n"));
            return 0;
        }
        return call.each(operands, operand -> call.console().out(mounts.unmount(operand, values.on("force")).hex() + "\n"));
    }
}
