package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code carafe volume import}: the members of an archive into a volume. */
final class VolumeImportCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe volume import", "Add the members of an archive to a volume").operands("VOLUME FILE|-", 2, 2).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String source = operands.getLast();
        call.engine().volumes().find(operands.getFirst());
        if (source.equals("-")) {
            call.engine().volumes().importInto(operands.getFirst(), call.console().in());
            return 0;
        }
        Path file = call.path(source);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            call.engine().volumes().importInto(operands.getFirst(), in);
        } catch (IOException e) {
            throw Fault.notFound("read", "\"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
        }
        return 0;
    }
}
